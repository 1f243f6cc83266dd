"""Questions about people. Every list holds only those within the reader's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import load_only, selectinload
from sqlmodel import Session, col, exists, select

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account, Grant
from asset_hub.communities.models import Community, Practice, PracticeCommunity
from asset_hub.core.access import Actor, places, reaches, within
from asset_hub.core.crypto import vault
from asset_hub.core.powers import POWERS, Can, Reach, Role
from asset_hub.people import rules
from asset_hub.people.models import AgreedTo, Consent, Need, Person, PersonBlock

PAGE = 25
MOST_DOUBLES = 5


@dataclass(frozen=True)
class Home:
    """Where a new person may belong: a community, through a practice or directly."""

    community_id: UUID
    practice_id: UUID | None
    label: str

    def __str__(self) -> str:
        """Return the text a form posts for it."""
        return self.key

    @property
    def key(self) -> str:
        """Return the text a form posts for it."""
        return f"{self.practice_id or ''}:{self.community_id}"


@dataclass(frozen=True)
class Page:
    """One page of people, and how many there are in all."""

    people: Sequence[Person]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // PAGE))


def has_agreed(session: Session, person_id: UUID, agreed_to: AgreedTo) -> bool:
    """Return whether the person's agreement to something holds now."""
    return live_agreement(session, person_id, agreed_to) is not None


def live_agreement(session: Session, person_id: UUID, agreed_to: AgreedTo) -> Consent | None:
    """Return the newest agreement to something that was not withdrawn."""
    wanted = select(Consent).where(
        Consent.person_id == person_id,
        Consent.agreed_to == agreed_to,
        col(Consent.withdrawn_at).is_(None),
    )
    return session.exec(wanted.order_by(col(Consent.given_at).desc()).limit(1)).first()


def took_back(session: Session, person_id: UUID, agreed_to: AgreedTo) -> bool:
    """Return whether the person took an agreement back and has not given it again."""
    given = [each for each in agreements(session, person_id) if each.agreed_to is agreed_to]
    return bool(given) and not any(each.is_live for each in given)


def agreements(session: Session, person_id: UUID) -> Sequence[Consent]:
    """Return everything a person agreed to, the newest first, with who asked."""
    wanted = select(Consent).where(Consent.person_id == person_id)
    wanted = wanted.options(selectinload(Consent.asked_by))
    return session.exec(wanted.order_by(col(Consent.given_at).desc(), col(Consent.id))).all()


