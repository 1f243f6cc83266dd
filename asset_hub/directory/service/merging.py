"""Two listings of one group made one, and put apart again within 30 days.

The listing that goes keeps all its rows, closed; what leads to it leads on to the one that stays.
Both are locked in the order of their ids, so that two who merge them in opposite directions at
the same moment never wait for each other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, SQLModel, col

from asset_hub.accounts.models import Account
from asset_hub.core import audit, outbox
from asset_hub.core.calendar import UNDO_WITHIN
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries
from asset_hub.directory.models import (
    PART_WORDS,
    ChangeRequest,
    ChangeState,
    Duplicate,
    DuplicateState,
    LinkFor,
    Merge,
    Parts,
    Photo,
    Revision,
    RevisionCause,
    Service,
    Standing,
    Upkeep,
)
from asset_hub.directory.rules import joining, snapshot
from asset_hub.directory.rules.joining import Take
from asset_hub.directory.service import organizations
from asset_hub.directory.service.deciding import decide
from asset_hub.directory.service.history import revise
from asset_hub.directory.service.links import end_links
from asset_hub.directory.service.moving import STALE, lock, move, remember
from asset_hub.directory.service.publishing import publish, withdraw
from asset_hub.directory.service.putting import put

GOING = (Standing.LISTED, Standing.WAITING, Standing.RETURNED, Standing.HIDDEN)
STAYING = (Standing.LISTED, Standing.WAITING, Standing.HIDDEN)
TABLES = SQLModel.metadata.tables
FOLLOWING = ("signal", "watch", "listing_link")  # rows that lead to the kept listing afterwards


def merge(
    session: Session,
    kept: Service,
    gone: Service,
    *,
    choices: Mapping[str, Take],
    versions: tuple[int, int],
    by: Account,
    now: datetime,
) -> Merge:
    """Take one listing into another; `versions` are those that were looked at, kept first.

    What is not chosen follows `joining.usual`. Raises RuleBroken when either was changed since,
    or when something about the one that goes still waits to be decided.
    """
    _lock_both(session, kept, gone)
    _must_fit(session, kept, gone, by)
    before, standing = snapshot.parts_of(kept), gone.standing
    proven, wrote_to = _proof(kept), queries.contact_email(kept)
    same = _same_contact(kept, gone)
    parts = joining.joined(before, snapshot.parts_of(gone), choices)
    _must_be_seen(session, kept, kept.standing, versions[0])
    if not move(
        session, gone, before=standing, to=Standing.CLOSED, version=versions[1],
        merged_into_id=kept.id,
    ):  # fmt: skip
        raise RuleBroken(STALE)
    if parts.get("photo_id"):
        parts["photo_id"] = _copied(session, UUID(parts["photo_id"]), kept)
    _put(session, kept, gone, parts, now)
    alive = [kept.alive_at, max(filter(None, (kept.alive_at, gone.alive_at)), default=None)]
    kept.alive_at = alive[1]
    revision = revise(session, kept, before=before, cause=RevisionCause.MERGE, by=by.id, now=now)
    _withdraw_unproven(session, gone, by=by, now=now)
    done = Merge(kept_id=kept.id, gone_id=gone.id, at=now, by_id=by.id, before={
        "standing": standing.value,
        "parts": revision.before if revision else {},
        "after": revision.after if revision else {},
        "contact_proven_at": proven,
        "alive_at": [one.isoformat() if one else None for one in alive],
        "moved": _lead_on(session, kept, gone, links=same),
        "upkeep": _stop_asking(session, gone),
    })  # fmt: skip
    session.add(done)
    _decide(session, kept, gone, by=by, now=now)
    _follow(session, done, kept, gone, by, now)
    _tell(session, done, queries.contact_email(gone), now)
    if queries.contact_email(kept).casefold() != wrote_to.casefold():
        _tell(session, done, wrote_to, now, theirs="kept")
    return done


def _lock_both(session: Session, one: Service, other: Service) -> None:
    for key in sorted((one.id, other.id)):
        lock(session, key)
    session.refresh(one)
    session.refresh(other)


def _must_fit(session: Session, kept: Service, gone: Service, by: Account) -> None:
    """Refuse a merge that cannot be: said in the order in which somebody can do something."""
    if kept.id == gone.id:
        raise RuleBroken("That is the same listing.")
    if not queries.may_merge(by, kept, gone):
        raise RuleBroken("Only somebody who approves listings in both communities can merge them.")
    if kept.standing not in STAYING or gone.standing not in GOING:
        raise RuleBroken("One of them has been closed or merged meanwhile. Look again.")
    if kept.standing is not Standing.LISTED and gone.standing is Standing.LISTED:
        raise RuleBroken("Keep the one that people can find.", field="keep")
    if waiting := _waiting(session, gone):
        changes = "a suggested change" if waiting == 1 else f"{waiting} suggested changes"
        raise RuleBroken(f"First decide about {changes} to {gone.name}.")


def _waiting(session: Session, service: Service) -> int:
    wanted = select(ChangeRequest.id).where(  # type: ignore[call-overload]
        col(ChangeRequest.service_id) == service.id,
        col(ChangeRequest.state) == ChangeState.WAITING,
    )
    return len(session.scalars(wanted).all())


def _withdraw_unproven(session: Session, gone: Service, *, by: Account, now: datetime) -> None:
    """Take back what nobody has proven: its links would change a listing that nobody reads."""
    wanted = select(ChangeRequest).where(
        col(ChangeRequest.service_id) == gone.id,
        col(ChangeRequest.state) == ChangeState.UNPROVEN,
    )
    for change in session.scalars(wanted).all():
        decide(
            session, change, to=ChangeState.WITHDRAWN, by=by.id, now=now,
            before=(ChangeState.UNPROVEN,),
        )  # fmt: skip


def _must_be_seen(session: Session, service: Service, standing: Standing, version: int) -> None:
    if not move(session, service, before=standing, to=standing, version=version):
        raise RuleBroken(STALE)


def _proof(service: Service) -> str | None:
    at = service.contacts[0].proven_at if service.contacts else None
    return at.isoformat() if at else None


def _put(session: Session, kept: Service, gone: Service, parts: Parts, now: datetime) -> None:
    """Give the kept listing its parts; a contact that comes along brings its proof."""
    old = queries.contact_email(kept)
    put(session, kept, parts)
    if "contact" in parts and gone.contacts and kept.contacts:
        if kept.contacts[0].email == gone.contacts[0].email:
            kept.contacts[0].proven_at = gone.contacts[0].proven_at
        if queries.contact_email(kept) != old:
            end_links(session, kept, now)
    session.flush()


def _copied(session: Session, key: UUID, to: Service) -> str | None:
    """Give the kept listing a copy of the other's photograph; each owns its own."""
    photo = session.get(Photo, key)
    if photo is None:
        return None
    mine = Photo(**{**photo.model_dump(exclude={"id"}), "service_id": to.id})
    session.add(mine)
    session.flush()
    return str(mine.id)


