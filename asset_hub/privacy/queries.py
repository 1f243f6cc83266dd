"""Everything that is kept about a person, as they are shown it, and what people have asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.connections.models import (
    ENDING_WORDS,
    HANDOVER_WORDS,
    ROUTE_WORDS,
    STATE_WORDS,
    Connection,
    ConnectionEvent,
)
from asset_hub.core import ids
from asset_hub.core.access import Actor, within
from asset_hub.core.audit import AuditEntry, AuditShown
from asset_hub.core.calendar import london, say_date, say_moment
from asset_hub.core.powers import Can, Role
from asset_hub.followups.models import Attempt
from asset_hub.people import queries as people
from asset_hub.people import service as persons
from asset_hub.people.models import (
    AGREED_HOW_WORDS,
    AGREED_TO_WORDS,
    CONTACT_WORDS,
    AgreedTo,
    Need,
    Person,
    first_name_of,
)
from asset_hub.privacy import rules
from asset_hub.privacy.models import WISH_WORDS, OwnLink, OwnRequest

PROOF_LASTS = timedelta(minutes=30)  # after the page was opened with the last digits
LOOK_WORDS = {
    "add": "Wrote you down", "read": "Looked at your page", "change": "Changed your details",
    "agree": "Wrote down that you agreed", "withdraw": "Wrote down what you took back",
    "give": "Chose who looks after you", "list": "Saw your name in a list",
    "look-alike": "Compared a new name with yours", "ask-needs": "Wrote down what you need",
    "add-need": "Wrote down what you would like help with", "keep-out": "Kept somebody out",
    "let-in": "Let somebody in again", "died": "Wrote down a death", "alive": "Took that back",
    "promise": "Chose when to look again", "take": "Took your request for a hello",
    "let-go": "Stopped seeing you", "own-link": "Made your link", "own-look": "You looked yourself",
    "own-request": "You asked something", "answer-request": "Answered what you asked",
    "search-people": "Found you by name", "record": "Wrote down how it goes",
    "erase": "Erased what was kept",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One part of what is kept: a title, and records of (what, words) pairs."""

    title: str
    records: list[list[tuple[str, str]]]


def link_of(session: Session, token: str, *, now: datetime) -> OwnLink | None:
    """Return the link that a token opens now.

    Whoever made it has seen it, so it opens nothing once they are kept out or their account ends.
    """
    found = session.exec(select(OwnLink).where(OwnLink.digest == ids.digest(token))).first()
    if found is None or found.ended_at is not None or found.expires_at <= now:
        return None
    gone = not found.made_by.is_active or found.person.keeps_out(found.made_by_id)
    return None if gone else found


def live_links(session: Session, person: Person, *, now: datetime) -> Sequence[OwnLink]:
    """Return a person's links that still open something."""
    wanted = select(OwnLink).where(
        OwnLink.person_id == person.id,
        col(OwnLink.ended_at).is_(None),
        col(OwnLink.expires_at) > now,
    )
    return session.exec(wanted.order_by(col(OwnLink.made_at).desc())).all()


def asks_for_digits(link: OwnLink) -> bool:
    """Return whether a link asks for the last digits of a number that we know."""
    return bool(rules.proof_of(link.person.phone))


def given(session: Session, person: Person) -> list[AgreedTo]:
    """Return what a person has agreed to that still holds."""
    return [what for what in AgreedTo if people.has_agreed(session, person.id, what)]


def answerers(session: Session, person: Person) -> list[Account]:
    """Return who answers a person; nobody who is kept out of them.

    The data protection lead of their practice, else its leads, else their community's coordinators.
    """
    practice: dict[str, Any] = {"practice_id": person.practice_id}
    asked = [(Role.DATA_PROTECTION, practice), (Role.PRACTICE_LEAD, practice)]
    asked = asked if person.practice_id else []
    for role, place in [*asked, (Role.COORDINATOR, {"community_id": person.community_id})]:
        found = accounts.holders(session, role, **place)
        if there := [each for each in found if not person.keeps_out(each.id)]:
            return there
    return []


