"""A person's link is made and ended, what they ask is kept and answered, and they are erased."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, SQLModel, col, select

from asset_hub.accounts import service as accounts
from asset_hub.accounts.models import Account
from asset_hub.connections import service as connections
from asset_hub.connections.models import (
    Connection,
    ConnectionDraft,
    ConnectionEvent,
    ReplyLink,
)
from asset_hub.core import audit, db, ids, outbox, throttle
from asset_hub.core.access import reaches
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.core.powers import Can
from asset_hub.followups.models import Attempt
from asset_hub.people.models import AgreedTo, Need, Person, PersonBlock
from asset_hub.privacy import queries, rules
from asset_hub.privacy.models import OwnLink, OwnRequest, Wish

TRIES, TRIES_PER = 8, timedelta(hours=1)
WRONG_A_DAY = 5  # in the thirty days of a link that is 150 guesses of 10,000
WISHES_A_DAY = 10
LINKS_A_DAY = 10


def make_link(session: Session, person: Person, *, by: Account, now: datetime) -> str:
    """Return the token of a new link for a person to see what is kept; the one before it ends.

    It is shown once, to be handed over or sent by a safe way.
    """
    throttle.hit(session, "own-link", str(by.id), limit=LINKS_A_DAY, per=timedelta(days=1), now=now)
    end_links(session, person, now=now)
    token = ids.token()
    link = OwnLink(
        person_id=person.id,
        digest=ids.digest(token),
        made_by_id=by.id,
        made_at=now,
        expires_at=now + rules.LINK_LASTS,
    )
    session.add(link)
    audit.note(session, "own-link", person, by=by.id, now=now)
    return token


def end_links(session: Session, person: Person, *, now: datetime) -> None:
    """End every link of a person."""
    for link in queries.live_links(session, person, now=now):
        link.ended_at = now
        session.add(link)
    session.flush()


def count_try(session: Session, token: str, *, now: datetime) -> None:
    """Count one try to open a link; raise TooOften after eight in an hour."""
    throttle.hit(session, "own-page", ids.digest(token), limit=TRIES, per=TRIES_PER, now=now)


def open_page(session: Session, link: OwnLink, *, digits: str, now: datetime) -> None:
    """Open a link's page, once the digits fit; the look is written down.

    Raise TooOften after five wrong ones in a day: a link lasts long enough to guess by the hour.
    """
    wrong: dict[str, Any] = {"limit": WRONG_A_DAY, "per": timedelta(days=1), "now": now}
    throttle.must_be_left(session, "own-page, wrong", link.digest, **wrong)
    wanted = rules.proof_of(link.person.phone)
    if not rules.is_proven(digits, wanted):
        throttle.hit(session, "own-page, wrong", link.digest, even_refused=True, **wrong)
    rules.must_be_proven(digits, wanted)
    audit.note(session, "own-look", link.person, by=None, now=now)


def take_back(session: Session, link: OwnLink, agreed_to: AgreedTo, *, now: datetime) -> None:
    """Take an agreement back for the person themself, and stop what it carried at once."""
    connections.withdraw_agreement(session, link.person, agreed_to, by=None, now=now)


def ask(
    session: Session,
    link: OwnLink,
    *,
    wish: Wish,
    words: str,
    request_key: str,
    today: date,
    now: datetime,
) -> OwnRequest:
    """Keep what a person asks, due within a month, and tell whoever looks after them."""
    if known := queries.asked_before(session, request_key):
        return known
    rules.must_say_something(words, needs_words=wish is not Wish.ERASE)
    a_day: dict[str, Any] = {"limit": WISHES_A_DAY, "per": timedelta(days=1), "now": now}
    throttle.hit(session, "own-request", link.digest, **a_day)  # each is a letter to a few people
    person = link.person
    request = OwnRequest(
        person_id=person.id,
        community_id=person.community_id,
        practice_id=person.practice_id,
        request_key=request_key,
        wish=wish,
        asked_at=now,
        due_on=rules.due_on(today),
    )
    request.words = words
    if not db.claim(session, request):
        found = queries.asked_before(session, request_key)
        if found is None:
            raise Missing
        return found
    request = session.get_one(OwnRequest, request.id)
    audit.note(session, "own-request", person, by=None, now=now, wish=wish.value)
    for one in queries.answerers(session, person):
        outbox.post(
            session, "person-asked", to=one.email, cause=f"person-asked:{request.id}:{one.id}",
            now=now, facts={"request": request.id, "who": one.id},
        )  # fmt: skip
    return request


def look_over(session: Session, *, by: Account, now: datetime) -> Sequence[OwnRequest]:
    """Return what people have asked and nobody has answered; note whose names are shown by it."""
    found = queries.waiting(session, by)
    if found:
        shown = [str(one.person_id) for one in found]
        audit.note(session, "list", by, by=by.id, now=now, of="own_request", shown=shown)
    return found


def answer(
    session: Session, request: OwnRequest, *, words: str, by: Account, now: datetime
) -> None:
    """Keep the answer to what a person asked; they read it by their link."""
    rules.must_be_waiting(request.answered_at)
    if not words.strip():
        raise RuleBroken("Write what you did, so that they can read it", field="answer")
    request.answer = words
    request.answered_at, request.answered_by_id = now, by.id
    session.add(request)
    audit.note(session, "answer-request", request.person, by=by.id, now=now)
    session.flush()


def erase_as_asked(session: Session, request: OwnRequest, *, by: Account, now: datetime) -> None:
    """Erase who asked for it; raise RuleBroken when that is not, or no more, what they wait for."""
    if request.wish is not Wish.ERASE:
        raise RuleBroken("They did not ask to be erased.")
    rules.must_be_waiting(request.answered_at)
    erase(session, request.person, by=by, now=now)


def erase(session: Session, person: Person, *, by: Account, now: datetime) -> None:
    """Empty everything that is kept about a person; rows that only count stay, without a word.

    What is open is withdrawn first, so that nobody expects them. There is no way back.
    """
    if person.erased_at is not None:
        raise Missing
    connections.withdraw_agreement(session, person, AgreedTo.RECORD, by=by, now=now)
    end_links(session, person, now=now)
    audit.note(session, "erase", person, by=by.id, now=now)
    made = select(Connection.id).where(Connection.person_id == person.id)
    _forget_connections(session, made, now=now)
    _forget_asked(session, person, by=by, now=now)
    accounts.forget_about(session, {person.id, *session.exec(made).all()})
    for kind in (Need, PersonBlock, ConnectionDraft):
        _run(session, delete(kind).where(kind.person_id == person.id))  # type: ignore[arg-type]
    for name, nothing in _emptied("person").items():
        setattr(person, name, nothing)
    person.name_print = person.phone_print = person.language = ""
    person.interpreter = person.voicemail_ok = person.never_post = person.needs_shared = False
    person.needs_asked_on = person.owner_id = None
    person.erased_at = now
    session.add(person)
    session.flush()
    session.expire_all()


def _forget_connections(session: Session, made: Any, *, now: datetime) -> None:
    """Empty the words of connections, their steps and the tries; end the groups' links."""
    table: Any = Connection
    _run(session, update(table).where(table.id.in_(made)).values(_emptied("connection")))
    for kind in (ConnectionEvent, Attempt):
        notes: Any = kind
        wanted = notes.connection_id.in_(made) & notes.note_sealed.is_not(None)
        _run(session, update(notes).where(wanted).values(note_sealed=None))
    links: Any = ReplyLink
    live = links.connection_id.in_(made) & (links.expires_at > now)
    _run(session, update(links).where(live).values(expires_at=now))


