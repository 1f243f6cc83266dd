"""Finding listings that may be the same group, and saying that two are different."""

from collections.abc import Collection
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, SQLModel

from asset_hub.accounts.models import Account
from asset_hub.core import audit, db, ids
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries
from asset_hub.directory.models import Duplicate, DuplicateState, Service
from asset_hub.directory.rules import doubles as alike

KEY = SQLModel.metadata.tables["service_key"]
ROWS = 900  # of one insert: PostgreSQL and SQLite limit the values of a statement

Pair = tuple[UUID, UUID]


def forget_keys(session: Session, service_id: UUID, *, changed: Collection[str]) -> None:
    """Let a listing be compared again when something in it changed."""
    if changed:
        session.connection().execute(delete(KEY).where(KEY.c.service_id == service_id))


def look(session: Session, keys: Collection[UUID], *, now: datetime) -> int:
    """Write what some services may be found by, and every pair that may be one; return how many.

    A pair is found when the second of the two is looked at. One that was decided stays decided,
    unless both listings have become others since.
    """
    known = queries.known_many(session, keys)
    mine = {key: alike.keys_of(one) for key, one in known.items()}
    _write_keys(session, mine)
    every = {key for found in mine.values() for key in found}
    sharers = queries.sharing(session, every)
    pairs = _candidates(mine, sharers)
    known |= queries.known_many(session, {key for pair in pairs for key in pair} - set(known))
    found = {}
    for (one, other), shared in pairs.items():
        if queries.is_near(known[one], known[other]):
            how = alike.likeness(known[one], known[other], shared)
            if how.score >= alike.FOUND:
                found[one, other] = how
    for pair, how in found.items():
        _note(session, pair, how, now)
    return len(found)


def _write_keys(session: Session, mine: dict[UUID, set[str]]) -> None:
    rows = [{"service_id": key, "key": one} for key, found in mine.items() for one in sorted(found)]
    write: Any = db.INSERT[session.get_bind().dialect.name]
    for start in range(0, len(rows), ROWS):
        chunk = rows[start : start + ROWS]
        session.connection().execute(write(KEY).on_conflict_do_nothing(), chunk)


def _candidates(mine: dict[UUID, set[str]], sharers: dict[UUID, set[str]]) -> dict[Pair, set[str]]:
    """Return the pairs with one of mine in them that share a key, and the keys they share."""
    by_key: dict[str, list[UUID]] = {}
    for service_id, found in sharers.items():
        for key in found:
            by_key.setdefault(key, []).append(service_id)
    pairs: dict[Pair, set[str]] = {}
    for key, holders in by_key.items():
        for left, right in combinations(holders, 2):
            if left in mine or right in mine:
                pairs.setdefault(_ordered(left, right), set()).add(key)
    return pairs


def _ordered(left: UUID, right: UUID) -> Pair:
    return (left, right) if left < right else (right, left)


def _note(session: Session, pair: Pair, how: alike.Likeness, now: datetime) -> Duplicate:
    """Write down a pair, or that it is still one; what was decided stays, mostly."""
    table: Any = Duplicate
    values = {"id": ids.new(), "version": 1, "one_id": pair[0], "other_id": pair[1],
              "score": how.score, "reasons": how.reasons, "state": DuplicateState.OPEN,
              "found_at": now, "decided_on": {}}  # fmt: skip
    write = db.INSERT[session.get_bind().dialect.name](table).values(values)
    session.exec(write.on_conflict_do_nothing(index_elements=["one_id", "other_id"]))
    there = _pair(session, pair)
    if there.state is DuplicateState.DIFFERENT and _both_changed(session, there):
        there.state, there.found_at = DuplicateState.OPEN, now
        there.decided_at = there.decided_by_id = None
    if there.state is DuplicateState.OPEN and (there.score, there.reasons) != (
        how.score, how.reasons,
    ):  # fmt: skip
        there.score, there.reasons = how.score, how.reasons
    session.add(there)
    session.flush()
    return there


def _pair(session: Session, pair: Pair) -> Duplicate:
    from_one = queries.pairs_of(session, session.get_one(Service, pair[0]))
    return from_one[pair[1]]


def _both_changed(session: Session, pair: Duplicate) -> bool:
    then = pair.decided_on
    return bool(then) and all(
        alike.changed_a_lot(then.get(str(key), []), queries.keys_of(session, key))
        for key in (pair.one_id, pair.other_id)
    )


def compare(session: Session, one: Service, other: Service, *, now: datetime) -> Duplicate:
    """Put two listings beside each other because somebody wants to; return the pair."""
    if one.id == other.id:
        raise RuleBroken("That is the same listing.")
    left, right = (one, other) if one.id < other.id else (other, one)
    known = queries.known_many(session, [left.id, right.id])
    how = alike.likeness(known[left.id], known[right.id])
    return _note(session, (left.id, right.id), how, now)


def different(session: Session, pair: Duplicate, *, by: Account, now: datetime) -> bool:
    """Remember that two listings are different groups; False when it was decided before."""
    if pair.state is not DuplicateState.OPEN:
        return False
    missing = [one for one in (pair.one_id, pair.other_id) if not queries.keys_of(session, one)]
    _write_keys(
        session,
        {key: alike.keys_of(known) for key, known in queries.known_many(session, missing).items()},
    )
    pair.state, pair.decided_at, pair.decided_by_id = DuplicateState.DIFFERENT, now, by.id
    pair.decided_on = {
        str(key): queries.keys_of(session, key) for key in (pair.one_id, pair.other_id)
    }
    session.add(pair)
    session.flush()
    audit.note(session, "say different", pair, by=by.id, now=now)
    return True


def ask_again(session: Session, pair: Duplicate, *, by: Account, now: datetime) -> bool:
    """Take back that two listings are different."""
    if pair.state is not DuplicateState.DIFFERENT:
        return False
    pair.state, pair.decided_at, pair.decided_by_id = DuplicateState.OPEN, None, None
    session.add(pair)
    session.flush()
    audit.note(session, "compare again", pair, by=by.id, now=now)
    return True
