"""Writing the published copy, one service at a time or thousands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, select, text, update
from sqlmodel import Session, SQLModel

from asset_hub.core.bulk import Plain, Shape, insert_rows
from asset_hub.core.calendar import london
from asset_hub.directory import queries
from asset_hub.directory.models import (
    Service,
    ServiceAtLocation,
    ServiceNotFor,
    ServiceTerm,
    TaxonomyTerm,
)
from asset_hub.directory.rules import freshness as rules
from asset_hub.directory.rules.freshness import Fresh, Life
from asset_hub.directory.rules.listing import Facts, Topic, aged, aged_feature, copy_of
from asset_hub.directory.rules.meaning import Thesaurus
from asset_hub.directory.rules.times import plain_times
from asset_hub.directory.service import homes
from asset_hub.directory.service.sessions import write_sessions

BATCH = 500  # services a round: memory stays flat, and no statement has too many parameters
NUMBER_LOCK = 4_150_002  # PostgreSQL advisory lock: one writer hands out numbers at a time
LISTING = SQLModel.metadata.tables["listing"]
PLACE = SQLModel.metadata.tables["listing_place"]
TOPIC = SQLModel.metadata.tables["listing_topic"]
NUMBERED = ("number", *(c.name for c in LISTING.c if c.name not in {"number", "sessions_to"}))
LISTINGS = Shape(LISTING, NUMBERED)
TOPICS = Shape(TOPIC, ("number", "slug", "strength", "chosen"))
PLACES = Shape.without(PLACE)
SESSION = SQLModel.metadata.tables["listing_session"]


def publish(
    session: Session, service: Service, *, now: datetime, sessions_at_once: bool = True
) -> None:
    """Write or renew the published copy of a service; a home's address only when agreed.

    Its sessions are written with it, unless it is one of many: then the worker writes them.
    """
    session.flush()
    homes.guard(session, service)
    publish_many(session, [facts_of(session, service)], now=now)
    if sessions_at_once:
        write_sessions(session, [service.id], today=london(now).date())


def withdraw(session: Session, service: Service) -> None:
    """Take a service out of finding; its own rows stay."""
    session.connection().execute(delete(PLACE).where(PLACE.c.service_id == service.id))
    session.connection().execute(delete(LISTING).where(LISTING.c.service_id == service.id))


def publish_many(session: Session, services: Iterable[Facts], *, now: datetime) -> int:
    """Write or renew the published copies of many services; return how many.

    Takes plain `Facts` (all that is published, nothing private) and inserts rows in bulk, 500
    services a round; pass a generator to keep memory flat. Services must be in the table already,
    LISTED: how sure we are of each is read from there, and said as of `now`. Of dates, those before
    `now` are not said (see `rules.times.stale_after`). Their sessions follow within a minute (see
    `sessions`).
    """
    done, today = 0, london(now).date()
    stream = iter(services)
    while batch := list(islice(stream, BATCH)):
        done += len(batch)
        for facts in batch:
            facts.today = today
        _write(session, {facts.id: facts for facts in batch}, today)
    return done


def freshen(session: Session, keys: Sequence[UUID], *, now: datetime) -> int:
    """Say anew how sure we are of published services; nothing else of their copies changes.

    Locks the copies first: whoever publishes one of them at the same moment is waited for, and
    waits. Returns how many are published.
    """
    session.flush()
    connection = session.connection()
    wanted = select(LISTING.c.service_id, LISTING.c.card).where(LISTING.c.service_id.in_(keys))
    locked = wanted.order_by(LISTING.c.service_id).with_for_update()
    cards = {row[0]: row[1] for row in connection.execute(locked)}
    if not cards:
        return 0
    today = london(now).date()
    lives = queries.lives(session, list(cards))
    said = {key: rules.fresh(lives[key], today=today) for key in cards}
    rows = [_aged(key, card, lives[key], said[key]) for key, card in cards.items()]
    connection.execute(update(LISTING).where(LISTING.c.service_id == bindparam("key")), rows)
    there = select(PLACE.c.id, PLACE.c.service_id, PLACE.c.feature)
    places = connection.execute(there.where(PLACE.c.service_id.in_(list(cards)))).all()
    features = [{"key": row[0], "feature": aged_feature(row[2], said[row[1]])} for row in places]
    if features:
        connection.execute(update(PLACE).where(PLACE.c.id == bindparam("key")), features)
    return len(cards)


def _aged(key: UUID, card: dict[str, Any], life: Life, said: Fresh) -> dict[str, Any]:
    return {
        "key": key,
        "card": card | aged(life.confirmed_at, said),
        "stage": int(said.age),
        "fades_on": said.fades_on,
    }


def _write(session: Session, batch: dict[UUID, Facts], today: date) -> None:
    connection = session.connection()
    for key, life in queries.lives(session, list(batch)).items():
        facts = batch[key]
        if life.signs or life.reported:
            facts.fresh = rules.fresh(replace(life, confirmed_at=facts.confirmed_at), today=today)
        else:
            facts.fresh = _only_confirmed(facts.confirmed_at, life.confirmed_by, today)
    thesaurus = queries.thesaurus(connection)
    copies = {key: copy_of(facts, thesaurus) for key, facts in batch.items()}
    numbers = _numbers(session, list(batch))
    if unnumbered := [key for key in copies if key not in numbers]:
        lock_numbers(connection)
        numbers |= _numbers(session, unnumbered)
    known = [copy.listing for key, copy in copies.items() if key in numbers]
    fresh = [copy.listing for key, copy in copies.items() if key not in numbers]
    if known:
        change = update(LISTING).where(LISTING.c.service_id == bindparam("key"))
        renewed = [{**row, "key": row.pop("service_id"), "sessions_to": None} for row in known]
        connection.execute(change, renewed)
        # Until they are written anew, sessions say no place but the card's: one may be hidden now.
        held = SESSION.c.service_id.in_(list(numbers)) & SESSION.c.place.is_not(None)
        connection.execute(update(SESSION).where(held).values(place=None))
        connection.execute(delete(PLACE).where(PLACE.c.service_id.in_(list(numbers))))
        connection.execute(delete(TOPIC).where(TOPIC.c.number.in_(list(numbers.values()))))
    if fresh:
        numbered = list(enumerate(fresh, next_number(connection)))
        insert_rows(connection, LISTING, [{**row, "number": number} for number, row in numbered])
        numbers |= {row["service_id"]: number for number, row in numbered}
    TOPICS.insert(
        connection,
        [(numbers[key], *topic) for key, copy in copies.items() for topic in copy.topics],
    )
    insert_rows(connection, PLACE, [place for copy in copies.values() for place in copy.places])


@dataclass(slots=True)
class FirstCopy:
    """The published copy of a service that was not published before, in plain values.

    It can be worked out anywhere and beforehand; only its number is missing.
    """

    listing: Plain  # without the number
    stems: str  # apart by spaces: one text travels faster than sixty
    impacts: bytes  # of the stems, in their order
    topics: list[Topic]
    places: list[Plain]


def first_copy(facts: Facts, by: str, *, known: Thesaurus, today: date) -> FirstCopy:
    """Return the copy of a service of which nobody has given a sign yet; `by` confirmed it."""
    facts.today = today
    facts.fresh = _only_confirmed(facts.confirmed_at, by, today)
    copy = copy_of(facts, known)
    (listing,) = LISTINGS.plain([copy.listing | {"number": 0}])
    return FirstCopy(
        listing[1:], " ".join(copy.words), bytes(copy.words.values()), copy.topics,
        PLACES.plain(copy.places),
    )  # fmt: skip


def add_copies(connection: Connection, copies: Sequence[FirstCopy]) -> int:
    """Insert first copies, numbered one after the other; return the first number."""
    lock_numbers(connection)
    first = next_number(connection)
    numbered = list(enumerate(copies, first))
    LISTINGS.insert(connection, [(number, *copy.listing) for number, copy in numbered])
    TOPICS.insert(
        connection, [(number, *topic) for number, copy in numbered for topic in copy.topics]
    )
    PLACES.insert(connection, [place for copy in copies for place in copy.places])
    return first


@lru_cache(maxsize=256)
def _only_confirmed(confirmed_at: datetime | None, by: str, today: date) -> Fresh:
    """Return how services stand of which nothing else is known: a register has many of one day."""
    return rules.fresh(Life(confirmed_at, by), today=today)


def _numbers(session: Session, keys: Sequence[UUID]) -> dict[UUID, int]:
    wanted = select(LISTING.c.service_id, LISTING.c.number).where(LISTING.c.service_id.in_(keys))
    return {row[0]: row[1] for row in session.connection().execute(wanted)}


def next_number(connection: Connection) -> int:
    """Return the first number that no listing has."""
    last = connection.execute(select(func.max(LISTING.c.number))).scalar()
    return (last or 0) + 1


def lock_numbers(connection: Connection) -> None:
    """Wait until nobody else hands out numbers; on SQLite nobody else writes anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": NUMBER_LOCK})


