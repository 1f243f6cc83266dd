"""How often somebody may try. Counted in a transaction of its own, so that failures count too.

An attacker who guesses from many places can close an account to new devices for an hour, never
to a device that signed in before: that one is counted by itself.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from asset_hub.accounts import rules
from asset_hub.core import throttle

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


def count_sign_in(
    session: Session, *, email: str, network: str, device: str | None, now: datetime
) -> None:
    """Count a try to sign in; raise TooOften past what is fair.

    `network` is the address it came from, as far as a client cannot change it at will.
    `device` names a device that signed in to this account before, else it is None.
    """
    email = rules.plain_email(email)
    if device:
        who = f"{email} {device}"
        throttle.hit(session, "sign in, device", who, limit=20, per=QUARTER, now=now)
        return
    throttle.hit(session, "sign in, pair", f"{email} {network}", limit=20, per=QUARTER, now=now)
    throttle.hit(session, "sign in, account", email, limit=100, per=HOUR, now=now)
    throttle.hit(session, "sign in, network", network, limit=300, per=HOUR, now=now)


def count_letter(session: Session, *, email: str, network: str, now: datetime) -> None:
    """Count a page that sends a letter to a typed address; raise TooOften past what is fair."""
    throttle.hit(session, "letter", rules.plain_email(email), limit=5, per=HOUR, now=now)
    throttle.hit(session, "letters, network", network, limit=60, per=HOUR, now=now)


def count_password(session: Session, *, account_id: str, now: datetime) -> None:
    """Count a try at the present password of somebody who is signed in."""
    throttle.hit(session, "present password", account_id, limit=10, per=QUARTER, now=now)


def count_code(session: Session, *, account_id: str, device: str | None, now: datetime) -> None:
    """Count a try at the second factor, which only follows a right password.

    A device that was here before is counted by itself: who stole a password shuts nobody out.
    Three of a million codes are right at a time, so thirty guesses a day hit one in 21 years, as
    often as not; and the owner is told of them.
    """
    who = f"{account_id} {device or 'elsewhere'}"
    throttle.hit(session, "code", who, limit=10, per=HOUR, now=now)
    throttle.hit(session, "code, day", who, limit=30, per=DAY, now=now)


def count_proof(session: Session, *, session_id: str, now: datetime) -> None:
    """Count a try to unlock a session's screen; only that session waits when they are used up."""
    throttle.hit(session, "proof", session_id, limit=10, per=QUARTER, now=now)


def count_passkey(session: Session, *, who: str, now: datetime) -> None:
    """Count a question put to a passkey, by account or else by network: each leaves a row."""
    throttle.hit(session, "passkey", who, limit=600, per=HOUR, now=now)
