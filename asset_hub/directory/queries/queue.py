"""Everything that waits for a champion or coordinator, in one list, the longest waiting first.

One statement finds a page of narrow rows; what they are about is loaded in a fixed number more.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Subquery, case, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import aliased, selectinload
from sqlmodel import Session, col

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.core.access import places, within
from asset_hub.core.powers import Can
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeRequest,
    ChangeState,
    Duplicate,
    DuplicateState,
    Service,
    ServiceAtLocation,
    Standing,
    Step,
    Upkeep,
)
from asset_hub.directory.queries.doubles import open_pairs
from asset_hub.directory.rules import risks
from asset_hub.directory.rules.promised import WORKING_DAYS, days_waited, say_waited
from asset_hub.directory.rules.risks import PLURAL_WORDS, WAITS_WORDS, Risk, Waits

PAGE = 50
ASKER_WORDS = {
    Asker.VISITOR: "A visitor",
    Asker.CONTACT: "Those who run it, by their link",
    Asker.OWNER: "Its owner, signed in",
}


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what it is, whose, how long, and what is at risk."""

    kind: Waits
    id: UUID
    title: str
    text: str
    who: str
    runner: str
    community: str
    days: int
    risks: Sequence[Risk]

    @property
    def words(self) -> str:
        """Return what kind of thing it is."""
        return WAITS_WORDS[self.kind]

    @property
    def age(self) -> str:
        """Return how long it has waited."""
        return say_waited(self.days)

    @property
    def late(self) -> bool:
        """Return whether it has waited longer than was promised."""
        return self.days > WORKING_DAYS


@dataclass(frozen=True)
class Queue:
    """A page of what waits, and how much there is of each kind and in each community."""

    rows: Sequence[Waiting]
    total: int
    page: int
    kinds: list[tuple[Waits, str, int]]
    communities: list[tuple[Community, int]]
    to_check: int = 0
    everything: int = 0

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // PAGE))


