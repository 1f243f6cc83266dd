"""What is done with people. Every look and change leaves its audit row in the same transaction."""

from asset_hub.people.service.adding import add_person, change
from asset_hub.people.service.agreeing import (
    agree,
    withdraw,
    words_for_both,
    words_online,
    words_read,
    words_to_read,
)
from asset_hub.people.service.keeping import give, keep_out, let_in, mark_alive, mark_died
from asset_hub.people.service.knowing import (
    add_need,
    drop_need,
    learn_to_talk,
    learn_what_matters,
    settle_need,
)
from asset_hub.people.service.looking import browse, look_alikes, look_at, note_search

__all__ = [
    "add_need",
    "add_person",
    "agree",
    "browse",
    "change",
    "drop_need",
    "give",
    "keep_out",
    "learn_to_talk",
    "learn_what_matters",
    "let_in",
    "look_alikes",
    "look_at",
    "mark_alive",
    "mark_died",
    "note_search",
    "settle_need",
    "withdraw",
    "words_for_both",
    "words_online",
    "words_read",
    "words_to_read",
]
