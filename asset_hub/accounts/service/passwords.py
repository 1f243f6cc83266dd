"""Passwords: hashed with Argon2id, checked in the same time whether an account exists or not."""

from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session

from asset_hub.accounts import queries, rules
from asset_hub.accounts.models import Account, MailedLink, Purpose
from asset_hub.accounts.service import helping, links, sessions
from asset_hub.core import audit, ids, outbox
from asset_hub.core.errors import RuleBroken

WRONG = "The email address or the password is not right"
# OWASP Password Storage: Argon2id with 19 MiB, two passes, one lane
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# The hash of a random password that was thrown away: checked when there is no account.
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$ptTTckBZuA9SITXXRzagEQ"
    "$mP0F3U2HTBQnFUlXKClHfd17meBxrDn4u+y9Dly394w"
)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Return whether a password fits its hash; it costs the same when there is no hash."""
    try:
        return HASHER.verify(password_hash or NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def check_password(session: Session, *, email: str, password: str) -> Account:
    """Return the account that a mail address and a password open; raise RuleBroken when none.

    Unknown, disabled and unconfirmed accounts and wrong passwords take the same words and time.
    Nothing is written: the slow comparison must not hold a transaction that others wait for.
    """
    account = queries.by_email(session, email)
    usable = account if account and account.is_active and account.confirmed_at else None
    right = is_right(usable.password_hash if usable else None, password)
    if usable is None or not right:
        raise RuleBroken(WRONG)
    return usable


def renew_hash(account: Account, password: str) -> None:
    """Keep a known password by today's rules, when it was hashed by older ones."""
    if HASHER.check_needs_rehash(account.password_hash or ""):
        account.password_hash = hashed(password)


def change_password(
    session: Session,
    account: Account,
    *,
    password: str,
    new_password: str,
    token: str,
    now: datetime,
) -> None:
    """Set a new password, knowing the present one; every session but the token's ends."""
    if not is_right(account.password_hash, password):
        raise RuleBroken("Your present password is not right", field="password")
    rules.must_be_good_password(
        new_password, name=account.name, email=account.email, field="new_password"
    )
    _set(session, account, new_password, now=now)
    sessions.renew(session, account, token, now=now)


def ask_reset(session: Session, *, email: str, now: datetime) -> None:
    """Mail a link for a new password, or that there is no account: one letter in both cases."""
    account = queries.by_email(session, email)
    if account is None or not account.is_active:
        _tell_stranger(session, rules.plain_email(email), now=now)
        return
    within = rules.RESET_WITHIN
    link, token = links.issue(session, account, Purpose.RESET, within=within, now=now)
    links.mail(session, "account-reset", account, cause=link.id, token=token, now=now)


def _tell_stranger(session: Session, email: str, *, now: datetime) -> None:
    cause = f"account-unknown:{ids.new()}"
    outbox.post(session, "account-unknown", to=email, cause=cause, now=now, any_hour=True)


def reset_password(session: Session, link: MailedLink, *, password: str, now: datetime) -> Account:
    """Set a new password by a mailed link; the address is confirmed by it, all sessions end."""
    account = link.account
    rules.must_be_good_password(password, name=account.name, email=account.email)
    links.use(session, link, now=now)
    account.confirmed_at = account.confirmed_at or now
    _set(session, account, password, now=now)
    sessions.renew(session, account, "", now=now)
    helping.void(session, account, now=now)  # who helps may read the mail, but not both
    return account


def _set(session: Session, account: Account, password: str, *, now: datetime) -> None:
    account.password_hash = hashed(password)
    links.use_up(session, account, now=now)
    session.flush()
    audit.note(session, "change", account, by=account.id, now=now, fields=["password"])
    links.mail(session, "account-password-changed", account, cause=ids.new(), now=now)
