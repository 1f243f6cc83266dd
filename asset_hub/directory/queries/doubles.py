"""Listings that may be the same group: found by what they share, then compared."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from asset_hub.accounts.models import Account
from asset_hub.core.access import reaches, within
from asset_hub.core.errors import Missing
from asset_hub.core.powers import Can
from asset_hub.directory.models import (
    Duplicate,
    DuplicateState,
    ListingDraft,
    Merge,
    Service,
    Standing,
)
from asset_hub.directory.rules import doubles as alike
from asset_hub.directory.rules.answers import flat
from asset_hub.directory.rules.doubles import Known, Likeness
from asset_hub.directory.rules.known import known_of, known_of_answers, spots_of
from asset_hub.directory.rules.places import PlainPlace

MOST_DOUBLES = 5  # more than these nobody compares
LIVE = (Standing.LISTED, Standing.WAITING, Standing.HIDDEN)
_TABLES = SQLModel.metadata.tables
_SERVICE, _KEY = _TABLES["service"], _TABLES["service_key"]
_MEETS, _LOCATION, _RUNNER = (
    _TABLES[name] for name in ("service_at_location", "location", "organization")
)
_COMPARED = ("id", "name", "organization_id", "community_id", "phone", "email", "url", "summary",
             "description")  # fmt: skip
_PLACE = ("address_1", "postal_code", "latitude", "longitude", "visibility", "approximate")


@dataclass(frozen=True)
class Double:
    """Another listing that may be the same group, and why."""

    service: Service
    score: float
    reasons: list[str]
    pair: Duplicate | None = None


def known_many(session: Session, keys: Collection[UUID]) -> dict[UUID, Known]:
    """Return what is compared of many services, in two queries and without objects."""
    if not keys:
        return {}
    connection, spots = session.connection(), defaultdict[UUID, list[PlainPlace]](list)
    where = (
        select(_MEETS.c.service_id, *(_LOCATION.c[name] for name in _PLACE))
        .join(_LOCATION, _LOCATION.c.id == _MEETS.c.location_id)
        .where(_MEETS.c.service_id.in_(keys))
    )
    for row in connection.execute(where).mappings():
        spots[row["service_id"]].append(PlainPlace(**{name: row[name] for name in _PLACE}))
    wanted = (
        select(*(_SERVICE.c[name] for name in _COMPARED), _RUNNER.c.name.label("runner"))
        .join(_RUNNER, _RUNNER.c.id == _SERVICE.c.organization_id)
        .where(_SERVICE.c.id.in_(keys))
    )
    found = {}
    for row in connection.execute(wanted).mappings():
        said = dict(row)
        key, words = said.pop("id"), f"{said.pop('summary')}\n{said.pop('description')}"
        found[key] = Known(**said, words=words, spots=spots_of(spots[key]))
    return found


def sharing(
    session: Session, keys: Collection[str], *, standings: Sequence[Standing] = LIVE
) -> dict[UUID, set[str]]:
    """Return the services that have any of these keys, with those they have.

    Keys that many listings share say nothing and are left out.
    """
    found: dict[UUID, set[str]] = defaultdict(set)
    for chunk in _chunks(sorted(keys), 900):
        few = (
            select(_KEY.c.key)
            .where(_KEY.c.key.in_(chunk))
            .group_by(_KEY.c.key)
            .having(func.count() <= alike.SHARED_BY_FEW)
        )
        wanted = (
            select(_KEY.c.service_id, _KEY.c.key)
            .join(_SERVICE, _SERVICE.c.id == _KEY.c.service_id)
            .where(_KEY.c.key.in_(few), _SERVICE.c.standing.in_(standings))
        )
        for service_id, key in session.connection().execute(wanted):
            found[service_id].add(key)
    return found


def _chunks(things: list[str], size: int) -> Iterable[list[str]]:
    return (things[start : start + size] for start in range(0, len(things), size))


def like(
    session: Session,
    known: Known,
    *,
    but: UUID | None = None,
    standings: Sequence[Standing] = LIVE,
    least: float = alike.HINT,
) -> list[tuple[UUID, Likeness]]:
    """Return the services most like what is known of one, the likest first."""
    mine = alike.keys_of(known)
    sharers = sharing(session, mine, standings=standings)
    sharers.pop(but, None) if but else None
    others = known_many(session, sharers)
    found = [
        (key, alike.likeness(known, other, sharers[key] & mine))
        for key, other in others.items()
        if is_near(known, other)
    ]
    likely = [(key, how) for key, how in found if how.score >= least]
    return sorted(likely, key=lambda pair: (-pair[1].score, str(pair[0])))[:MOST_DOUBLES]


def is_near(one: Known, other: Known) -> bool:
    """Return whether two are worth comparing: of one community, or within a walk."""
    if one.community_id == other.community_id:
        return True
    metres = alike.distance(one.spots, other.spots)
    return metres is not None and metres <= alike.NEARBY


def doubles(session: Session, service: Service, reader: Account | None = None) -> list[Double]:
    """Return services that may be the same group, without those that were said to differ.

    A `reader` is shown what they approve themselves and what everybody can find.
    """
    found = like(session, known_of(service), but=service.id)
    pairs = pairs_of(session, service)
    shown = []
    for key, how in found:
        pair, other = pairs.get(key), session.get_one(Service, key)
        if pair and pair.state is DuplicateState.DIFFERENT:
            continue
        if reader is None or may_see(reader, other):
            shown.append(Double(other, how.score, how.reasons, pair))
    return shown


def public_doubles(session: Session, known: Known, *, but: UUID | None) -> list[Double]:
    """Return listed groups that somebody's answers may be about."""
    found = like(session, known, but=but, standings=(Standing.LISTED,), least=alike.FOUND - 0.1)
    return [Double(session.get_one(Service, key), how.score, how.reasons) for key, how in found]


