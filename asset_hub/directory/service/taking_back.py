"""A champion pressed the wrong button: "I visited", "I rang" is taken back on the same day.

What the word changed goes back to what it was, wherever it still is as the word left it. What
somebody else has said since stands.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, select

from asset_hub.accounts.models import Account
from asset_hub.core import audit, db
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries
from asset_hub.directory.models import (
    Asks,
    ChangeRequest,
    ChangeState,
    Service,
    Sign,
    Signal,
    Standing,
    Step,
    Upkeep,
    WordGiven,
)
from asset_hub.directory.service import upkeep
from asset_hub.directory.service.moving import lock, move, remember
from asset_hub.directory.service.publishing import freshen, withdraw

TOO_LATE = "This can only be taken back on the same day, while the listing is listed."
Before = dict[str, Any]


def as_it_stands(session: Session, service: Service, reports: Sequence[ChangeRequest]) -> Before:
    """Return all that a word is about to change, as plain values to keep beside it."""
    row = queries.upkeep(session, service)
    signs = select(Signal).where(Signal.service_id == service.id, Signal.sign == Sign.REPORTED_GONE)
    causes = {f"change:{change.id}": str(change.id) for change in reports}
    heard = [sign for sign in session.exec(signs) if sign.cause in causes]
    return {
        "standing": service.standing.value,
        "confirmed_at": _said(service.confirmed_at),
        "confirmed_by": service.confirmed_by,
        "alive_at": _said(service.alive_at),
        "step": row and {
            "step": row.step.value, "due_on": row.due_on and row.due_on.isoformat(),
            "since": row.since.isoformat(), "tries": row.tries,
        },
        "reports": [str(change.id) for change in reports],
        "heard": [sign.model_dump(mode="json") for sign in heard],
    }  # fmt: skip


def note_word(
    session: Session, service: Service, sign: Sign, before: Before, *, by: UUID, now: datetime
) -> None:
    """Keep how a listing stood before somebody's word about it."""
    word = WordGiven(service_id=service.id, by_id=by, sign=sign, at=now, before=before)
    session.add(word)
    session.flush()


def take_back_word(session: Session, service: Service, *, by: Account, now: datetime) -> None:
    """Take back what somebody said today of a listing; raise RuleBroken when it is too late."""
    lock(session, service.id)
    session.refresh(service)
    said = queries.words_given(session, by.id, now=now, service=service.id)
    if not said:
        raise RuleBroken(TOO_LATE)
    word = said[0]
    word.taken_back_at = now
    session.flush()
    table: Any = Signal
    cause = word_cause(word.sign, service.id, word.at)
    session.exec(delete(table).where(table.cause == cause))
    if later := queries.words_after(session, word):
        _hand_on(word, later[0])
    _put_back(session, service, word, by=by, now=now)
    _keep(session, service, by=by, now=now)


def word_cause(sign: Sign, service_id: UUID, at: datetime) -> str:
    """Return the cause of the sign of life that a word is."""
    return f"{sign}:{service_id}:{at.isoformat()}"


def settle_word(session: Session, key: UUID) -> None:
    """Forget how a listing stood before a word that nobody can take back any more."""
    if word := session.get(WordGiven, key):
        word.before = {}


def _hand_on(word: WordGiven, later: WordGiven) -> None:
    """Let a later word remember what stood before the one that is taken back."""
    both = {key: word.before[key] + later.before[key] for key in ("reports", "heard")}
    later.before = {**later.before, **word.before, **both}


def _put_back(
    session: Session, service: Service, word: WordGiven, *, by: Account, now: datetime
) -> None:
    before = word.before
    stands = service.confirmed_at == word.at  # nobody has confirmed it since
    values: dict[str, Any] = {}
    if service.alive_at == word.at:
        values["alive_at"] = _read(before["alive_at"])
    if stands:
        values |= {
            "confirmed_at": _read(before["confirmed_at"]),
            "confirmed_by": before["confirmed_by"],
        }
    if values:
        table: Any = Service
        change = update(table).where(table.id == service.id).values(**values)
        session.exec(change.execution_options(synchronize_session=False))
        session.refresh(service, list(values))
    if stands:
        _doubt_again(session, service, word)
        _on_its_step(session, service, before["step"], word)
        _hide_again(session, service, before["standing"])
    freshen(session, [service.id], now=now)


def _doubt_again(session: Session, service: Service, word: WordGiven) -> None:
    """Let reports wait again that the word had answered, and count again."""
    for key in map(UUID, word.before["reports"]):
        change = session.get(ChangeRequest, key)
        answered = (ChangeState.SUPERSEDED, word.at)
        if change and change.asks is Asks.GONE and (change.state, change.decided_at) == answered:
            change.state = ChangeState.WAITING
            change.decided_at, change.decided_by_id = None, None
            session.flush()
    for sign in word.before["heard"]:
        db.claim(session, Signal.model_validate({**sign, "service_id": service.id}))


def _on_its_step(
    session: Session, service: Service, before: dict[str, Any] | None, word: WordGiven
) -> None:
    row = queries.upkeep(session, service)
    if row is None or (row.step, row.since) != (Step.QUIET, word.at):
        return  # the ladder has gone on since
    if before is None:
        upkeep.rest(session, service.id)
        return
    due = before["due_on"] and date.fromisoformat(before["due_on"])
    table: Any = Upkeep
    values = {"step": Step(before["step"]), "due_on": due, "tries": before["tries"]}
    change = update(table).where(table.service_id == service.id)
    change = change.values(since=_read(before["since"]), **values)
    session.exec(change.execution_options(synchronize_session=False))


def _hide_again(session: Session, service: Service, before: str) -> None:
    hidden = before == Standing.HIDDEN.value
    if hidden and move(session, service, before=Standing.LISTED, to=Standing.HIDDEN):
        withdraw(session, service)


def _keep(session: Session, service: Service, *, by: Account, now: datetime) -> None:
    remember(session, service, by=by.id, now=now)
    audit.note(session, "take back", service, by=by.id, now=now)


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