def _same_contact(kept: Service, gone: Service) -> bool:
    """Return whether both have one proven contact, before either's parts are put into the other."""
    email = organizations.proven_email(kept)
    return bool(email) and email == organizations.proven_email(gone)


def _lead_on(
    session: Session, kept: Service, gone: Service, *, links: bool
) -> dict[str, list[str]]:
    """Let signs of life and watchers follow, and the mailed links of a contact proven the same."""
    moved = {}
    for name in FOLLOWING:
        table = TABLES[name]
        wanted = select(table.c.id).where(table.c.service_id == gone.id)
        if name == "listing_link":
            if not links:
                continue
            wanted = wanted.where(table.c.purpose == LinkFor.KEEP)
        if name == "watch":
            watching = select(table.c.email_print).where(table.c.service_id == kept.id)
            wanted = wanted.where(table.c.email_print.not_in(watching))
        keys = list(session.connection().execute(wanted).scalars())
        _lead(session, name, keys, gone.id, kept.id)
        moved[name] = [str(key) for key in keys]
    return moved


def _lead(session: Session, name: str, keys: list[UUID], came_from: UUID, to: UUID) -> None:
    session.flush()
    table = TABLES[name]
    for start in range(0, len(keys), 500):
        mine = table.c.id.in_(keys[start : start + 500]) & (table.c.service_id == came_from)
        session.connection().execute(update(table).where(mine).values(service_id=to))
    session.expire_all()


def _stop_asking(session: Session, gone: Service) -> dict[str, Any] | None:
    upkeep = session.get(Upkeep, gone.id)
    if upkeep is None:
        return None
    kept = upkeep.model_dump(mode="json", exclude={"service_id"})
    session.delete(upkeep)
    session.flush()
    return kept


def _decide(session: Session, kept: Service, gone: Service, *, by: Account, now: datetime) -> None:
    pair = queries.pairs_of(session, kept).get(gone.id)
    if pair is None:
        one, other = sorted((kept.id, gone.id))
        pair = Duplicate(one_id=one, other_id=other, score=1.0, reasons=[], found_at=now)
    pair.state, pair.decided_at, pair.decided_by_id = DuplicateState.MERGED, now, by.id
    session.add(pair)
    session.flush()