def _forget_asked(session: Session, person: Person, *, by: Account, now: datetime) -> None:
    """Empty what the person asked; what was still open counts as answered."""
    asked: Any = OwnRequest
    mine = asked.person_id == person.id
    _run(session, update(asked).where(mine).values(_emptied("own_request")))
    still = update(asked).where(mine & asked.answered_at.is_(None))
    _run(session, still.values(answered_at=now, answered_by_id=by.id))


def _emptied(table: str) -> dict[str, None]:
    """Return every sealed column of a table, emptied: one that is new is not forgotten."""
    columns = SQLModel.metadata.tables[table].columns
    return {column.name: None for column in columns if column.name.endswith("_sealed")}


def _run(session: Session, change: Any) -> None:
    session.connection().execute(change.execution_options(synchronize_session=False))


def forget_links(session: Session, *, before: datetime) -> None:
    """Delete links that ran out before an instant."""
    _run(session, delete(OwnLink).where(col(OwnLink.expires_at) < before))


@outbox.composer("person-asked")
def _asked(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Tell whoever answers that somebody asked; never who, or what."""
    request = session.get(OwnRequest, UUID(facts["request"]))
    who = session.get(Account, UUID(facts["who"]))
    if request is None or who is None or request.answered_at is not None or not who.is_active:
        return None
    return {"due_on": request.due_on} if reaches(who, request, Can.ANSWER_PERSON) else None
