"""Questions about connections. Every list holds only those within the reader's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import case
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, func, select

from asset_hub.accounts.models import Account, Grant
from asset_hub.connections import rules
from asset_hub.connections.models import (
    ENDED,
    Answer,
    Connection,
    ConnectionDraft,
    ConnectionEvent,
    Ending,
    ReplyLink,
    Route,
    State,
)
from asset_hub.connections.queries.choosing import topic_of as topic_of
from asset_hub.connections.queries.choosing import topics_to_choose as topics_to_choose
from asset_hub.connections.queries.hello import can_be_asked as can_be_asked
from asset_hub.connections.queries.hello import coordinators as coordinators
from asset_hub.connections.queries.hello import count_hellos as count_hellos
from asset_hub.connections.queries.hello import hello_of as hello_of
from asset_hub.connections.queries.hello import hellos as hellos
from asset_hub.connections.queries.hello import hellos_late as hellos_late
from asset_hub.connections.queries.hello import may_decline as may_decline
from asset_hub.connections.queries.hello import state_of_hello as state_of_hello
from asset_hub.core import ids
from asset_hub.core.access import Actor, places, within
from asset_hub.core.calendar import working_day_from
from asset_hub.core.crypto import vault
from asset_hub.core.errors import Missing
from asset_hub.core.powers import Can, Role
from asset_hub.directory import queries as directory
from asset_hub.directory.models import Listing, Service, Standing, TaxonomyTerm
from asset_hub.people import queries as people
from asset_hub.people.models import AgreedTo, Person, first_name_of
from asset_hub.people.queries import has_agreed

PAGE = 25


def by_request_key(session: Session, request_key: str) -> Connection | None:
    """Return the connection that a form, shown once, has made already."""
    return session.exec(select(Connection).where(Connection.request_key == request_key)).first()


def draft_of_form(session: Session, request_key: str) -> ConnectionDraft | None:
    """Return what a form, shown once, has kept to be checked."""
    wanted = select(ConnectionDraft).where(ConnectionDraft.request_key == request_key)
    return session.exec(wanted).first()


def draft(
    session: Session, key: UUID, actor: Actor, *, service_id: UUID, person_id: UUID | None
) -> ConnectionDraft:
    """Return what the actor wrote for this person and group; raise Missing for anything else."""
    found = session.get(ConnectionDraft, key)
    wanted = (actor.id, service_id, person_id)
    if found is None or (found.by_id, found.service_id, found.person_id) != wanted:
        raise Missing
    return found


def has_open(session: Session, person_id: UUID, service_id: UUID) -> bool:
    """Return whether the person has an open connection to the service, or what it took in."""
    same = [service_id, *directory.merged_here(session, service_id)]
    wanted = select(Connection.id).where(
        Connection.person_id == person_id,
        col(Connection.service_id).in_(same),
        col(Connection.state).not_in(ENDED),
    )
    return session.exec(wanted.limit(1)).first() is not None


def steps_so_far(session: Session, connection_id: UUID) -> int:
    """Return how many events a connection has."""
    wanted = select(func.count()).where(ConnectionEvent.connection_id == connection_id)
    return session.exec(wanted).one()


def link_of(session: Session, token: str) -> ReplyLink | None:
    """Return the reply link that a token opens."""
    return session.exec(select(ReplyLink).where(ReplyLink.digest == ids.digest(token))).first()


def may_be_told(session: Session, connection: Connection) -> bool:
    """Return whether the group may be told now: open, agreed, and contact is wanted."""
    person = connection.person
    return (
        connection.is_open
        and not person.no_contact
        and connection.service.stands_in.standing is Standing.LISTED
        and has_agreed(session, person.id, AgreedTo.SHARE)
    )


def address_print(service: Service) -> str:
    """Return the keyed hash of where a group is written to now ("" for nowhere)."""
    address = directory.contact_email(service).casefold()
    return vault().fingerprint(f"reply:{address}") if address else ""


def goes_to_the_contact(link: ReplyLink) -> bool:
    """Return whether whoever holds the link is still the group's contact.

    When the listing was merged, the one who was asked before and the one of the kept listing are.
    """
    group = link.connection.service
    known = {address_print(group), address_print(group.stands_in)}
    return bool(link.address_print) and link.address_print in known


def live_links(session: Session, connection: Connection, *, now: datetime) -> Sequence[ReplyLink]:
    """Return a connection's links that have not run out."""
    wanted = select(ReplyLink).where(
        ReplyLink.connection_id == connection.id, col(ReplyLink.expires_at) > now
    )
    return session.exec(wanted).all()


