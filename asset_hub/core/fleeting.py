"""Kinds of messages of which nothing remembers, once they have left, to whom they went."""

from typing import Any

from sqlalchemy import case

_KINDS: set[str] = set()


def fleeting(kind: str) -> None:
    """Declare that a kind's address and facts are wiped from its row once it has left.

    For what a visitor sends to somebody without an account.
    """
    _KINDS.add(kind)


def wiped(table: Any) -> dict[str, Any]:
    """Return what becomes of the sealed columns of a message that is done with."""
    gone = table.kind.in_(sorted(_KINDS))
    names = ("to_sealed", "facts_sealed")
    return {name: case((gone, None), else_=getattr(table, name)) for name in names}
