"""Demo: Averholme, an invented town in which everything is going on, dated relative to today."""

from flask import Flask

from asset_hub.demo import commands


def init_app(app: Flask) -> None:
    """Add `flask demo fill`."""
    commands.init_app(app)
