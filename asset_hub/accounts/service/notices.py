"""Letters that tell an owner what happened to the account: they notice what was not them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts import rules
from asset_hub.accounts.models import Account
from asset_hub.core import audit, ids, outbox


def _post(
    session: Session, kind: str, account: Account, *, now: datetime, cause: str = "", **facts: Any
) -> None:
    """Write at any hour: each of these answers what somebody did a moment ago."""
    outbox.post(
        session,
        kind,
        to=account.email,
        cause=f"{kind}:{cause or ids.new()}",
        now=now,
        facts={"account_id": account.id, "at": now.isoformat(), **facts},
        any_hour=True,
    )


def tell_of_new_device(session: Session, account: Account, *, device: str, now: datetime) -> None:
    """Tell of a sign-in on a device that was not here before."""
    _post(session, "account-new-device", account, now=now, device=device)


def tell_of_change(session: Session, account: Account, what: str, *, now: datetime) -> None:
    """Tell what changed about the second step: "A passkey was added"."""
    _post(session, "account-factor-changed", account, now=now, what=what)


def tell_of_guessing(session: Session, account: Account, *, now: datetime) -> None:
    """Tell that somebody who knows the password was stopped by the second step; once an hour."""
    audit.note(session, "codes refused", account, by=None, now=now)
    cause = f"{account.id}:{now:%Y%m%d%H}"
    _post(session, "account-code-guessed", account, now=now, cause=cause)


def tell_of_help(session: Session, account: Account, *, by: str, now: datetime) -> None:
    """Tell that somebody was given a code that lets the owner in."""
    _post(session, "account-help-in", account, now=now, by=by)


def _compose(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    account = session.get(Account, UUID(facts["account_id"]))
    if account is None or not account.is_active:
        return None
    said = {name: value for name, value in facts.items() if name not in {"account_id", "at"}}
    return said | {
        "first": rules.first_name(account.name),
        "when": datetime.fromisoformat(facts["at"]),
    }


for _kind in (
    "account-new-device", "account-factor-changed", "account-code-guessed", "account-help-in",
):  # fmt: skip
    outbox.composer(_kind)(_compose)
