"""Pages of the directory."""

from asset_hub.directory.views import (
    away,
    checking,
    editing,
    group,
    keeping,
    photo,
    queue,
    room,
    sections,
    topics,
    where,
    wizard,
)
from asset_hub.directory.views.blueprint import bp

__all__ = [
    "away",
    "bp",
    "checking",
    "editing",
    "group",
    "keeping",
    "photo",
    "queue",
    "room",
    "sections",
    "topics",
    "where",
    "wizard",
]