def doubles_of_draft(session: Session, draft: ListingDraft) -> list[Double]:
    """Return listed groups that the answers of a draft may be about; none when it changes one."""
    if draft.service_id:
        return []
    return public_doubles(session, known_of_answers(flat(draft.answers)), but=None)


def first_like(
    session: Session, those: Sequence[Mapping[str, Any]], reader: Account
) -> list[Service | None]:
    """Return, for answers about each of some groups, the listing that may be the same."""
    mine = [known_of_answers(answers) for answers in those]
    keys = [alike.keys_of(known) for known in mine]
    sharers = sharing(session, set().union(*keys))
    others = known_many(session, sharers)
    found: list[Service | None] = []
    for known, own in zip(mine, keys, strict=True):
        scores = [
            (alike.likeness(known, other, sharers[key] & own).score, str(key), key)
            for key, other in others.items()
            if sharers[key] & own and is_near(known, other)
        ]
        score, _, best = max(scores, default=(0.0, "", None))
        there = session.get(Service, best) if best and score >= alike.FOUND - 0.1 else None
        found.append(there if there and may_see(reader, there) else None)
    return found


def pairs_of(session: Session, service: Service) -> dict[UUID, Duplicate]:
    """Return the pairs a service is in, by the other's id."""
    table: Any = Duplicate
    wanted = select(table).where((table.one_id == service.id) | (table.other_id == service.id))
    found = session.scalars(wanted).all()
    return {one.other_id if one.one_id == service.id else one.one_id: one for one in found}


def unkeyed(session: Session, *, most: int) -> list[UUID]:
    """Return live services, the oldest first, that have not been compared as they are now."""
    wanted = (
        select(_SERVICE.c.id)
        .where(_SERVICE.c.standing.in_(LIVE), ~exists().where(_KEY.c.service_id == _SERVICE.c.id))
        .order_by(_SERVICE.c.id)
        .limit(most)
    )
    return list(session.connection().execute(wanted).scalars())


def keys_of(session: Session, service_id: UUID) -> list[str]:
    """Return the keys a service was last compared by."""
    wanted = select(_KEY.c.key).where(_KEY.c.service_id == service_id).order_by(_KEY.c.key)
    return list(session.connection().execute(wanted).scalars())


