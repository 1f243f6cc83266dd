"""Pages of the directory."""

from asset_hub.directory.views import (
    away,
    checking,
    duplicates,
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
    "duplicates",
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
