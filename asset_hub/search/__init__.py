"""Search: finding support by words, topic and distance, as a list and as a view of a map."""

from flask import Flask

from asset_hub.search import text, views

__all__ = ["init_app", "text"]


def init_app(app: Flask) -> None:
    """Add the home page and the pages and answers of finding."""
    app.register_blueprint(views.bp)