def is_to_be_asked(session: Session, link: ReplyLink) -> bool:
    """Return whether the link still waits for an answer that may be given."""
    return (
        link.used_at is None
        and goes_to_the_contact(link)
        and link.connection.state in rules.ANSWERABLE
        and may_be_told(session, link.connection)
    )


def is_answerable(session: Session, link: ReplyLink, *, now: datetime) -> bool:
    """Return whether the group may still answer by this link."""
    return now < link.expires_at and is_to_be_asked(session, link)


def may_change(session: Session, link: ReplyLink, *, now: datetime) -> bool:
    """Return whether the group may still change its answer: today, and nothing has followed."""
    made = link.connection
    if link.answer is None or link.used_at is None or now >= link.used_at + rules.CHANGE_LASTS:
        return False
    stands = rules.state_after(link.answer, until=made.waiting_until)
    nothing_followed = made.state is stands and made.events[-1].by_id is None
    return (
        now < link.expires_at
        and nothing_followed
        and goes_to_the_contact(link)
        and may_be_told(session, made)
    )


def asked_by(connection: Connection) -> tuple[str, str, str]:
    """Return whom the group heard from: a first name, for which place, and its phone number."""
    who = first_name_of(connection.owner.name) if connection.owner else ""
    practice = connection.person.practice if connection.practice_id else None
    if practice:
        return who, practice.name, practice.phone
    return who, connection.person.community.name, ""


def may_look_again(session: Session, link: ReplyLink, *, now: datetime) -> bool:
    """Return whether a group that said yes may still read how to reach the person."""
    return (
        link.answer is Answer.YES
        and now < link.expires_at
        and goes_to_the_contact(link)
        and may_be_told(session, link.connection)
    )


def open_of(
    session: Session, person_id: UUID, *, owner_id: UUID | None = None
) -> Sequence[Connection]:
    """Return a person's open connections, or those that one keeper keeps."""
    wanted = select(Connection).where(
        Connection.person_id == person_id, col(Connection.state).not_in(ENDED)
    )
    if owner_id is not None:
        wanted = wanted.where(Connection.owner_id == owner_id)
    return session.exec(wanted.order_by(col(Connection.made_at))).all()


def kept_by(session: Session, person_id: UUID, *, owner_id: UUID | None) -> Sequence[Connection]:
    """Return what one keeper keeps of a person's connections, ended ones too."""
    wanted = select(Connection).where(
        Connection.person_id == person_id, Connection.owner_id == owner_id
    )
    return session.exec(wanted).all()


def keepers_for(session: Session, person: Person) -> list[Account]:
    """Return who may keep in touch with a person: of their community, and of their practice."""
    return people.could_keep(session, person)


def told(connection: Connection) -> rules.Told:
    """Return exactly what the group sees of the person now."""
    return told_of(connection.person, connection.message)


def told_of(person: Person, message: str) -> rules.Told:
    """Return what a group would see of a person with a message."""
    return rules.told(
        person.name,
        person.contact_by,
        phone=person.phone,
        email=person.email,
        safe_contact=person.safe_contact,
        voicemail_ok=person.voicemail_ok,
        message=message,
        code_word=person.code_word,
        needs=person.needs_said if person.needs_shared else (),
    )


def told_of_new(
    *,
    name: str,
    phone: str,
    email: str,
    safe_contact: str,
    voicemail_ok: bool,
    message: str,
    **_: object,
) -> rules.Told:
    """Return what a group would see of somebody who is not written down yet."""
    return rules.told(
        name,
        rules.way_of_contact(phone=phone, email=email),
        phone=phone,
        email=email,
        safe_contact=safe_contact,
        voicemail_ok=voicemail_ok,
        message=message,
    )


def opening_words(person: Person | None, service: Service) -> str:
    """Return a first draft of what the group will be told, of somebody known or not yet."""
    return rules.opening_words(person.first_name if person else "They", service.name)


def route_of(actor: Actor, person: Person) -> Route:
    """Return who makes a connection: the person's practice, or a navigator."""
    practices = places(actor, Can.MAKE_CONNECTION, "practice_id")
    return Route.PRACTICE if person.practice_id in practices else Route.NAVIGATOR


def next_steps(session: Session, connection: Connection) -> frozenset[str]:
    """Return what a keeper can do with a connection now, as the names of its pages."""
    shared = has_agreed(session, connection.person_id, AgreedTo.SHARE)
    can = rules.next_steps(connection.state, shared=shared)
    written_to = directory.contact_email(connection.service.stands_in)
    return can if written_to else can - {"ask"}