def asked_before(session: Session, request_key: str) -> OwnRequest | None:
    """Return what a form, shown once, has asked already."""
    return session.exec(select(OwnRequest).where(OwnRequest.request_key == request_key)).first()


def waiting(session: Session, reader: Actor) -> Sequence[OwnRequest]:
    """Return what people within reach have asked and nobody has answered, the oldest first."""
    wanted = select(OwnRequest).where(
        within(OwnRequest, reader, Can.ANSWER_PERSON), col(OwnRequest.answered_at).is_(None)
    )
    wanted = wanted.options(selectinload(OwnRequest.person))  # type: ignore[arg-type]
    return session.exec(wanted.order_by(col(OwnRequest.due_on), col(OwnRequest.asked_at))).all()


def connections_of(session: Session, person: Person) -> Sequence[Connection]:
    """Return every connection of a person, ended ones too."""
    table: Any = Connection
    wanted = select(Connection).where(table.person_id == person.id).order_by(table.made_at)
    return session.exec(wanted.options(selectinload(table.service))).all()


def attempts_of(session: Session, person: Person) -> Sequence[Attempt]:
    """Return every try to hear from a person."""
    table: Any = Attempt
    wanted = select(Attempt).join(Connection).where(col(Connection.person_id) == person.id)
    return session.exec(wanted.options(selectinload(table.by)).order_by(table.at)).all()


def events_of(session: Session, person: Person) -> Sequence[ConnectionEvent]:
    """Return every step of a person's connections."""
    table: Any = ConnectionEvent
    wanted = select(ConnectionEvent).join(Connection).where(col(Connection.person_id) == person.id)
    wanted = wanted.options(selectinload(table.by)).order_by(table.at, table.number)
    return session.exec(wanted).all()


def everything(session: Session, person: Person, *, now: datetime) -> list[Part]:
    """Return all that is kept about a person, part by part, in words they can read."""
    return [
        Part("Who you are and how to reach you", [_details(person)]),
        Part("What you agreed to", [_agreement(each) for each in _agreements(session, person)]),
        Part("What you would like help with", [_need(n) for n in people.wants(session, person)]),
        Part("Your connections", _connections(session, person)),
        Part("What happened", _happened(session, person)),
        Part("What you asked", [_request(r) for r in _requests(session, person)]),
        Part("Who looked", looks(session, person)),
    ]


def _details(person: Person) -> list[tuple[str, str]]:
    return [
        ("Called", person.name),
        ("Community", person.community.name),
        ("Practice", person.practice.name if person.practice else ""),
        ("Looked after by", first_name_of(person.owner.name) if person.owner else "Nobody now"),
        ("Likes to be reached by", CONTACT_WORDS[person.contact_by]),
        ("Phone", person.phone),
        ("Email", person.email),
        ("When and how it is safe", person.safe_contact),
        ("Leave a message on the phone", "Yes" if person.voicemail_ok else "No"),
        ("Never by post", "Yes" if person.never_post else "No"),
        ("Code word", "There is one, which you know" if person.code_word else ""),
        ("What you need", "; ".join(person.needs_said)),
        ("Groups are told what you need", "Yes" if person.needs_shared else "No"),
        ("Asked what you need", say_date(person.needs_asked_on) if person.needs_asked_on else ""),
        ("What matters to you", person.matters),
        ("What you are good at", person.strengths),
        ("What you would like to give", person.offers),
        ("Do not contact", "Yes" if person.no_contact else "No"),
        ("People who must not see you", str(len(person.blocks)) if person.blocks else ""),
        ("Written down", say_moment(person.created_at)),
    ]


def _agreements(session: Session, person: Person) -> Sequence[Any]:
    return people.agreements(session, person.id)


