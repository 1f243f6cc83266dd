"""Interop: what other directories hold, read in; one module for each format."""

from flask import Flask

from asset_hub.interop import commands


def init_app(app: Flask) -> None:
    """Add `flask directory import`."""
    commands.init_app(app)
