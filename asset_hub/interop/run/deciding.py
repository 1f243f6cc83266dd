"""What happens when a run is through: whether a person must say yes, and who is told."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.core import audit, outbox, words
from asset_hub.core.access import reaches
from asset_hub.core.powers import Can, Role
from asset_hub.interop.models import Feed, ImportRun, Stage
from asset_hub.interop.run.holding import Hold

MOST_CHANGED = 0.2  # of what a feed had before: more of it changed or gone is for a person to see
FIRST = "This is the first time this feed is read."
MANY = "{} of the {} groups this feed had before would change or go."
NOTHING = "Nothing in it is new."


def through(
    session: Session, hold: Hold, run: ImportRun, counts: Counter[str], *, now: datetime
) -> None:
    """Bring a run that is through to its next stage."""
    if hold.stage is Stage.IMPORTING:
        hold.finish(session, Stage.DONE)
        return
    feed = session.get(Feed, run.feed_id) if run.feed_id else None
    if feed is None:
        hold.finish(session, Stage.READY)
        return
    why = must_be_seen(counts, trusted=feed.trusted, closes=feed.close_gone)
    if why:
        hold.finish(session, Stage.READY, message=why)
        tell(session, run, now)
    elif not changes_anything(counts, closes=feed.close_gone):
        hold.finish(session, Stage.DONE, message=NOTHING)
    else:
        hold.finish(session, Stage.IMPORTING, total=0, imported_at=now, close_gone=feed.close_gone)
        audit.note(session, "import", run, by=None, now=now, source=run.source)


def must_be_seen(counts: Mapping[str, int], *, trusted: bool, closes: bool) -> str:
    """Return why a person must look before a feed is imported; "" when nobody must."""
    if not trusted:
        return FIRST
    gone = counts.get("gone", 0)
    there = gone + sum(counts.get(name, 0) for name in ("updated", "unchanged", "kept"))
    moved = gone + counts.get("updated", 0)
    return MANY.format(moved, there) if moved > there * MOST_CHANGED else ""


def most_gone(counts: Mapping[str, int]) -> bool:
    """Return whether more than half of what a source had before is missing."""
    there = sum(counts.get(name, 0) for name in ("updated", "unchanged", "kept"))
    return counts.get("gone", 0) > there


def changes_anything(counts: Mapping[str, int], *, closes: bool) -> bool:
    """Return whether importing would write something."""
    names = ("added", "updated", "gone") if closes else ("added", "updated")
    return any(counts.get(name) for name in names)


def tell(session: Session, run: ImportRun, now: datetime) -> None:
    """Tell the coordinators that a feed waits for them."""
    people = accounts.holders(session, Role.COORDINATOR, community_id=run.community_id)
    for account in people or accounts.holders(session, Role.ADMIN):
        outbox.post(
            session,
            "import-waits",
            to=account.email,
            cause=f"import-waits:{run.id}:{account.id}",
            now=now,
            facts={"run_id": str(run.id), "account_id": str(account.id)},
        )


@outbox.composer("import-waits")
def waits(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Tell a coordinator that a feed waits for a yes, unless somebody has decided."""
    run = session.get(ImportRun, UUID(facts["run_id"]))
    account = session.get(Account, UUID(facts["account_id"]))
    if run is None or account is None or run.stage not in {Stage.READY, Stage.MAPPING}:
        return None
    if not reaches(account, run, Can.IMPORT_LISTINGS):
        return None
    return {"run": run, "name": words.first_name(account.name)}
