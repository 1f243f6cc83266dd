"""Pages of the directory."""

from asset_hub.directory.views import (
    editing,
    group,
    keeping,
    photo,
    queue,
    room,
    sections,
    where,
    wizard,
)
from asset_hub.directory.views.blueprint import bp

__all__ = [
    "bp",
    "editing",
    "group",
    "keeping",
    "photo",
    "queue",
    "room",
    "sections",
    "where",
    "wizard",
]
