"""What is done with connections. Every function needs a session; none commits."""

from asset_hub.connections.service import mails
from asset_hub.connections.service.drafts import empty_draft, forget_drafts, keep_draft
from asset_hub.connections.service.keeping import (
    keep_person,
    let_go,
    reassign,
    withdraw_agreement,
)
from asset_hub.connections.service.making import ask, connect_new, make
from asset_hub.connections.service.replies import answer, record_answer, want_to_wait
from asset_hub.connections.service.steps import (
    browse,
    close,
    introduce,
    look_again,
    look_at,
    move,
    promise,
    reopen,
)

__all__ = [
    "answer",
    "ask",
    "browse",
    "close",
    "connect_new",
    "empty_draft",
    "forget_drafts",
    "introduce",
    "keep_draft",
    "keep_person",
    "let_go",
    "look_again",
    "look_at",
    "mails",
    "make",
    "move",
    "promise",
    "reassign",
    "record_answer",
    "reopen",
    "want_to_wait",
    "withdraw_agreement",
]