def leading_step(connection: Connection, can: frozenset[str]) -> str:
    """Return the one of these steps that a keeper takes first."""
    return rules.leading(connection.state, can)


def endings(connection: Connection) -> dict[Ending, str]:
    """Return how a connection can have ended so far, with the words for it."""
    return rules.endings(introduced=connection.introduced_on is not None)


def wants_an_answer(connection: Connection, *, today: date) -> str:
    """Return what a wait asks: "wait" (does the person want to?), "over" (it ended), or ""."""
    until = connection.waiting_until
    if connection.state is not State.WAITING or until is None:
        return ""
    if until <= today:
        return "over"
    return "" if connection.next_check_on == working_day_from(until) else "wait"


def card_of(session: Session, service_id: UUID) -> dict[str, Any]:
    """Return a listed group's public card (when, where, cost); empty when it is not listed."""
    found = session.exec(select(Listing.card).where(Listing.service_id == service_id)).first()
    return dict(found or {})


def topic_name(session: Session, slug: str) -> str:
    """Return a topic as it is said; "" for none."""
    found = session.exec(select(TaxonomyTerm.name).where(TaxonomyTerm.slug == slug)).first()
    return found or ""


def keeper(keepers: Sequence[Account], key: UUID) -> Account:
    """Return the keeper that was chosen among those offered."""
    return next(each for each in keepers if each.id == key)


@dataclass(frozen=True)
class Page:
    """One page of connections, and how many there are in all."""

    connections: Sequence[Connection]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // PAGE))


def connections(
    session: Session,
    reader: Actor,
    *,
    state: State | None = None,
    person_id: UUID | None = None,
    page: int = 1,
) -> Page:
    """Return a page of the connections within reach, open ones first, soonest due first."""
    table: Any = Connection
    found: list[Any] = [within(Connection, reader, Can.READ_CONNECTION)]
    found += [table.state == state] if state else []
    found += [table.person_id == person_id] if person_id else []
    total = session.exec(select(func.count()).select_from(table).where(*found)).one()
    page = max(1, min(page, -(-total // PAGE) or 1))
    order = case((table.state.in_(ENDED), 1), else_=0), table.next_check_on, table.made_at.desc()
    wanted = select(Connection).where(*found).order_by(*order, table.id)
    shown = session.exec(_with_names(wanted).offset((page - 1) * PAGE).limit(PAGE)).all()
    return Page(shown, total, page)


def _with_names(wanted: Any) -> Any:
    table: Any = Connection
    return wanted.options(
        selectinload(table.person), selectinload(table.service), selectinload(table.owner)
    )


def in_need_of_an_owner(session: Session, reader: Actor) -> Sequence[Connection]:
    """Return open connections, for those who may give them away, whose keeper can keep no more."""
    wanted = select(Connection).where(
        within(Connection, reader, Can.REASSIGN),
        col(Connection.state).not_in(ENDED),
        ~people.is_kept(Connection),
    )
    rows = session.exec(_with_names(wanted).order_by(col(Connection.next_check_on))).all()
    return cast(Sequence[Connection], rows)


def timeline(session: Session, connection: Connection) -> Sequence[ConnectionEvent]:
    """Return what happened, the newest first, with who did it."""
    table: Any = ConnectionEvent
    wanted = select(ConnectionEvent).where(table.connection_id == connection.id)
    return session.exec(wanted.options(selectinload(table.by)).order_by(table.number.desc())).all()


def keepers_to_let_go(session: Session, person_id: UUID, *, before: datetime) -> Sequence[UUID]:
    """Return navigators whose connections with a person all ended before an instant."""
    return [key for _, key in session.exec(_views_to_end(before, person_id))]


def people_to_let_go(session: Session, *, now: datetime) -> list[UUID]:
    """Return the people whom a navigator has seen for long enough."""
    found = session.exec(_views_to_end(now - rules.VIEW_LASTS, None)).all()
    return list(dict.fromkeys(key for key, _ in found))


def _views_to_end(before: datetime, person_id: UUID | None) -> Any:
    table: Any = Connection
    navigators = select(Grant.account_id).where(
        Grant.role == Role.NAVIGATOR, col(Grant.ended_at).is_(None)
    )
    wanted = select(table.person_id, table.owner_id).where(table.owner_id.in_(navigators))
    if person_id is not None:
        wanted = wanted.where(table.person_id == person_id)
    every_one_ended = func.count() == func.count(table.ended_at)
    return wanted.group_by(table.person_id, table.owner_id).having(
        every_one_ended, func.max(table.ended_at) < before
    )