def _agreement(consent: Any) -> list[tuple[str, str]]:
    taken = say_moment(consent.withdrawn_at) if consent.withdrawn_at else ""
    return [
        ("To", AGREED_TO_WORDS[consent.agreed_to]),
        ("When", say_moment(consent.given_at)),
        ("How", AGREED_HOW_WORDS[consent.how]),
        ("Who asked", first_name_of(consent.asked_by.name)),
        ("The words", persons.words_read(consent)),
        ("Taken back", taken),
    ]


def _need(need: Need) -> list[tuple[str, str]]:
    met = say_moment(need.met_at) if need.met_at else ""
    return [("In your words", need.words), ("Topic", need.topic_name), ("Met", met)]


def _connections(session: Session, person: Person) -> list[list[tuple[str, str]]]:
    return [
        [
            ("Group", each.service.name),
            ("How it stands", STATE_WORDS[each.state]),
            ("Made by", ROUTE_WORDS[each.route]),
            ("Since", say_moment(each.made_at)),
            ("Why", each.reason),
            ("What the group was told", each.message),
            ("Introduced", HANDOVER_WORDS[each.handover] if each.handover else ""),
            ("Ended", ENDING_WORDS.get(each.ending, "") if each.ending else ""),
            ("In your words", each.ending_words),
            ("Somebody looks again", say_date(each.next_check_on) if each.next_check_on else ""),
        ]
        for each in connections_of(session, person)
    ]


def _happened(session: Session, person: Person) -> list[list[tuple[str, str]]]:
    """Return the steps and the tries in one order, the newest first."""
    steps = [(each.at, each.words, each.by, each.note) for each in events_of(session, person)]
    tries = [(each.at, each.words, each.by, each.note) for each in attempts_of(session, person)]
    lines = sorted([*steps, *tries], key=lambda line: line[0], reverse=True)
    return [
        [
            ("When", say_moment(at)),
            ("What", what),
            ("Who", first_name_of(by.name) if by else "The group"),
            ("Noted", note),
        ]
        for at, what, by, note in lines
    ]


def _requests(session: Session, person: Person) -> Sequence[OwnRequest]:
    wanted = select(OwnRequest).where(OwnRequest.person_id == person.id)
    return session.exec(wanted.order_by(col(OwnRequest.asked_at).desc())).all()


def _request(request: OwnRequest) -> list[tuple[str, str]]:
    return [
        ("What", WISH_WORDS[request.wish]),
        ("In your words", request.words),
        ("When", say_moment(request.asked_at)),
        ("We answer by", say_date(request.due_on) if request.answered_at is None else ""),
        ("Answer", request.answer),
    ]


def looks(session: Session, person: Person, *, most: int = 200) -> list[list[tuple[str, str]]]:
    """Return who looked at a person or changed something: by day, the newest first, by first name.

    The same of one day by the same is one line.
    """
    about: list[UUID] = [person.id, *(each.id for each in connections_of(session, person))]
    entry: Any = AuditEntry
    listed = select(AuditShown.entry_id).where(col(AuditShown.subject_id).in_(about))
    seen = or_(entry.subject_id.in_(about), entry.id.in_(listed))
    wanted = select(AuditEntry).where(seen).order_by(entry.id.desc()).limit(most)
    rows = session.exec(wanted).all()
    names = _names(session, {row.by_id for row in rows if row.by_id})
    lines = Counter(
        (
            say_date(london(row.at).date()),
            LOOK_WORDS.get(row.action, "Worked on something of yours"),
            names.get(row.by_id, "The site itself") if row.by_id else _own(row.action),
        )
        for row in rows
    )
    return [
        [("When", day), ("What", what + (f", {times} times" if times > 1 else "")), ("Who", who)]
        for (day, what, who), times in lines.items()
    ]


def _own(action: str) -> str:
    return "You" if action.startswith("own-") else "The site itself"


def _names(session: Session, keys: set[UUID]) -> dict[UUID, str]:
    found = session.exec(select(Account).where(col(Account.id).in_(keys)))
    return {account.id: first_name_of(account.name) for account in found}