def people(session: Session, reader: Actor, *, name: str = "", page: int = 1) -> Page:
    """Return a page of the people within reach, newest first; `name` may be part of a name."""
    reach: Any = within(Person, reader, Can.READ_PERSON)
    if rules.fold(name):
        found = _named(session, reach, rules.fold(name))
    else:
        newest = select(Person.id).where(reach).order_by(col(Person.created_at).desc(), Person.id)  # type: ignore[arg-type]
        found = list(session.exec(newest))
    page = max(1, min(page, max(1, -(-len(found) // PAGE))))
    shown = found[(page - 1) * PAGE : page * PAGE]
    wanted = select(Person).where(col(Person.id).in_(shown))
    wanted = wanted.options(
        selectinload(Person.owner),  # type: ignore[arg-type]
        selectinload(Person.community),  # type: ignore[arg-type]
        selectinload(Person.practice),  # type: ignore[arg-type]
    )
    rows = {person.id: person for person in session.exec(wanted)}
    return Page([rows[key] for key in shown], len(found), page)


def _named(session: Session, reach: Any, name: str) -> list[UUID]:
    """Return ids of those whose name holds every word; sealed names are opened to compare."""
    light = select(Person).where(reach).options(load_only(Person.name_sealed))  # type: ignore[arg-type]
    words = name.split()
    found = []
    for person in session.exec(light):
        folded = rules.fold(person.name)
        if all(word in folded for word in words):
            found.append((folded, str(person.id), person.id))
    return [key for *_, key in sorted(found)]


def name_print(name: str) -> str:
    """Return the keyed hash by which an equal name is found ("" for none)."""
    folded = rules.fold(name)
    return vault().fingerprint(f"name:{folded}") if folded else ""


def phone_print(phone: str) -> str:
    """Return the keyed hash by which an equal phone number is found ("" for none)."""
    return vault().fingerprint(f"phone:{rules.same_phone(phone)}") if phone else ""


def doubles(session: Session, reader: Actor, *, name: str, phone: str) -> Sequence[Person]:
    """Return those within reach who have the same phone number or the same name."""
    prints = [
        getattr(Person, column) == value
        for column, value in (
            ("name_print", name_print(name)),
            ("phone_print", phone_print(phone)),
        )
        if value
    ]
    if not prints:
        return []
    reach: Any = within(Person, reader, Can.READ_PERSON)
    wanted = select(Person).where(reach, or_(*prints)).order_by(col(Person.created_at).desc())
    return session.exec(wanted.limit(MOST_DOUBLES)).all()


def by_request_key(session: Session, request_key: str) -> Person | None:
    """Return the person that a form, shown once, has added already."""
    return session.exec(select(Person).where(Person.request_key == request_key)).first()


def homes(session: Session, actor: Actor) -> list[Home]:
    """Return every place where the actor may add a person."""
    found: dict[str, Home] = {}
    for grant in actor.given:
        if Can.ADD_PERSON not in POWERS[grant.role]:
            continue
        if grant.practice_id:
            new = _homes_of_practice(session, grant.practice_id)
        else:
            community = session.get(Community, grant.community_id)
            new = [Home(community.id, None, community.name)] if community else []
        found |= {home.key: home for home in new}
    return sorted(found.values(), key=lambda home: home.label)


def community_of(session: Session, homes: Sequence[Home]) -> Community | None:
    """Return the community of the first home, to look around in."""
    return session.get(Community, homes[0].community_id) if homes else None


def _homes_of_practice(session: Session, practice_id: UUID) -> list[Home]:
    wanted = (
        select(Community, Practice)
        .join(PracticeCommunity, col(PracticeCommunity.community_id) == Community.id)
        .join(Practice, col(PracticeCommunity.practice_id) == Practice.id)
        .where(Practice.id == practice_id)
    )
    return [
        Home(community.id, practice.id, f"{community.name} ({practice.name})")
        for community, practice in session.exec(wanted)
    ]


def keepers_to_choose(session: Session, actor: Actor, homes: Sequence[Home]) -> list[Account]:
    """Return whom the actor may give a new person to, besides themself; nobody for most."""
    patch = places(actor, Can.REASSIGN, "community_id")
    practices = places(actor, Can.REASSIGN, "practice_id")
    found: dict[UUID, Account] = {}
    for home in homes:
        if home.practice_id in practices or (
            home.practice_id is None and home.community_id in patch
        ):
            there = accounts.keepers(
                session, community_id=home.community_id, practice_id=home.practice_id
            )
            found |= {keeper.id: keeper for keeper in there if keeper.id != actor.id}
    return sorted(found.values(), key=lambda keeper: keeper.name)


def could_keep(session: Session, person: Person) -> list[Account]:
    """Return who may keep in touch with a person: of their place, and not kept out."""
    there = accounts.keepers(
        session, community_id=person.community_id, practice_id=person.practice_id
    )
    return [each for each in there if not person.keeps_out(each.id)]


def wants(session: Session, person: Person) -> Sequence[Need]:
    """Return what a person would like help with, the oldest first."""
    wanted = select(Need).where(Need.person_id == person.id)
    return session.exec(wanted.order_by(col(Need.noted_at), col(Need.id))).all()


def need_of(session: Session, person: Person, need_id: UUID) -> Need | None:
    """Return one of a person's needs."""
    wanted = select(Need).where(Need.id == need_id, Need.person_id == person.id)
    return session.exec(wanted).first()


def can_keep(account: Account | None, thing: Any) -> bool:
    """Return whether somebody can keep in touch about a person or a connection they own."""
    return account is not None and reaches(account, thing, Can.KEEP_CONNECTION)


def is_kept(kind: Any) -> ColumnElement[bool]:
    """Return the same as a WHERE over people or connections: their owner can keep them."""
    patch = [role for role in POWERS if _reach(role) in (Reach.PATCH, Reach.ASSIGNED)]
    practice = [role for role in POWERS if _reach(role) is Reach.PRACTICE]
    held: Any = Grant
    person_id = kind.id if kind is Person else kind.person_id
    return (
        exists()
        .where(
            held.account_id == kind.owner_id,
            held.ended_at.is_(None),
            or_(
                and_(held.role.in_(patch), held.community_id == kind.community_id),
                and_(held.role.in_(practice), held.practice_id == kind.practice_id),
            ),
            col(Account.id) == kind.owner_id,
            col(Account.disabled_at).is_(None),
            col(Account.confirmed_at).is_not(None),
            ~exists().where(
                col(PersonBlock.person_id) == person_id,
                col(PersonBlock.account_id) == kind.owner_id,
            ),
        )
        .correlate(kind)
    )


def _reach(role: Role) -> Reach | None:
    return POWERS[role].get(Can.KEEP_CONNECTION)
