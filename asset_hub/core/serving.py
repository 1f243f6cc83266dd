"""What stands between a web server and the site: proxies that are trusted, static files."""

from datetime import timedelta
from wsgiref.headers import Headers

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from asset_hub.core.pages import STATIC_HEADERS

KEPT = timedelta(days=30)  # safe because `asset()` changes the address when the file changes


def init_app(app: Flask) -> None:
    """Serve static files before Flask is asked, and believe as many proxies as the settings say."""
    count = app.extensions["settings"].proxies
    site = ProxyFix(app.wsgi_app, count, count, count) if count else app.wsgi_app
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        site,
        root=app.static_folder,
        prefix="static/",
        max_age=int(KEPT.total_seconds()),
        add_headers_function=_harden,
    )


def _harden(headers: Headers, _path: str, _url: str) -> None:
    for name, value in STATIC_HEADERS.items():
        headers[name] = value
