"""What was begun and must be finished within minutes: a sign-in, a question put to a passkey.

The token is kept in the browser's cookie alone, so nobody finishes in one browser what was begun
in another; it works once.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session

from asset_hub.accounts import rules
from asset_hub.accounts.models import Account, SignInStep, StepFor
from asset_hub.core import ids
from asset_hub.core.errors import RuleBroken

ROW: Any = SignInStep
TOO_LATE = "That took too long, or it has been used already. Try again."


def begin(session: Session, purpose: StepFor, *, account_id: UUID | None, now: datetime) -> str:
    """Write down what was begun, and return its token."""
    token = ids.token()
    until = now + rules.STEP_WITHIN
    session.add(
        SignInStep(
            account_id=account_id, purpose=purpose, digest=ids.digest(token), expires_at=until
        )
    )
    session.flush()
    return token


def _fresh(token: str, purpose: StepFor, now: datetime) -> Any:
    return (ROW.digest == ids.digest(token)) & (ROW.purpose == purpose) & (ROW.expires_at > now)


def take(session: Session, token: str, purpose: StepFor, *, now: datetime) -> UUID | None:
    """Use a token up and return whose it is, if anybody's; raise RuleBroken when it is worthless.

    A question is used up by any answer, so this has a transaction of its own.
    """
    taken = delete(ROW).where(_fresh(token, purpose, now)).returning(ROW.account_id)
    found = session.exec(taken).first()
    if found is None:
        raise RuleBroken(TOO_LATE)
    account_id: UUID | None = found[0]
    return account_id


def count_try(session: Session, token: str, *, now: datetime) -> bool:
    """Count a try at the second factor after one right password; return whether it is allowed."""
    mine = _fresh(token, StepFor.SIGN_IN, now) & (ROW.tries < rules.STEP_TRIES)
    counted = update(ROW).where(mine).values(tries=ROW.tries + 1).returning(ROW.id)
    return session.exec(counted).first() is not None


def forget(session: Session, account: Account) -> None:
    """End everything that an account has begun."""
    session.exec(delete(ROW).where(ROW.account_id == account.id))