def may_see(reader: Account, service: Service) -> bool:
    """Return whether somebody may compare with a listing: it is public, or theirs to approve."""
    return service.standing is Standing.LISTED or reaches(reader, service, Can.APPROVE_LISTING)


def may_merge(reader: Account, one: Service, other: Service) -> bool:
    """Return whether somebody may make two listings one: both are theirs to approve.

    A listing that belongs to no community is nobody's: a coordinator who looks after the other
    may take it in, for its private contact and hidden address come along.
    """
    theirs = [reaches(reader, each, Can.APPROVE_LISTING) for each in (one, other)]
    free = [each.community_id is None for each in (one, other)]
    brings_in = any(reaches(reader, each, Can.IMPORT_LISTINGS) for each in (one, other))
    return all(theirs) or (brings_in and any(theirs) and any(free))


def pair(session: Session, key: UUID, reader: Account) -> Duplicate:
    """Return a pair that somebody may decide about; raise Missing for any other."""
    found = session.get(Duplicate, key)
    if found is None:
        raise Missing
    both = (found.one, found.other)
    if not any(reaches(reader, each, Can.APPROVE_LISTING) for each in both):
        raise Missing
    if found.state is not DuplicateState.MERGED and not all(may_see(reader, each) for each in both):
        raise Missing
    return found


def merge(session: Session, key: UUID, reader: Account) -> Merge:
    """Return a merge of listings that somebody may undo; raise Missing for any other."""
    found = session.get(Merge, key)
    if found is None or not may_merge(reader, found.kept, found.gone):
        raise Missing
    return found


def merges(session: Session, reader: Account) -> list[Merge]:
    """Return the latest merges of listings that somebody looks after."""
    wanted = (
        select(Merge)
        .join(Service, col(Service.id) == Merge.kept_id)
        .where(within(Service, reader, Can.APPROVE_LISTING))
        .order_by(col(Merge.at).desc(), col(Merge.id).desc())
        .limit(50)
    )
    return list(session.scalars(wanted).all())


def merge_of(session: Session, service: Service) -> Merge | None:
    """Return the merge by which a listing went into another."""
    wanted = select(Merge).where(Merge.gone_id == service.id, col(Merge.undone_at).is_(None))  # type: ignore[arg-type]
    return session.scalars(wanted.order_by(col(Merge.at).desc())).first()


def merged_to(session: Session, service_id: UUID) -> Service | None:
    """Return the listed group that an address which was merged leads to."""
    found = session.get(Service, service_id)
    if found is None or not found.merged_into_id:
        return None
    kept = found.stands_in
    return kept if kept.standing in (Standing.LISTED, Standing.HIDDEN) else None


def merged_here(session: Session, service_id: UUID) -> list[UUID]:
    """Return the ids of the listings that went into one, and into those."""
    found: list[UUID] = []
    level = [service_id]
    while level and len(found) < 100:
        wanted = select(Service.id).where(col(Service.merged_into_id).in_(level))  # type: ignore[call-overload]
        level = [key for key in session.scalars(wanted).all() if key not in {*found, service_id}]
        found += level
    return found


def open_pairs(reader: Account) -> Any:
    """Return the rows of pairs that wait for somebody: (Duplicate, one, other), undecided."""
    one, other = aliased(Service), aliased(Service)
    mine = [within(each, reader, Can.APPROVE_LISTING) for each in (one, other)]
    found = (Standing.LISTED, Standing.HIDDEN)
    visible: list[ColumnElement[bool]] = [
        condition | (col(each.standing) == Standing.LISTED)
        for condition, each in zip(mine, (one, other), strict=True)
    ]
    wanted = (
        select(Duplicate, one, other)
        .join(one, one.id == Duplicate.one_id)  # type: ignore[arg-type]
        .join(other, other.id == Duplicate.other_id)  # type: ignore[arg-type]
        .where(
            col(Duplicate.state) == DuplicateState.OPEN,
            or_(false(), *mine),
            col(one.standing).in_(found),
            col(other.standing).in_(found),
            *visible,
        )
    )
    return wanted, one, other
