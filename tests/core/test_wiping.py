"""Letters that are done with keep nobody's address."""

from datetime import timedelta

from sqlmodel import Session, select

from asset_hub.core import jobs, outbox, wiping
from asset_hub.core.outbox import Message, MessageState
from tests.cast import NOW


def letter(session: Session, cause: str, state: MessageState, *, days: int = 0) -> Message:
    then = NOW - timedelta(days=days)
    outbox.post(session, "x", to="jo@example.org", cause=cause, now=then, facts={"token": "t"})
    found = session.exec(select(Message).where(Message.cause == cause)).one()
    found.state = state
    session.commit()
    return found


def kept(session: Session, *letters: Message) -> list[str]:
    session.expire_all()
    return [one.to for one in letters]


def test_a_month_after_it_left_nobody_knows_to_whom_but_what_still_leaves_is_kept(
    session: Session,
) -> None:
    old = letter(session, "old", MessageState.SENT, days=32)
    withheld = letter(session, "withheld", MessageState.WITHHELD, days=32)
    young = letter(session, "young", MessageState.SENT, days=20)
    waits = letter(session, "waits", MessageState.DUE, days=40)
    parked = letter(session, "parked", MessageState.PARKED, days=40)
    jobs.tidy()
    there = "jo@example.org"
    assert kept(session, old, withheld, young, waits, parked) == ["", "", there, there, there]
    assert old.facts == {}


def test_what_is_over_is_forgotten_at_once_and_leaves_no_more(session: Session) -> None:
    sent, due = (letter(session, n, MessageState(n)) for n in ("sent", "due"))
    other = letter(session, "other", MessageState.DUE)
    for cause in ("sent", "due"):
        wiping.forget_letters(session, cause)
    assert kept(session, sent, due, other) == ["", "", "jo@example.org"]
    assert (sent.state, due.state) == (MessageState.SENT, MessageState.WITHHELD)
