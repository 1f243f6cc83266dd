"""The second factor: an app's codes, recovery codes, a helper's code. Each is taken once only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import pyotp
from sqlalchemy import delete, update
from sqlmodel import Session

from asset_hub.accounts import queries, rules
from asset_hub.accounts.models import Account, Authenticator, Passkey, RecoveryCode
from asset_hub.accounts.service import notices, sessions
from asset_hub.core import audit, db
from asset_hub.core.crypto import vault
from asset_hub.core.errors import Missing, RuleBroken

APP: Any = Authenticator
CODE: Any = RecoveryCode
WRONG = "That code is not right, or it has been used. Wait for the next one and try again."


class Way(StrEnum):
    """By what somebody was let in."""

    APP = "app"
    RECOVERY = "recovery"
    HELP = "help"
    PASSKEY = "passkey"


def begin_authenticator(session: Session, account: Account, *, now: datetime) -> Authenticator:
    """Make a new secret; it counts for nothing before a code of it was typed."""
    session.exec(delete(APP).where(APP.account_id == account.id, APP.confirmed_at.is_(None)))
    row = Authenticator(account_id=account.id, secret_sealed=b"", created_at=now)
    row.secret = pyotp.random_base32()
    session.add(row)
    session.flush()
    return row


def confirm_authenticator(
    session: Session, account: Account, *, code: str, token: str, now: datetime
) -> None:
    """Let a new secret count, and the one before it no more: its first code is right."""
    row = queries.unconfirmed_authenticator(session, account)
    if row is None:
        raise Missing
    step = _step_of(row, code, now)
    if step is None:
        raise RuleBroken(
            "That code is not right. Check that your phone’s clock is set by itself.", field="code"
        )
    session.exec(delete(APP).where(APP.account_id == account.id, APP.id != row.id))
    row.confirmed_at, row.last_step = now, step
    session.add(row)
    changed(session, account, row, "An authenticator app was added", token=token, now=now)


def remove_authenticator(
    session: Session, account: Account, *, wanted: bool, token: str, now: datetime
) -> None:
    """Forget the app, if there is one; refused when it is the last factor and roles want one."""
    row = queries.authenticator(session, account)
    if row is None:
        return
    rules.must_leave_one(left=len(queries.passkeys(session, account)), wanted=wanted)
    session.delete(row)
    changed(session, account, row, "The authenticator app was removed", token=token, now=now)


def changed(
    session: Session, account: Account, row: Any, what: str, *, token: str, now: datetime
) -> None:
    """Write down a change of factors, tell the owner, and end every other session."""
    session.flush()
    if not queries.has_factor(session, account):
        session.exec(delete(CODE).where(CODE.account_id == account.id))
    audit.note(session, "change", account, by=account.id, now=now, fields=[row.__tablename__])
    notices.tell_of_change(session, account, what, now=now)
    sessions.renew(session, account, token, now=now)


def _step_of(row: Authenticator, typed: str, now: datetime) -> int | None:
    """Return the half minute whose code was typed, or None."""
    plain, maker = rules.plain_code(typed), pyotp.HOTP(row.secret)
    found = [step for step in rules.half_minutes(now) if maker.verify(plain, step)]
    return found[0] if found else None


def show_figures(session: Session, account: Account, *, code: str, now: datetime) -> None:
    """Take a code of the app, once; raise RuleBroken when it is not right or was taken before."""
    row = queries.authenticator(session, account)
    step = _step_of(row, code, now) if row else None
    if row is None or step is None:
        raise RuleBroken(WRONG, field="code")
    # The database decides between two that come at once: a step is taken by the first alone.
    newer = (APP.id == row.id) & (APP.last_step < step)
    if session.exec(update(APP).where(newer).values(last_step=step).returning(APP.id)).first():
        return
    raise RuleBroken(WRONG, field="code")


def fingerprint(account: Account, letters: str) -> str:
    """Return what is kept of a recovery code or a helper's code."""
    return vault().fingerprint(f"recovery:{account.id}:{rules.plain_letters(letters)}")


def use_recovery(session: Session, account: Account, *, letters: str, now: datetime) -> bool:
    """Use a recovery code up; return whether it was one."""
    mine = (CODE.digest == fingerprint(account, letters)) & CODE.used_at.is_(None)
    used = update(CODE).where(mine, CODE.account_id == account.id).values(used_at=now)
    if session.exec(used.returning(CODE.id)).first() is None:
        return False
    left = queries.codes_left(session, account)
    audit.note(session, "recovery code", account, by=account.id, now=now, left=left)
    notices.tell_of_change(session, account, f"A recovery code was used: {left} left", now=now)
    return True


def renew_codes(session: Session, account: Account, *, once: str, now: datetime) -> list[str]:
    """Make ten new codes, which end the ones before, and return them: nobody sees them again.

    They follow from `once`, a secret of the form that asked, so that a double click shows the
    same ten.
    """
    if not queries.has_factor(session, account):
        raise RuleBroken("Add an authenticator app or a passkey first")
    seeds = (f"codes:{account.id}:{once}:{number}" for number in range(rules.RECOVERY_CODES))
    codes = [rules.letters_from(vault().fingerprint(seed)) for seed in seeds]
    digests = {fingerprint(account, code) for code in codes}
    if digests & set(queries.code_digests(session, account)):
        return codes
    session.exec(delete(CODE).where(CODE.account_id == account.id))
    for digest in sorted(digests):
        db.claim(session, RecoveryCode(account_id=account.id, digest=digest, created_at=now))
    audit.note(session, "change", account, by=account.id, now=now, fields=["recovery_code"])
    notices.tell_of_change(session, account, "New recovery codes were made", now=now)
    return codes


def forget_factors(session: Session, account: Account) -> None:
    """Delete every second factor of an account."""
    for kind in (Authenticator, Passkey, RecoveryCode):
        row: Any = kind
        session.exec(delete(row).where(row.account_id == account.id))
