"""Directory: what a community has, listed by the people who run it and looked at by a champion."""

from flask import Flask

from asset_hub.directory import commands, models

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the pages and the commands."""
    commands.init_app(app)
