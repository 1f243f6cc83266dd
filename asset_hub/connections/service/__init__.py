"""What is done with connections. Every function needs a session; none commits."""

from asset_hub.connections.service.keeping import (
    keep_person,
    let_go,
    reassign,
    withdraw_agreement,
)
from asset_hub.connections.service.making import ask, make
from asset_hub.connections.service.replies import answer, record_answer
from asset_hub.connections.service.steps import (
    close,
    introduce,
    look_at,
    move,
    promise,
    reopen,
)

__all__ = [
    "answer",
    "ask",
    "close",
    "introduce",
    "keep_person",
    "let_go",
    "look_at",
    "make",
    "move",
    "promise",
    "reassign",
    "record_answer",
    "reopen",
    "withdraw_agreement",
]
