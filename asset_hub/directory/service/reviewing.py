"""A suggested change side by side with what it would change, for whoever decides."""

from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.directory import queries
from asset_hub.directory.models import Asker, Asks, ChangeRequest, Photo, Service, Standing
from asset_hub.directory.rules import changes as rules
from asset_hub.directory.rules import homes, risks, snapshot
from asset_hub.directory.rules.telling import Told, say_part, tell
from asset_hub.directory.service.changes import with_words
from asset_hub.directory.service.history import parts_at
from asset_hub.directory.service.suggesting import as_now

GONE_WORDS = {
    "stopped": "It has stopped",
    "moved": "It has moved away",
    "nobody": "Nobody was there",
    "answer": "Nobody answers",
    "other": "Something else",
}
NO_WORDS = (
    "These are a visitor’s words. Change the listing itself, then choose what it says now.",
)


@dataclass(frozen=True)
class Review:
    """What a change is about, in words, and what to think about first."""

    rows: list[Told]
    who: str
    advice: list[str] = field(default_factory=list)  # what to think about before saying yes
    picks: list[str] = field(default_factory=list)  # names for which somebody must choose
    reason: str = ""
    found_out: str = ""
    photo: Photo | None = None
    moves_mail: bool = False  # mail about it would go to another address
    sign: str = ""  # it would show an address that may be a home's or a refuge's
    masked: str = ""  # the address that a claim's link went to

    @property
    def choices(self) -> list[Told]:
        """Return the parts for which somebody must choose."""
        return [row for row in self.rows if row.name in self.picks]


def review(session: Session, change: ChangeRequest, *, today: date) -> Review:
    """Return a change beside the listing as it is now."""
    service = change.service
    there = with_words(service, snapshot.parts_of(service))
    parts = change.after if change.asks in (Asks.CHANGE, Asks.ADDRESS) else {}
    names = queries.called(session)
    picks = rules.to_pick(change.before, there, parts)
    clashes = snapshot.conflicts(change.before, there, parts)
    rows = [
        replace(
            row,
            now=say_part(row.name, there.get(row.name), names=names),
            clash=row.name in clashes,
            notes=NO_WORDS if row.name in rules.WORDS else row.notes,
        )
        for row in tell(change.before, parts, names=names, today=today)
    ]
    put = {name: value for name, value in parts.items() if name not in rules.WORDS}
    sign = homes.newly_shown(there, {**there, **put}, service.address_agreed)
    address = queries.contact_email(service) if change.asks is Asks.CLAIM else ""
    return Review(
        rows=rows,
        who=_who(session, change),
        advice=[risk.advice for risk in risks.of_change(change, there) if risk.advice],
        picks=picks,
        photo=session.get(Photo, change.photo_id) if change.photo_id else None,
        moves_mail=rules.mail_moves(there, parts),
        reason=GONE_WORDS.get(change.after.get("reason", ""), ""),
        found_out=str(change.after.get("found_out", "")),
        sign=homes.SIGN_WORDS[sign] if sign else "",
        masked=masked(address) if address else "",
    )


def review_for_author(session: Session, change: ChangeRequest, *, today: date) -> Review:
    """Return what whoever asked wrote, beside what everybody may read today, and nothing else."""
    found = review(session, change, today=today)
    listed = change.service.standing is Standing.LISTED
    told = as_now(change.service) if listed else {}
    rows = [
        Told(row.name, row.label, was=str(told[row.name] or "") if row.name in told else "",
             to=row.to, public=row.name in told)
        for row in found.rows
    ]  # fmt: skip
    return Review(rows=rows, who="", reason=found.reason)


def changed_since(
    session: Session, service: Service, version: int | None, *, today: date
) -> list[Told]:
    """Return what others changed in a listing since somebody opened a version of it."""
    if version is None or version >= service.version:
        return []
    seen, there = parts_at(session, service, version), snapshot.parts_of(service)
    names = snapshot.changed(seen, there)
    before, after = snapshot.only(names, seen), snapshot.only(names, there)
    return tell(before, after, names=queries.called(session), today=today)


def _who(session: Session, change: ChangeRequest) -> str:
    account = session.get(Account, change.by_id) if change.by_id else None
    if account is not None:
        return account.name
    if change.asker is Asker.CONTACT:
        return "The people who run it, by their mailed link"
    return "A visitor"


def masked(email: str) -> str:
    """Return an address of which only the first letter and the domain are readable."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
