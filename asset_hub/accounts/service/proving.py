"""Showing that it is really oneself: by the password, or by a code of any kind."""

from datetime import datetime

from sqlmodel import Session

from asset_hub.accounts import rules
from asset_hub.accounts.models import Account
from asset_hub.accounts.service import factors, helping, passwords
from asset_hub.accounts.service.factors import Way
from asset_hub.core.errors import RuleBroken

NOT_ONE = "That is not one of your codes, or it has been used"
NEITHER = "Enter your password, or a code"


def show_code(
    session: Session, account: Account, *, code: str, now: datetime, at_the_door: bool = False
) -> Way:
    """Take a code once: of the app, of recovery, or, while signing in, a helper's.

    Raise RuleBroken when it is none of these.
    """
    letters = rules.plain_letters(code)
    if len(letters) != rules.LONGEST_CODE:
        factors.show_figures(session, account, code=code, now=now)
        return Way.APP
    if factors.use_recovery(session, account, letters=letters, now=now):
        return Way.RECOVERY
    if at_the_door and helping.use_help(session, account, letters=letters, now=now):
        return Way.HELP
    raise RuleBroken(NOT_ONE, field="code")


def show(session: Session, account: Account, *, password: str, code: str, now: datetime) -> bool:
    """Take a password or a code; return whether it was a second factor."""
    if code:
        show_code(session, account, code=code, now=now)
        return True
    if not password:
        raise RuleBroken(NEITHER)
    if not passwords.is_right(account.password_hash, password):
        raise RuleBroken("That is not your password", field="password")
    return False