def _follow(
    session: Session, done: Merge, kept: Service, gone: Service, by: Account, now: datetime
) -> None:
    """Take one out of finding, show the other as it is now, and tell those who listed."""
    message = f"Merged into {kept.name}"[:1000]
    remember(session, gone, by=by.id, now=now, message=message)
    remember(session, kept, by=by.id, now=now)
    audit.note(session, "merge", gone, by=by.id, now=now, kept=str(kept.id))
    audit.note(session, "merge", kept, by=by.id, now=now, gone=str(gone.id))
    withdraw(session, gone)
    if kept.standing is Standing.LISTED:
        publish(session, kept, now=now)
    session.flush()


def _tell(session: Session, done: Merge, address: str, now: datetime, theirs: str = "gone") -> None:
    """Write to the contact of the listing that went, or whom the kept one had until now."""
    if address:
        outbox.post(
            session, "listing-merged", to=address, cause=f"listing-merged:{done.id}:{theirs}",
            now=now, facts={"service_id": str(done.gone_id), "merge_id": str(done.id)},
        )  # fmt: skip


def may_part(done: Merge, now: datetime) -> bool:
    """Return whether a merge can still be undone."""
    return done.undone_at is None and now < done.at + UNDO_WITHIN


def changed_since(done: Merge) -> list[str]:
    """Return, in words, what of the kept listing was changed since and stays as it is."""
    now = snapshot.parts_of(done.kept)
    stays = joining.parted(done.before["parts"], done.before["after"], now)[1]
    return [PART_WORDS[name] for name in stays]


def part(session: Session, done: Merge, *, by: Account, now: datetime) -> list[str]:
    """Put two listings apart again; return, in words, what stays because it was changed since."""
    kept, gone = done.kept, done.gone
    _lock_both(session, kept, gone)
    session.refresh(done)
    if not may_part(done, now):
        raise RuleBroken("This was undone already, or is longer than 30 days ago.")
    if not queries.may_merge(by, kept, gone):
        raise RuleBroken("Only somebody who approves listings in both communities can undo this.")
    if gone.merged_into_id != kept.id or gone.standing is not Standing.CLOSED:
        raise RuleBroken("The listing that went has been changed since. It cannot be put back.")
    if kept.merged_into_id:
        raise RuleBroken(f"{kept.name} was merged into another listing since. Undo that first.")
    done.undone_at = now
    stays = _put_back(session, done, kept, by, now)
    standing = Standing(done.before["standing"])
    move(session, gone, before=Standing.CLOSED, to=standing, merged_into_id=None)
    _lead_back(session, done)
    _ask_again(session, done, gone)
    pair = queries.pairs_of(session, kept).get(gone.id)
    if pair and pair.state is DuplicateState.MERGED:
        pair.state, pair.decided_at, pair.decided_by_id = DuplicateState.OPEN, None, None
        session.add(pair)
    session.add(done)
    _told_apart(session, kept, gone, by, now)
    return stays


def _put_back(
    session: Session, done: Merge, kept: Service, by: Account, now: datetime
) -> list[str]:
    before = snapshot.parts_of(kept)
    held = done.before
    back, stays = joining.parted(held["parts"], held["after"], before)
    put(session, kept, back)
    if "contact" in back and kept.contacts:
        proven = held["contact_proven_at"]
        kept.contacts[0].proven_at = datetime.fromisoformat(proven) if proven else None
        end_links(session, kept, now)
    alive = [datetime.fromisoformat(one) if one else None for one in held["alive_at"]]
    if kept.alive_at == alive[1]:
        kept.alive_at = alive[0]
    session.add(kept)
    wanted = select(Revision).where(
        col(Revision.service_id) == kept.id,
        col(Revision.cause) == RevisionCause.MERGE,
        col(Revision.at) == done.at,
    )
    undone = session.scalars(wanted).first()
    revise(
        session, kept, before=before, cause=RevisionCause.UNDO, by=by.id, now=now,
        undoes_id=undone.id if undone else None,
    )  # fmt: skip
    return [PART_WORDS[name] for name in stays]


def _lead_back(session: Session, done: Merge) -> None:
    for name, keys in done.before["moved"].items():
        _lead(session, name, [UUID(key) for key in keys], done.kept_id, done.gone_id)


def _ask_again(session: Session, done: Merge, gone: Service) -> None:
    held = done.before["upkeep"]
    if held and session.get(Upkeep, gone.id) is None:
        session.add(Upkeep.model_validate({**held, "service_id": gone.id}))
        session.flush()


def _told_apart(session: Session, kept: Service, gone: Service, by: Account, now: datetime) -> None:
    for one in (kept, gone):
        remember(session, one, by=by.id, now=now)
        audit.note(session, "part", one, by=by.id, now=now)
        if one.standing is Standing.LISTED:
            publish(session, one, now=now)
    session.flush()
