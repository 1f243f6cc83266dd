"""Pages of the directory."""

from asset_hub.directory.views import (
    changes,
    claiming,
    editing,
    group,
    history,
    keeping,
    queue,
    suggesting,
    watching,
    wizard,
)
from asset_hub.directory.views.blueprint import bp

__all__ = [
    "bp",
    "changes",
    "claiming",
    "editing",
    "group",
    "history",
    "keeping",
    "queue",
    "suggesting",
    "watching",
    "wizard",
]
