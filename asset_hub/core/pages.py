"""What every page has in common: headers, nonce, navigation, addresses of static files."""

import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from asset_hub.config import ROOT, current_settings
from asset_hub.core import calendar, clock
from asset_hub.core.access import allows, me, places
from asset_hub.core.powers import Can

csrf = CSRFProtect()
LONGEST_ADDRESS = 2000
NOBODY = "'none'"


@dataclass(frozen=True)
class Room:
    """A place in the signed-in person's navigation, shown to those who hold the power."""

    label: str
    endpoint: str
    power: Can | None
    order: int
    column: str = ""  # shown only to those whose power reaches a place of this kind, when given

    def is_open_to(self, account: Any) -> bool:
        """Return whether somebody who is signed in may enter."""
        if self.power is None or not self.column:
            return self.power is None or allows(account, self.power)
        return bool(places(account, self.power, self.column))

    @property
    def url(self) -> str:
        """Return the room's address."""
        return url_for(self.endpoint)

    @property
    def current(self) -> bool:
        """Return whether the reader is in this room now."""
        return request.path.startswith(self.url)


_ROOMS: dict[str, Room] = {}


def room(label: str, endpoint: str, power: Can | None, *, order: int, column: str = "") -> None:
    """Add a place to the navigation; a capability calls this in its init_app."""
    _ROOMS[endpoint] = Room(label, endpoint, power, order, column)


def navigation() -> list[Room]:
    """Return the rooms the signed-in person may enter."""
    if not current_user.is_authenticated:
        return []
    mine = [room for room in _ROOMS.values() if room.is_open_to(me())]
    return sorted(mine, key=lambda r: r.order)


def csp_nonce() -> str:
    """Return this answer's nonce."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


@lru_cache(maxsize=256)
def _stamp(path: str) -> str:
    file = ROOT / "static" / path
    return sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else ""


def asset(path: str) -> str:
    """Return the address of a static file, which changes when the file does."""
    return url_for("static", filename=path, v=_stamp(path))


def policy(*, forms: str = "'self'", framed_by: str = NOBODY) -> str:
    """Return the Content-Security-Policy: nothing from elsewhere but the tile host, if set."""
    tiles = current_settings().tile_url
    at = urlsplit(tiles)
    host = f" {at.scheme}://{at.netloc.replace('{s}', '*')}" if at.scheme else ""
    nonce = f"'nonce-{csp_nonce()}'"
    return (
        f"default-src 'none'; script-src 'self' {nonce}; style-src 'self' {nonce}; "
        f"img-src 'self' data:{host}; font-src 'self'; connect-src 'self'; form-action {forms}; "
        f"manifest-src 'self'; base-uri 'none'; frame-ancestors {framed_by}"
    )


class Framed(Response):
    """A page that may stand inside another site's."""


def framed(text: str, *, by: str) -> Response:
    """Return a page that other sites may place inside theirs; it sends no form anywhere."""
    response = Response(text) if by == NOBODY else Framed(text)
    response.headers["Content-Security-Policy"] = policy(forms="'none'", framed_by=by)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def init_app(app: Flask) -> None:
    """Add the headers and what every template may call."""
    csrf.init_app(app)
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([app.jinja_loader, components])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce, asset=asset, navigation=navigation, today=clock.today
    )
    app.jinja_env.globals.update(
        site_name=app.extensions["settings"].site_name, demo=app.extensions["settings"].demo
    )
    for say in (calendar.say_date, calendar.say_time, calendar.say_moment):
        app.jinja_env.filters[say.__name__] = say
    app.before_request(_must_be_an_address)
    app.after_request(_harden)


def _must_be_an_address() -> None:
    # PostgreSQL refuses a text with NUL in it, so such an address is nothing's.
    if "\x00" in request.path:
        abort(404)


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy())
    for name, value in STATIC_HEADERS.items():
        if name != "X-Frame-Options" or not isinstance(response, Framed):
            headers.setdefault(name, value)
    if current_settings().production:
        headers.update(SAFER)
    reader = g.get("_login_user")  # whoever was asked for already: a broken database is not asked
    if reader is not None and reader.is_authenticated:
        headers["Cache-Control"] = "private, no-store"
    return response


STATIC_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFER = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}  # in production


def safe_next(text: str) -> str | None:
    """Return an address on this site, or None for anything that could lead elsewhere."""
    inside = re.fullmatch(r"/(?!/)[^\\\x00-\x1f\x7f]*", text)  # browsers read \ as /
    return text if inside and len(text) <= LONGEST_ADDRESS else None
