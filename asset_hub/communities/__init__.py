"""Communities."""

from flask import Flask

from asset_hub.communities import models

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add nothing yet."""
