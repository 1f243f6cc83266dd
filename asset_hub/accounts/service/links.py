"""Mailed links: issued, used once, and the letters that carry them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.accounts import rules
from asset_hub.accounts.models import Account, MailedLink, Purpose
from asset_hub.core import ids, outbox
from asset_hub.core.errors import RuleBroken

ROW: Any = MailedLink
GONE = "This link has been used already, or it is too old"


def issue(
    session: Session,
    account: Account,
    purpose: Purpose,
    *,
    within: timedelta,
    now: datetime,
    name: str = "",
    password_hash: str | None = None,
) -> tuple[MailedLink, str]:
    """Write a link and return it with its token: the only time anybody sees that."""
    token = ids.token()
    link = MailedLink(
        account_id=account.id,
        purpose=purpose,
        digest=ids.digest(token),
        expires_at=now + within,
        name=name,
        password_hash=password_hash,
    )
    session.add(link)
    session.flush()
    return link, token


def use(session: Session, link: MailedLink, *, now: datetime) -> None:
    """Use a link; raise RuleBroken when somebody was quicker or it has run out."""
    fresh = (ROW.id == link.id) & ROW.used_at.is_(None) & (ROW.expires_at > now)
    used = update(ROW).where(fresh).values(used_at=now).returning(ROW.id)
    if session.exec(used).first() is None:
        raise RuleBroken(GONE)


def use_up(session: Session, account: Account, *, now: datetime) -> None:
    """Make every link an account still has worthless."""
    rest = (ROW.account_id == account.id) & ROW.used_at.is_(None)
    session.exec(update(ROW).where(rest).values(used_at=now))


def mail(
    session: Session,
    kind: str,
    account: Account,
    *,
    cause: UUID | str,
    now: datetime,
    token: str = "",
) -> None:
    """Write a letter to an account's owner about something asked for a moment ago."""
    outbox.post(
        session,
        kind,
        to=account.email,
        cause=f"{kind}:{cause}",
        now=now,
        facts={"account_id": account.id, "token": token},
        any_hour=True,
    )


def _to_owner(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Say hello by first name; withhold what an account disabled since should not get."""
    account = session.get(Account, UUID(facts["account_id"]))
    if account is None or not account.is_active:
        return None
    return {"first": rules.first_name(account.name), "token": facts["token"]}


for _kind in ("account-exists", "account-reset", "account-password-changed"):
    outbox.composer(_kind)(_to_owner)


@outbox.composer("account-confirm")
def _to_newcomer(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Leave the name out: whoever typed it may not be the reader."""
    account = session.get(Account, UUID(facts["account_id"]))
    return {"token": facts["token"]} if account and account.is_active else None