def facts_of(session: Session, service: Service) -> Facts:
    """Return what may be published of a service, as it stands in the database."""
    key = service.id
    return Facts(
        id=key,
        organization_id=service.organization_id,
        organization_name=service.organization.name,
        community_id=service.community_id,
        community_name=service.community.name if service.community else "",
        name=service.name,
        kind=service.kind,
        summary=service.summary,
        description=service.description,
        eligibility=service.eligibility,
        access=service.access,
        how_to_join=service.how_to_join,
        first_visit=service.first_visit,
        languages=service.languages,
        fees=service.fees,
        ask_for=service.ask_for,
        welcomes=service.welcomes,
        full_until=service.full_until,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        photo=queries.photo_of(session, service),
        source_id=service.source_id,
        confirmed_at=service.confirmed_at,
        topics=_topics(session, ServiceTerm, key),
        not_for=_topics(session, ServiceNotFor, key),
        times=[plain_times(one) for one in service.schedules],
        places=[(place.id, place.location) for place in _places(service)],
    )


def _topics(session: Session, link: Any, key: UUID) -> list[tuple[str, str]]:
    """Return (slug, name) of the topics that a kind of link joins to a service, by name."""
    term: Any = TaxonomyTerm
    wanted = (
        select(term.slug, term.name)
        .join(link, link.term_id == term.id)
        .where(link.service_id == key)
        .order_by(term.name)
    )
    return [(slug, name) for slug, name in session.connection().execute(wanted)]


def _places(service: Service) -> list[ServiceAtLocation]:
    return sorted(service.places, key=lambda place: place.id)
