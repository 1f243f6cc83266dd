"""Once a week each champion hears what their list has, when it has grown or something hides soon.

The week is taken by a compare-and-set in the transaction of its mail: a worker killed anywhere
leaves it untaken, or taken with its mail, and two workers never take it twice.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.core import db, outbox, words
from asset_hub.core.calendar import london
from asset_hub.core.powers import Role
from asset_hub.directory import queries
from asset_hub.directory.models import PatchMail
from asset_hub.directory.rules import freshness as rules

KIND = "patch-week"
TABLE: Any = PatchMail
NAMED = 8  # groups in one mail


def champions(session: Session, *, now: datetime) -> list[UUID]:
    """Return the champions whose list nobody has looked through this week for a mail to them."""
    done = queries.patch_mails(session, week=rules.week_of(london(now).date()))
    return [one.id for one in accounts.holders(session, Role.CHAMPION) if one.id not in done]


def tell_of_patch(session: Session, key: UUID, *, now: datetime) -> bool:
    """Write to a champion if there is something to do; return whether a mail was written."""
    today = london(now).date()
    week = rules.week_of(today)
    account = session.get(Account, key)
    row = queries.patch_mail(session, key)
    if account is None or not _take(session, key, week=week) or (row and row.stopped_at):
        return False
    waits = queries.to_check(session, account)
    before = row.told_at if row else None
    if not any(rules.is_news(one.since, one.hides_on, before, today=today) for one in waits):
        return False
    _set(session, key, told_at=now)
    facts = {"account_id": str(key)}
    cause = f"{KIND}:{key}:{week}"
    return outbox.post(session, KIND, to=account.email, cause=cause, now=now, facts=facts)


def stop_patch_mail(session: Session, account: Account, *, now: datetime) -> None:
    """Write no more of what is on somebody's list."""
    _set(session, account.id, stopped_at=now)


def begin_patch_mail(session: Session, account: Account) -> None:
    """Write again, from next week's list on."""
    _set(session, account.id, stopped_at=None)


def _take(session: Session, key: UUID, *, week: str) -> bool:
    insert = db.INSERT[session.get_bind().dialect.name](TABLE).values(account_id=key, week=week)
    taken = insert.on_conflict_do_update(
        index_elements=["account_id"], set_={"week": week}, where=or_(TABLE.week != week)
    )
    return session.exec(taken.returning(TABLE.account_id)).first() is not None


def _set(session: Session, key: UUID, **values: Any) -> None:
    insert = db.INSERT[session.get_bind().dialect.name](TABLE)
    session.exec(
        insert.values(account_id=key, **values).on_conflict_do_update(
            index_elements=["account_id"], set_=values
        )
    )


@outbox.composer(KIND)
def compose(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Say what is on the list as it is sent, or nothing when it is empty or no longer wanted."""
    account = session.get(Account, UUID(facts["account_id"]))
    row = queries.patch_mail(session, account.id) if account else None
    waits = queries.to_check(session, account) if account else []
    if account is None or not waits or (row and row.stopped_at):
        return None
    soon = [one for one in waits if one.hides_on]
    return {
        "name": words.first_name(account.name),
        "count": len(waits),
        "soon": [(one.service.name, one.hides_on) for one in soon[:NAMED]],
        "more": max(0, len(waits) - len(soon[:NAMED])),
    }
