"""Bring a person and a service together, and ask the group."""

from datetime import date, datetime

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.connections import queries, rules
from asset_hub.connections.models import Connection, ReplyLink, Route, State
from asset_hub.connections.service.steps import log, move, must_be_wanted
from asset_hub.core import db, ids, outbox
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries as directory
from asset_hub.directory.models import Service
from asset_hub.people import queries as people
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedHow, AgreedTo, Person
from asset_hub.people.queries import Home


def make(
    session: Session,
    person: Person,
    service: Service,
    *,
    by: Account,
    request_key: str,
    reason: str,
    message: str,
    topic: str,
    route: Route,
    how: AgreedHow,
    today: date,
    now: datetime,
    ask_now: bool = True,
    keeper: Account | None = None,
    wording: str = "",
    agreed_at: datetime | None = None,
) -> Connection:
    """Connect a person to a service and ask the group by mail, if it has an address.

    Unless `ask_now`, the keeper asks later, from the connection's page. Whoever keeps in touch with
    the person keeps it, unless a `keeper` is named. A used `request_key` returns what it made.
    `wording`, `agreed_at`: see `persons.agree`.
    """
    if before := queries.by_request_key(session, request_key):
        return _made_before(before, person, by=by)
    must_be_wanted(session, person, service)
    persons.agree(
        session, person, AgreedTo.SHARE, how=how, wording=wording, at=agreed_at, by=by, now=now
    )
    connection = Connection(
        person_id=person.id, community_id=person.community_id, practice_id=person.practice_id,
        service_id=service.id, organization_id=service.organization_id,
        owner_id=(keeper or _keeper_of(person) or by).id, made_by_id=by.id,
        request_key=request_key, route=route, topic=topic, made_at=now,
        next_check_on=rules.next_check(State.AGREED, today=today),
    )  # fmt: skip
    connection.reason, connection.message = reason, message
    if not db.claim(session, connection):
        return _taken(session, request_key, person, by=by)
    connection = session.get_one(Connection, connection.id)
    log(session, connection, None, by=by, now=now)
    if ask_now:
        ask(session, connection, by=by, now=now)
    return connection


def _keeper_of(person: Person) -> Account | None:
    return person.owner if people.can_keep(person.owner, person) else None


def connect_new(
    session: Session,
    service: Service,
    *,
    name: str,
    phone: str,
    email: str,
    safe_contact: str,
    voicemail_ok: bool,
    matters: str,
    message: str,
    how: AgreedHow,
    home: Home,
    request_key: str,
    by: Account,
    today: date,
    now: datetime,
) -> Connection:
    """Add a person and connect them at once (journey 6)."""
    person = persons.add_person(
        session,
        name=name,
        phone=phone,
        email=email,
        contact_by=rules.way_of_contact(phone=phone, email=email),
        safe_contact=safe_contact,
        voicemail_ok=voicemail_ok,
        matters=matters,
        community_id=home.community_id,
        practice_id=home.practice_id,
        how=how,
        request_key=request_key,
        by=by,
        now=now,
    )
    return make(
        session,
        person,
        service,
        request_key=request_key,
        reason=matters,
        message=message,
        topic=queries.topic_of(service),
        route=Route.PRACTICE if home.practice_id else Route.NAVIGATOR,
        how=how,
        by=by,
        today=today,
        now=now,
    )


def _taken(session: Session, request_key: str, person: Person, *, by: Account) -> Connection:
    """Return what the same form made an instant ago; refuse when another form was first."""
    if before := queries.by_request_key(session, request_key):
        return _made_before(before, person, by=by)
    raise rules.open_already(person.first_name)


def _made_before(connection: Connection, person: Person, *, by: Account) -> Connection:
    if (connection.made_by_id, connection.person_id) != (by.id, person.id):
        raise RuleBroken("This page is too old. Open it again.")
    return connection


def ask(session: Session, connection: Connection, *, by: Account, now: datetime) -> bool:
    """Ask the group with a new one-use link; return False when it has no mail address.

    Without an address nothing changes: the next date stands and the page says whom to telephone.
    """
    if connection.state not in rules.ASKABLE:
        raise RuleBroken("The group has been asked already.")
    if not people.has_agreed(session, connection.person_id, AgreedTo.SHARE):
        raise RuleBroken("They have not agreed that the group is told. Ask again first.")
    address = directory.contact_email(connection.service.stands_in)
    if not address:
        return False
    for earlier in queries.live_links(session, connection, now=now):
        earlier.expires_at = now  # only the newest link counts
        session.add(earlier)
    token = ids.token()
    link = ReplyLink(
        connection_id=connection.id,
        digest=ids.digest(token),
        address_print=queries.address_print(connection.service.stands_in),
        sent_at=now,
        expires_at=now + rules.LINK_LASTS,
    )
    session.add(link)
    move(session, connection, State.SENT, by=by, now=now)
    facts = {"connection": connection.id, "token": token}
    outbox.post(
        session, "connection-asked", to=address, cause=f"asked:{link.id}", now=now, facts=facts
    )
    return True
