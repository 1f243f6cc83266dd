"""Somebody asks for a hello themself; a volunteer takes it, and it becomes a connection."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.connections import queries, rules
from asset_hub.connections.models import Connection, Hello, HelloState, HelloWish, Route, State
from asset_hub.connections.service.making import make
from asset_hub.core import audit, db, ids, outbox, throttle, wiping
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Role
from asset_hub.core.words import plain_email
from asset_hub.directory.models import Service
from asset_hub.people import queries as people
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedHow, AgreedTo, Person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_ASKED = 5  # an hour from one network
MOST_OF_ONE = (
    5  # a day with one number or mail address, whoever types it: it is rung and written to
)
MOST_FOR_ONE = 40  # a day in one community, from everywhere: each is a letter to all who help there


def ask_for_hello(
    session: Session,
    service: Service,
    *,
    name: str,
    phone: str,
    email: str,
    safe_contact: str,
    wish: HelloWish,
    matters: str,
    request_key: str,
    address: str,
    today: date,
    now: datetime,
) -> Hello:
    """Keep a request for a hello and tell those who may take it; a double click is one.

    The link to follow it is made from `request_key`. Raise RuleBroken when nobody is there who
    could take it, or when there is no way to reach whoever asks.
    """
    _count(session, service, address=address, phone=phone, email=email, now=now)
    rules.way_to_reach_me(phone=phone, email=email)
    takers = who_may_take(session, service)
    if service.community_id is None or not takers:
        raise RuleBroken("Nobody here can say hello for this group yet. Please ring them yourself.")
    hello = Hello(
        service_id=service.id, community_id=service.community_id, digest=ids.digest(request_key),
        wish=wish, wording=persons.words_online().version,
        asked_at=now, due_on=rules.hello_due(today),
    )  # fmt: skip
    hello.name, hello.phone, hello.email = name, phone, email
    hello.safe_contact, hello.matters = safe_contact, matters
    if not db.claim(session, hello):
        return queries.hello_of(session, request_key)
    for one in takers:
        _tell(session, "hello-waiting", hello, to=one.email, now=now, who=one)
    if email:
        outbox.post(
            session, "hello-asked", to=email, cause=f"hello-asked:{hello.id}", now=now,
            facts={"hello": hello.id, "token": request_key},
        )  # fmt: skip
    return hello


def _count(
    session: Session, service: Service, *, address: str, phone: str, email: str, now: datetime
) -> None:
    """Raise TooOften before anybody is rung, or written to, too often by somebody else's hand."""
    throttle.hit(
        session,
        "hello",
        throttle.network(address),
        limit=MOST_ASKED,
        per=HOUR,
        now=now,
        even_refused=True,
    )
    for way in filter(None, (people.phone_print(phone), plain_email(email))):
        throttle.hit(session, "hello-of", way, limit=MOST_OF_ONE, per=DAY, now=now)
    where = str(service.community_id)
    throttle.hit(session, "hello-for", where, limit=MOST_FOR_ONE, per=DAY, now=now)


def who_may_take(session: Session, service: Service) -> list[Account]:
    """Return the navigators and coordinators of a group's community."""
    return accounts.keepers(session, community_id=service.community_id)


def look_over_hellos(session: Session, by: Account, *, now: datetime) -> Sequence[Hello]:
    """Return the hellos that somebody may take, and write down that they looked."""
    found = queries.hellos(session, by)
    if found:
        shown = [str(hello.id) for hello in found]
        audit.note(session, "list", by, by=by.id, now=now, of="hello", shown=shown)
    return found


def alike(session: Session, hello: Hello, *, by: Account, now: datetime) -> list[Person]:
    """Return the people within reach who may be the one who asks; each is noted as looked at."""
    return list(persons.look_alikes(session, name=hello.name, phone=hello.phone, by=by, now=now))


def take(
    session: Session,
    hello: Hello,
    *,
    by: Account,
    today: date,
    now: datetime,
    known: Person | None = None,
) -> Connection:
    """Take a hello: the person is written down (or `known` already), kept by whoever takes it.

    The group is not asked yet: whoever keeps it speaks to the person first. Two people who take
    one at once: the second is told. The same person twice gets the connection that was made.
    Both agreements are those given on the page: in the words that stood there, at that time.
    """
    if hello.taken_by_id == by.id and (made := queries.by_request_key(session, hello.digest)):
        return made
    if not hello.is_waiting:
        raise RuleBroken("Somebody else has taken this, or it was taken back.")
    _must_be_possible(session, hello, known)
    given: dict[str, Any] = {"how": AgreedHow.ONLINE, "wording": hello.wording}
    person = known or persons.add_person(
        session, name=hello.name, phone=hello.phone, email=hello.email,
        contact_by=rules.way_to_reach_me(phone=hello.phone, email=hello.email),
        safe_contact=hello.safe_contact, matters=hello.matters, community_id=hello.community_id,
        agreed_at=hello.asked_at, request_key=hello.digest, by=by, now=now, **given,
    )  # fmt: skip
    if known:
        persons.agree(
            session, known, AgreedTo.RECORD, at=hello.asked_at, by=by, now=now, **given
        )  # fmt: skip
    connection = make(
        session, person, hello.service.stands_in, request_key=hello.digest,
        reason=rules.hello_reason(hello.wish, hello.matters, _now_reached(hello) if known else ""),
        message=rules.opening_words(person.first_name, hello.service.name),
        topic=queries.topic_of(hello.service), route=Route.SELF, agreed_at=hello.asked_at, by=by,
        today=today, now=now, ask_now=False, keeper=by, **given,
    )  # fmt: skip
    hello.taken_by_id = by.id
    _end(session, hello, HelloState.TAKEN, now=now)
    audit.note(session, "take", person, by=by.id, now=now, of="hello")
    return connection


