"""Accounts."""

from flask import Flask

from asset_hub.accounts import models

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add nothing yet."""
