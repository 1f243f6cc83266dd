"""Letting somebody in who lost every second factor, and was met: by code, never by mail alone.

Whoever helps must not become the one they help. The code replaces the second factor, not the
password; it dies when the password is set anew by mail; and who would gain by it, such as an
administrator who may not read about people, needs a second person.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.accounts import queries, rules
from asset_hub.accounts.models import Account, Grant, HelpIn
from asset_hub.accounts.service import factors, notices, sessions
from asset_hub.core import audit, ids
from asset_hub.core.access import EVERYTHING, reaches, scopes
from asset_hub.core.crypto import vault
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.core.powers import GUARDED, POWERS, Can

ROW: Any = HelpIn


def may_help(by: Account, account: Account) -> bool:
    """Return whether one account may let another in: it holds a role within reach."""
    if by.id == account.id or not account.is_active:
        return False
    everywhere = EVERYTHING in scopes(by, Can.HELP_IN)
    return everywhere or any(reaches(by, grant, Can.HELP_IN) for grant in _live(account))


def gains_nothing(by: Account, account: Account) -> bool:
    """Return whether the helper has every power over people, in its place, that the helped has."""
    return all(
        reaches(by, grant, power)
        for grant in _live(account)
        for power in GUARDED & set(POWERS[grant.role])
    )


def _live(account: Account) -> list[Grant]:
    return [grant for grant in account.grants if grant.ended_at is None]


def helps_alone(session: Session, by: Account, account: Account, *, now: datetime) -> bool:
    """Return whether no second person is needed.

    One is, after the password was set anew by mail: who reads the mail may be the one who helps.
    """
    lately = queries.reset_since(session, account, now - rules.RESET_LATELY)
    return gains_nothing(by, account) and not lately


def help_in(session: Session, account: Account, *, by: Account, now: datetime) -> str:
    """Say that one has met the owner, and return the code to say to them.

    It is "" while a second person has to agree.
    """
    if not may_help(by, account):
        raise Missing
    if not queries.has_factor(session, account):
        raise RuleBroken(f"{account.name} has no second step: the password alone lets them in")
    row = queries.help_asked(session, account, now=now)
    if row is not None and row.by_id != by.id:
        row.second_id = by.id
        return _issue(session, account, row, by=by, now=now)
    row = row or HelpIn(account_id=account.id, by_id=by.id, asked_at=now)
    session.add(row)
    session.flush()
    if helps_alone(session, by, account, now=now):
        return _issue(session, account, row, by=by, now=now)
    audit.note(session, "ask to help in", account, by=by.id, now=now)
    return ""


def help_in_by_command(session: Session, account: Account, *, now: datetime) -> str:
    """Return a code for who runs the server, when nobody else is there who may help."""
    row = HelpIn(account_id=account.id, asked_at=now)
    session.add(row)
    return _issue(session, account, row, by=None, now=now)


def _issue(
    session: Session, account: Account, row: HelpIn, *, by: Account | None, now: datetime
) -> str:
    """Make the code; the owner is told, and every session of theirs ends."""
    session.flush()
    void(session, account, but=row, now=now)
    code = rules.letters_from(vault().fingerprint(f"help:{ids.token()}"))
    row.digest, row.issued_at = factors.fingerprint(account, code), now
    session.flush()
    sessions.renew(session, account, "", now=now)
    audit.note(session, "help in", account, by=by.id if by else None, now=now)
    name = by.name if by else "Whoever runs the site"
    notices.tell_of_help(session, account, by=name, now=now)
    return code


def void(session: Session, account: Account, *, now: datetime, but: HelpIn | None = None) -> None:
    """Make every helper's code of an account worthless."""
    open_ones = (ROW.account_id == account.id) & ROW.ended_at.is_(None)
    if but is not None:
        open_ones &= ROW.id != but.id
    session.exec(update(ROW).where(open_ones).values(ended_at=now))


def use_help(session: Session, account: Account, *, letters: str, now: datetime) -> bool:
    """Use a helper's code up, and with it every factor that was lost; return whether it was one."""
    mine = (ROW.account_id == account.id) & (ROW.digest == factors.fingerprint(account, letters))
    fresh = mine & ROW.ended_at.is_(None) & (ROW.issued_at > now - rules.HELP_WITHIN)
    used = update(ROW).where(fresh).values(ended_at=now).returning(ROW.id)
    if session.exec(used).first() is None:
        return False
    factors.forget_factors(session, account)
    audit.note(session, "helped in", account, by=account.id, now=now)
    notices.tell_of_change(session, account, "Your second step was taken away", now=now)
    return True
