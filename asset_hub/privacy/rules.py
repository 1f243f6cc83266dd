"""How long a link lasts, when a wish is due, and every table that can reach a person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from asset_hub.core.calendar import is_working_day
from asset_hub.core.errors import RuleBroken

LINK_LASTS = timedelta(days=30)
ANSWERED_IN = timedelta(weeks=4)
DIGITS = 4


@dataclass(frozen=True)
class Held:
    """What happens to a table's rows when a person asks to see, or to be erased."""

    shown: str  # how it appears in the person's own copy
    erased: str  # what becomes of it when they are erased


# Every table with a way to a person, by foreign keys. A test compares it with the schema.
HELD: dict[str, Held] = {
    "person": Held("in full", "emptied of every word; the row stays, so that numbers still add up"),
    "consent": Held("in full", "withdrawn and kept: proof of what was agreed, without a name"),
    "need": Held("in full", "deleted"),
    "person_block": Held("how many, not who: it protects them from each other", "deleted"),
    "connection": Held("in full", "emptied of every word; the row stays for the numbers"),
    "connection_event": Held("in full", "emptied of its words; the steps stay"),
    "connection_draft": Held("not: nobody has sent it, and it is gone in a day", "deleted"),
    "reply_link": Held("as the steps of the connection", "ended"),
    "follow_up": Held("as what is still to come", "dropped when the connection ends"),
    "attempt": Held("in full", "emptied of its words"),
    "reminder": Held("not: that the keeper was reminded of a date", "stays, without a word"),
    "own_link": Held("as when it was made", "ended"),
    "own_request": Held("in full", "emptied of its words; that it was answered stays"),
}


def due_on(today: date) -> date:
    """Return the last working day of four weeks: within a month, whichever month it is.

    UK GDPR article 12(3); the Information Commissioner advises 28 days for that reason.
    """
    last = today + ANSWERED_IN
    return next(day for back in range(28) if is_working_day(day := last - timedelta(days=back)))


def proof_of(phone: str) -> str:
    """Return the digits that whoever holds a person's link is asked for; "" when we know none."""
    digits = "".join(filter(str.isdigit, phone))
    return digits[-DIGITS:] if len(digits) >= DIGITS else ""


def is_proven(given: str, wanted: str) -> bool:
    """Return whether somebody knows the last digits of the person's own number, if we have one.

    Who types the whole number knows its end, too.
    """
    return not wanted or proof_of(given) == wanted


def must_be_proven(given: str, wanted: str) -> None:
    """Refuse whoever does not know them."""
    if wanted and not given.strip():
        raise RuleBroken("Enter the last four digits of your phone number", field="digits")
    if not is_proven(given, wanted):
        raise RuleBroken(
            "These are not the last four digits of the phone number we have", field="digits"
        )


def must_say_something(words: str, *, needs_words: bool) -> None:
    """Refuse a correction or a question without words."""
    if needs_words and not words.strip():
        raise RuleBroken("Write what is wrong, missing or unclear", field="words")


def must_be_waiting(answered_at: datetime | None) -> None:
    """Refuse to answer, or to do, what somebody has answered."""
    if answered_at is not None:
        raise RuleBroken("Somebody has answered this already.")
