"""What is done with connections. Every function needs a session; none commits."""

from asset_hub.connections.service import mails
from asset_hub.connections.service.drafts import empty_draft, forget_drafts, keep_draft
from asset_hub.connections.service.hello import (
    alike,
    ask_for_hello,
    decline,
    forget_hellos,
    hello_progress,
    look_over_hellos,
    remind,
    take,
    take_back,
    to_decline,
)
from asset_hub.connections.service.keeping import (
    keep_out,
    keep_person,
    let_go,
    note_death,
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
    "alike",
    "answer",
    "ask",
    "ask_for_hello",
    "browse",
    "close",
    "connect_new",
    "decline",
    "empty_draft",
    "forget_drafts",
    "forget_hellos",
    "hello_progress",
    "introduce",
    "keep_draft",
    "keep_out",
    "keep_person",
    "let_go",
    "look_again",
    "look_at",
    "look_over_hellos",
    "mails",
    "make",
    "move",
    "note_death",
    "promise",
    "reassign",
    "record_answer",
    "remind",
    "reopen",
    "take",
    "take_back",
    "to_decline",
    "want_to_wait",
    "withdraw_agreement",
]
