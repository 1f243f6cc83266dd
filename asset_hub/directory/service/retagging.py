"""Listings follow their topics: moved by a merge, given back by its undoing, published again.

Each step takes a bounded number of listings and can be repeated after any interruption: what is
left to do is what the rows themselves say.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, literal, or_, select
from sqlalchemy import union as union_of
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as rows

from asset_hub.core.db import INSERT
from asset_hub.directory.models import (
    RevisionCause,
    Service,
    Standing,
    TaxonomyTerm,
    TopicEvent,
    TopicMerge,
)
from asset_hub.directory.service import homes
from asset_hub.directory.service.history import revise_many
from asset_hub.directory.service.publishing import facts_of, publish_many

BATCH = 100  # listings a step
TABLES = SQLModel.metadata.tables
MOVE, DUE = TABLES["topic_move"], TABLES["listing_due"]
HAS = {False: TABLES["service_term"], True: TABLES["service_not_for"]}  # by `excludes`


def carry_on(session: Session, *, now: datetime) -> int:
    """Do the next step of whatever is to be done; return how many listings it took (0: none)."""
    undone = col(TopicMerge.undone_at).is_not(None) & exists().where(
        MOVE.c.merge_id == col(TopicMerge.id)
    )
    if merge := session.exec(_oldest().where(undone)).first():
        return _give_back(session, merge, now)
    here = [exists().where(table.c.term_id == col(TopicMerge.gone_id)) for table in HAS.values()]
    live = col(TopicMerge.undone_at).is_(None) & or_(*here)
    if merge := session.exec(_oldest().where(live)).first():
        return _move(session, merge, now)
    return _republish(session, now)


def _oldest() -> Any:
    return rows(TopicMerge).order_by(col(TopicMerge.at), col(TopicMerge.id)).limit(1)


def mark_due(session: Session, term: TaxonomyTerm) -> None:
    """Note that every listing that names a topic is to be published again."""
    session.flush()
    named = union_of(*(select(t.c.service_id).where(t.c.term_id == term.id) for t in HAS.values()))
    found = named.subquery()
    _insert(session, DUE, ["service_id"], select(found.c.service_id).where(literal(True)))


def _move(session: Session, merge: TopicMerge, now: datetime) -> int:
    """Give some listings the kept topic in place of the one that is gone."""
    for excludes, table in HAS.items():
        ids = _lock(session, select(table.c.service_id).where(table.c.term_id == merge.gone_id))
        if not ids:
            continue
        had = _having(session, table, merge.kept_id, ids)
        moved = [
            {"merge_id": merge.id, "service_id": key, "excludes": excludes, "had_kept": key in had}
            for key in ids
        ]
        _put(session, MOVE, moved)
        with _noted(session, table, ids, by=merge.by_id, now=now):
            _take(session, table, merge.gone_id, ids)
            _give(session, table, merge.kept_id, ids)
        _put(session, DUE, [{"service_id": key} for key in ids])
        return len(ids)
    return 0


def _give_back(session: Session, merge: TopicMerge, now: datetime) -> int:
    """Give some listings back the topic that an undone merge had taken."""
    for excludes, table in HAS.items():
        ours = (MOVE.c.merge_id == merge.id) & (MOVE.c.excludes == excludes)
        ids = _lock(session, select(MOVE.c.service_id).where(ours))
        if not ids:
            continue
        kept = _having(session, table, merge.kept_id, ids)
        both = select(MOVE.c.service_id).where(ours, MOVE.c.had_kept, MOVE.c.service_id.in_(ids))
        had = set(session.connection().execute(both).scalars())
        with _noted(session, table, ids, by=_who_undid(session, merge), now=now):
            _give(session, table, merge.gone_id, [key for key in ids if key in kept | had])
            _take(session, table, merge.kept_id, [key for key in ids if key not in had])
        session.connection().execute(delete(MOVE).where(ours, MOVE.c.service_id.in_(ids)))
        _put(session, DUE, [{"service_id": key} for key in ids])
        return len(ids)
    return 0


@contextmanager
def _noted(
    session: Session, table: Any, ids: Sequence[UUID], *, by: UUID | None, now: datetime
) -> Iterator[None]:
    """Write what happens inside to the topics of some listings into their histories."""
    part = "not_for" if table is HAS[True] else "topics"
    before = _slugs(session, table, ids)
    yield
    after = _slugs(session, table, ids)
    changed = {key: ({part: before[key]}, {part: after[key]}) for key in ids}
    revise_many(session, changed, cause=RevisionCause.TOPIC, by=by, now=now)


def _slugs(session: Session, table: Any, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    term: Any = TaxonomyTerm
    wanted = select(table.c.service_id, term.slug).join(term, term.id == table.c.term_id)
    found: dict[UUID, list[str]] = {key: [] for key in ids}
    for key, slug in session.connection().execute(wanted.where(table.c.service_id.in_(ids))):
        found[key].append(slug)
    return {key: sorted(slugs) for key, slugs in found.items()}


def _who_undid(session: Session, merge: TopicMerge) -> UUID | None:
    wanted = rows(TopicEvent.by_id).where(
        TopicEvent.term_id == merge.gone_id, TopicEvent.at == merge.undone_at
    )
    return session.exec(wanted).first()


def _republish(session: Session, now: datetime) -> int:
    """Write some published copies again; a listing that is closed meanwhile stays closed."""
    ids = _lock(session, select(DUE.c.service_id))
    wanted = rows(Service).where(col(Service.id).in_(ids), col(Service.standing) == Standing.LISTED)
    found = session.exec(wanted.execution_options(populate_existing=True)).all()
    for service in found:
        homes.guard(session, service)  # another topic may say that people are kept safe there
    publish_many(session, [facts_of(session, service) for service in found], now=now)
    session.connection().execute(delete(DUE).where(DUE.c.service_id.in_(ids)))
    return len(ids)


def _lock(session: Session, wanted: Any) -> list[UUID]:
    """Return the next few listings of a question, with those who change them made to wait."""
    session.flush()
    column = wanted.selected_columns[0]
    ids = list(session.connection().execute(wanted.order_by(column).limit(BATCH)).scalars())
    locked = select(col(Service.id)).where(col(Service.id).in_(ids)).order_by(col(Service.id))
    session.connection().execute(locked.with_for_update())
    return ids


def _having(session: Session, table: Any, term_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    wanted = select(table.c.service_id).where(
        table.c.term_id == term_id, table.c.service_id.in_(ids)
    )
    return set(session.connection().execute(wanted).scalars())


def _take(session: Session, table: Any, term_id: UUID, ids: Sequence[UUID]) -> None:
    these = (table.c.term_id == term_id) & table.c.service_id.in_(ids)
    session.connection().execute(delete(table).where(these))


def _give(session: Session, table: Any, term_id: UUID, ids: Sequence[UUID]) -> None:
    _put(session, table, [{"service_id": key, "term_id": term_id} for key in ids])


def _put(session: Session, table: Any, values: list[dict[str, Any]]) -> None:
    """Insert rows, leaving those that are there."""
    if values:
        into = INSERT[session.get_bind().dialect.name](table)
        session.connection().execute(into.values(values).on_conflict_do_nothing())


def _insert(session: Session, table: Any, columns: list[str], found: Any) -> None:
    into = INSERT[session.get_bind().dialect.name](table).from_select(columns, found)
    session.connection().execute(into.on_conflict_do_nothing())