def queue(
    session: Session,
    reader: Account,
    *,
    today: date,
    kind: Waits | None = None,
    community: str = "",
    page: int = 1,
) -> Queue:
    """Return a page of what waits for somebody, of one kind or in one community if asked."""
    mine = {one.slug: one for one in _communities(session, reader)}
    chosen = mine.get(community)
    found = _rows(reader)
    counts = _counts(session, found)
    here = Counter[str]()
    for (what, where), number in counts.items():
        if chosen is None or where == chosen.id:
            here[what] += number
    total = here[kind.value] if kind else here.total()
    page = max(1, min(page, -(-total // PAGE) or 1))
    wanted = select(found.c.kind, found.c.id, found.c.at)
    if kind:
        wanted = wanted.where(found.c.kind == kind.value)
    if chosen:
        wanted = wanted.where(found.c.community_id == chosen.id)
    wanted = wanted.order_by(found.c.at, found.c.id).offset((page - 1) * PAGE).limit(PAGE)
    narrow = [(Waits(what), key, at) for what, key, at in session.connection().execute(wanted)]
    in_each = Counter({where: 0 for _, where in counts})
    for (_, where), number in counts.items():
        in_each[where] += number
    return Queue(
        rows=_told(session, narrow, today),
        total=total,
        page=page,
        kinds=[(each, PLURAL_WORDS[each], here[each.value]) for each in Waits],
        communities=[(one, in_each[one.id]) for one in mine.values()],
        to_check=to_check(session, reader, chosen),
        everything=here.total(),
    )


def _communities(session: Session, reader: Account) -> list[Community]:
    theirs = places(reader, Can.APPROVE_LISTING, "community_id")
    wanted = select(Community).where(col(Community.id).in_(theirs)).order_by(col(Community.name))
    return list(session.scalars(wanted).all())


def _rows(reader: Account) -> Subquery:
    """Return (kind, id, community_id, at) of all that waits."""
    mine = within(Service, reader, Can.APPROVE_LISTING)
    listings: Any = select(
        literal(Waits.LISTING.value).label("kind"),
        col(Service.id).label("id"),
        col(Service.community_id).label("community_id"),
        func.coalesce(col(Service.submitted_at), col(Service.created_at)).label("at"),
    ).where(mine, col(Service.standing) == Standing.WAITING)
    changes = (
        select(
            type_coerce(col(ChangeRequest.asks), String).label("kind"),
            col(ChangeRequest.id),
            col(Service.community_id),
            col(ChangeRequest.submitted_at),
        )
        .join(Service, col(Service.id) == ChangeRequest.service_id)
        .where(mine, col(ChangeRequest.state) == ChangeState.WAITING)
        .where(col(Service.standing) != Standing.CLOSED)  # it may be opened again: then it waits
    )
    pairs, one, other = open_pairs(reader)
    whose = case(
        (within(one, reader, Can.APPROVE_LISTING), one.community_id), else_=other.community_id
    )
    doubles = pairs.with_only_columns(
        literal(Waits.DOUBLE.value).label("kind"), col(Duplicate.id), whose, col(Duplicate.found_at)
    )
    return union_all(listings, changes, doubles).subquery()


def _counts(session: Session, found: Subquery) -> dict[tuple[str, UUID], int]:
    wanted = select(found.c.kind, found.c.community_id, func.count()).group_by(
        found.c.kind, found.c.community_id
    )
    return {(what, where): number for what, where, number in session.connection().execute(wanted)}


def to_check(session: Session, reader: Account, community: Community | None = None) -> int:
    """Return how many listings nobody has confirmed wait for a visit or a call."""
    wanted = (
        select(func.count())
        .select_from(Upkeep)
        .join(Service, col(Service.id) == Upkeep.service_id)
        .where(within(Service, reader, Can.APPROVE_LISTING), col(Upkeep.step) == Step.TO_CHECK)
    )
    if community:
        wanted = wanted.where(col(Service.community_id) == community.id)
    return session.scalars(wanted).one()


def _told(
    session: Session, narrow: list[tuple[Waits, UUID, datetime]], today: date
) -> list[Waiting]:
    """Return the rows with what is said about each."""
    of: dict[bool, set[UUID]] = {True: set(), False: set()}
    for what, key, _ in narrow:
        if what is not Waits.LISTING:
            of[what is Waits.DOUBLE].add(key)
    changes = {one.id: one for one in _by_id(session, ChangeRequest, of[False])}
    pairs = {one.id: one for one in _by_id(session, Duplicate, of[True])}
    about = {key for what, key, _ in narrow if what is Waits.LISTING}
    about |= {one.service_id for one in changes.values()}
    about |= {key for pair in pairs.values() for key in (pair.one_id, pair.other_id)}
    services = {one.id: one for one in _services(session, about)}
    more = _More(
        doubles=_doubles(session, set(services)),
        reports=_reports(session, {one.service_id for one in changes.values()}),
        alike=_alike(session) if pairs else {},
    )
    told = []
    for what, key, at in narrow:
        days = days_waited(at, today)
        if what is Waits.LISTING:
            told.append(_listing(services[key], days, more))
        elif what is Waits.DOUBLE:
            told.append(_pair(pairs[key], days, more))
        else:
            told.append(_change(what, changes[key], days, more))
    return told


@dataclass(frozen=True)
class _More:
    """What is counted for all rows of a page at once."""

    doubles: Counter[UUID]
    reports: dict[UUID, int]
    alike: dict[tuple[str | None, str | None], int]


def _by_id(session: Session, kind: Any, keys: set[UUID]) -> list[Any]:
    return list(session.scalars(select(kind).where(kind.id.in_(keys))).all()) if keys else []


def _services(session: Session, keys: set[UUID]) -> list[Service]:
    table, at = Service, ServiceAtLocation
    wanted = select(table).where(col(table.id).in_(keys))
    related: list[Any] = [table.organization, table.community, table.contacts, table.terms]
    loads = [selectinload(one) for one in related]
    where: Any = selectinload(table.places).selectinload(at.location)  # type: ignore[arg-type]
    return list(session.scalars(wanted.options(*loads, where)).all()) if keys else []


def _doubles(session: Session, keys: set[UUID]) -> Counter[UUID]:
    table: Any = Duplicate
    wanted = select(table.one_id, table.other_id).where(
        table.state == DuplicateState.OPEN, or_(table.one_id.in_(keys), table.other_id.in_(keys))
    )
    found: Any = session.connection().execute(wanted) if keys else []
    return Counter(key for pair in found for key in pair)


def _reports(session: Session, keys: set[UUID]) -> dict[UUID, int]:
    table: Any = ChangeRequest
    wanted = select(table.service_id, func.count()).where(
        table.service_id.in_(keys), table.state == ChangeState.WAITING, table.asks == Asks.GONE
    )
    grouped = wanted.group_by(table.service_id)
    return dict(session.connection().execute(grouped).all()) if keys else {}


def _alike(session: Session) -> dict[tuple[str | None, str | None], int]:
    """Return how many open pairs there are between each two sources."""
    left, right = aliased(Service), aliased(Service)
    wanted = (
        select(col(left.source), col(right.source), func.count())
        .select_from(Duplicate)
        .join(left, col(left.id) == Duplicate.one_id)
        .join(right, col(right.id) == Duplicate.other_id)
        .where(col(Duplicate.state) == DuplicateState.OPEN)
        .group_by(col(left.source), col(right.source))
    )
    return {(one, other): number for one, other, number in session.connection().execute(wanted)}


def _listing(service: Service, days: int, more: _More) -> Waiting:
    contact = next((one.name for one in service.contacts if one.name), "")
    return Waiting(
        kind=Waits.LISTING,
        id=service.id,
        title=service.name,
        text=service.summary,
        who=contact or "Those who run it",
        days=days,
        risks=risks.of_listing(service, doubles=more.doubles[service.id]),
        **_whose(service),
    )


def _change(kind: Waits, change: ChangeRequest, days: int, more: _More) -> Waiting:
    return Waiting(
        kind=kind,
        id=change.id,
        title=change.service.name,
        text=change.comment,
        who=ASKER_WORDS[change.asker],
        days=days,
        risks=risks.briefly(
            risks.of_change(change, reports=more.reports.get(change.service_id, 1))
        ),
        **_whose(change.service),
    )


def _pair(pair: Duplicate, days: int, more: _More) -> Waiting:
    sources = pair.one.source, pair.other.source
    alike = more.alike.get(sources, 1) if any(sources) else 1
    return Waiting(
        kind=Waits.DOUBLE,
        id=pair.id,
        title=f"{pair.one.name} and {pair.other.name}"
        if pair.one.name != pair.other.name
        else f"{pair.one.name}, listed twice",
        text=", ".join(pair.reasons).capitalize(),
        who="Found by the site",
        days=days,
        risks=risks.of_pair(pair, alike=alike),
        **_whose(pair.one),
    )


def _whose(service: Service) -> dict[str, str]:
    return {
        "runner": service.organization.name,
        "community": service.community.name if service.community else "",
    }
