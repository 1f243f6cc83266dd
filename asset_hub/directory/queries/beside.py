"""What two listings have besides their words: signs of life, watchers, what waits, their source."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from asset_hub.accounts.models import Account
from asset_hub.core.access import reaches
from asset_hub.core.calendar import london, say_date
from asset_hub.core.powers import Can
from asset_hub.directory.models import (
    ChangeRequest,
    ChangeState,
    Duplicate,
    Service,
    Sign,
    Signal,
    Standing,
    Watch,
)
from asset_hub.directory.rules.beside import Beside, beside

LIVES = {  # one, several
    Sign.ACCEPTED: ("person welcomed", "people welcomed"),
    Sign.ATTENDED: ("person went", "people went"),
    Sign.VISITED: ("visit by a champion", "visits by a champion"),
    Sign.REPORTED_GONE: ("report that it has gone", "reports that it has gone"),
    Sign.MAIL_BOUNCED: ("mail came back", "mails came back"),
}
STANDING_WORDS = {
    Standing.LISTED: "Listed: people can find it",
    Standing.WAITING: "Waits for a look",
    Standing.RETURNED: "Sent back for changes",
    Standing.HIDDEN: "Hidden: nobody has confirmed it for long",
    Standing.CLOSED: "Closed",
    Standing.UNCONFIRMED: "Not confirmed by whoever listed it",
}


@dataclass(frozen=True)
class Side:
    """One of the two, and what it has."""

    service: Service
    mine: bool  # whoever looks approves listings there
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Pair:
    """Two listings side by side; the one that is to be kept comes first."""

    sides: tuple[Side, Side]
    rows: list[Beside]


def side_by_side(session: Session, pair: Duplicate, reader: Account, *, keep: str = "") -> Pair:
    """Return both listings of a pair, first the one to keep: as asked, else the better kept one."""
    both = sorted((pair.one, pair.other), key=lambda one: _better(one, keep))
    kept, gone = both
    mine = [reaches(reader, one, Can.APPROVE_LISTING) for one in both]
    facts = [
        Side(one, theirs, _facts(session, one)) for one, theirs in zip(both, mine, strict=True)
    ]
    return Pair((facts[0], facts[1]), beside(kept, gone, private=all(mine)))


def _better(service: Service, keep: str) -> tuple[bool, bool, float, float]:
    """Return what sorts first whatever was asked for, listed, confirmed latest, listed earliest."""
    confirmed = service.confirmed_at.timestamp() if service.confirmed_at else 0.0
    return (
        str(service.id) != keep if keep else False,
        service.standing is not Standing.LISTED,
        -confirmed,
        service.created_at.timestamp(),
    )


def _facts(session: Session, service: Service) -> list[tuple[str, str]]:
    confirmed = ""
    if service.confirmed_at:
        confirmed = f"{say_date(london(service.confirmed_at).date())}, {service.confirmed_by}"
    watchers = select(func.count()).select_from(Watch).where(
        col(Watch.service_id) == service.id, col(Watch.confirmed_at).is_not(None)
    )  # fmt: skip
    waiting = select(func.count()).select_from(ChangeRequest).where(
        col(ChangeRequest.service_id) == service.id,
        col(ChangeRequest.state) == ChangeState.WAITING,
    )  # fmt: skip
    return [
        ("How it stands", STANDING_WORDS[service.standing]),
        ("Run by", service.organization.name),
        ("Community", service.community.name if service.community else "None"),
        ("Last confirmed", confirmed.rstrip(", ") or "Never"),
        ("Signs of life", _lives(session, service)),
        ("Here since", say_date(london(service.created_at).date())),
        ("Imported from", service.source or "Listed here"),
        ("Suggested changes that wait", str(session.scalars(waiting).one() or "")),
        ("Told of changes by mail", str(session.scalars(watchers).one() or "")),
    ]


def _lives(session: Session, service: Service) -> str:
    wanted = (
        select(col(Signal.sign), func.count())
        .where(col(Signal.service_id) == service.id)
        .group_by(col(Signal.sign))
    )
    found: Sequence[tuple[Sign, int]] = [(row[0], row[1]) for row in session.execute(wanted)]
    told = [(number, LIVES[sign]) for sign, number in sorted(found) if sign in LIVES]
    return ", ".join(f"{number} {words[number != 1]}" for number, words in told)