def _must_be_possible(session: Session, hello: Hello, known: Person | None) -> None:
    """Refuse what cannot become a connection, or what an unproven word on a page must not undo."""
    if not hello.can_be_said:
        raise RuleBroken(
            f"{hello.service.name} is not listed at the moment, so nobody can be introduced to it."
            " A coordinator can say that nobody here can."
        )
    if known is None:
        return
    if known.no_contact:
        raise RuleBroken(
            f"{known.first_name} asked not to be contacted. Take it as from somebody else, and ask"
            " whoever you reach."
        )
    if any(people.took_back(session, known.id, each) for each in AgreedTo):
        raise RuleBroken(
            f"{known.first_name} took back an agreement, and this page does not prove who asked."
            " Ask them first and connect them from their own page, or take it as from somebody"
            " else."
        )
    if queries.has_open(session, known.id, hello.service.stands_in.id):
        raise RuleBroken(
            f"{known.first_name} has an open connection to this group already. Go on with that"
            " one; a coordinator can say of this one that nobody here can."
        )


def _now_reached(hello: Hello) -> str:
    """Return how somebody known asks to be reached this time: it may not be what we have."""
    return rules.ways_said(phone=hello.phone, email=hello.email, safe_contact=hello.safe_contact)


def to_decline(session: Session, hellos: Sequence[Hello], by: Account) -> set[UUID]:
    """Return the hellos of which somebody may say that nobody here can."""
    return {hello.id for hello in hellos if queries.may_decline(session, hello, by)}


def hello_progress(hello: Hello, state: State | None) -> dict[str, Any]:
    """Return how far a hello has come, as whoever asked reads it: steps, and what is in the way."""
    if hello.state not in (HelloState.WAITING, HelloState.TAKEN):
        return {"steps": [], "aside": ""}
    aside = rules.HELLO_ASIDE.get(state, "") if state else ""
    return {"steps": rules.hello_progress(state), "aside": aside}


def decline(session: Session, hello: Hello, *, by: Account, now: datetime) -> None:
    """Say that nobody here can; whoever asked is told to ring the group, when they gave a mail."""
    if not hello.is_waiting:
        raise RuleBroken("Somebody else has taken this, or it was taken back.")
    if not queries.may_decline(session, hello, by):
        raise RuleBroken("Your coordinator can say that nobody here can. Ask them, or take it.")
    audit.note(session, "decline", by, by=by.id, now=now, of="hello", hello=str(hello.id))
    _let_know(session, hello, HelloState.DECLINED, now=now)


def take_back(session: Session, hello: Hello, *, now: datetime) -> bool:
    """End a hello for whoever asked; return False when somebody has taken it already."""
    if not hello.is_waiting:
        return False
    _end(session, hello, HelloState.WITHDRAWN, now=now)
    return True


def remind(session: Session, hello: Hello, *, today: date, now: datetime) -> None:
    """Tell the coordinators of a hello that nobody took; after a while, end it.

    Where nobody coordinates, the navigators are told, and once whoever administers the site, who
    can name a coordinator. Said once a day at most; whoever asked is told when it ends.
    """
    if not hello.is_waiting:
        return
    if today > rules.hello_ends_after(hello.due_on, possible=hello.can_be_said):
        _let_know(session, hello, HelloState.LAPSED, now=now)
        return
    told = queries.coordinators(session, hello)
    if not told:
        told = accounts.keepers(session, community_id=hello.community_id)
        for admin in accounts.holders(session, Role.ADMIN):
            _tell(session, "hello-unheard", hello, to=admin.email, now=now, who=admin)
    for one in told:
        _tell(session, "hello-overdue", hello, to=one.email, now=now, who=one, day=today)


def forget_hellos(session: Session, *, now: datetime) -> None:
    """Delete the hellos that ended more than a year ago; what they led to stands."""
    old = col(Hello.ended_at) < now - rules.HELLO_KEPT
    session.exec(delete(Hello).where(old))


def _tell(
    session: Session,
    kind: str,
    hello: Hello,
    *,
    to: str,
    now: datetime,
    who: Account,
    day: date | None = None,
) -> None:
    cause = f"{kind}:{hello.id}:{who.id}" + (f":{day}" if day else "")
    facts = {"hello": hello.id, "who": who.id}
    outbox.post(session, kind, to=to, cause=cause, now=now, facts=facts)


def _let_know(session: Session, hello: Hello, state: HelloState, *, now: datetime) -> None:
    to, group = hello.email, hello.service_id
    _end(session, hello, state, now=now)
    if to:
        outbox.post(
            session, "hello-ended", to=to, cause=f"hello-ended:{hello.id}", now=now,
            facts={"service": group},
        )  # fmt: skip


def _end(session: Session, hello: Hello, state: HelloState, *, now: datetime) -> None:
    hello.state, hello.ended_at = state, now
    for field in ("name", "phone", "email", "safety", "matters"):
        setattr(hello, f"{field}_sealed", None)
    session.add(hello)
    session.flush()
    wiping.forget_letters(session, f"hello-asked:{hello.id}")
