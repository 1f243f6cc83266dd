"""Registering and confirming. The same work is done whether an account exists or not."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts import queries, rules
from asset_hub.accounts.models import Account, MailedLink, Purpose
from asset_hub.accounts.service import links, passwords
from asset_hub.core import audit, db, ids
from asset_hub.core.errors import RuleBroken


def register(session: Session, *, name: str, email: str, password: str, now: datetime) -> UUID:
    """Ask the owner of an address to confirm it; return the id by which to ask again.

    Nothing typed here counts before the address is confirmed. The owner of an address that has
    an account is told so by mail; the page says the same.
    """
    name, email = rules.one_line(name), rules.plain_email(email)
    rules.must_be_good_password(password, name=name, email=email)
    password_hash = passwords.hashed(password)
    account = queries.by_email(session, email) or new_account(session, name, email, now=now)
    if account.confirmed_at or account.disabled_at:
        key = ids.new()
        links.mail(session, "account-exists", account, cause=key, now=now)
        return key
    link, token = links.issue(
        session,
        account,
        Purpose.CONFIRM,
        within=rules.CONFIRM_WITHIN,
        now=now,
        name=name,
        password_hash=password_hash,
    )
    links.mail(session, "account-confirm", account, cause=link.id, token=token, now=now)
    return link.id


def new_account(session: Session, name: str, email: str, *, now: datetime) -> Account:
    """Add an unconfirmed account, or return the one that another request added just now."""
    db.claim(session, Account(name=name, email=email, created_at=now))
    found = queries.by_email(session, email)
    assert found is not None
    return found


def send_again(session: Session, key: UUID, *, now: datetime) -> None:
    """Mail a new link for a registration that waits; do nothing for any other id."""
    link = session.get(MailedLink, key)
    if link is None or link.used_at or link.purpose is not Purpose.CONFIRM:
        return
    token = ids.token()
    link.digest, link.expires_at = ids.digest(token), now + rules.CONFIRM_WITHIN
    session.flush()
    cause = f"{link.id}:{link.digest[:12]}"
    links.mail(session, "account-confirm", link.account, cause=cause, token=token, now=now)


def confirm(session: Session, link: MailedLink, *, password: str | None, now: datetime) -> Account:
    """Confirm an address by its link, and give the account what was typed with it.

    `password` is asked for unless the link is opened where it was asked for (then None): somebody
    else may have registered the address and hope that its owner presses the button.
    """
    if password is not None and not passwords.is_right(link.password_hash, password):
        raise RuleBroken("That is not the password you chose when you registered", field="password")
    links.use(session, link, now=now)
    establish(
        session, link.account, name=link.name, password_hash=link.password_hash or "", now=now
    )
    return link.account


def establish(
    session: Session, account: Account, *, name: str, password_hash: str, now: datetime
) -> None:
    """Make an account usable: its address is proven, its name and password are its owner's."""
    account.name, account.password_hash, account.confirmed_at = name, password_hash, now
    links.use_up(session, account, now=now)
    session.flush()
    audit.note(session, "confirm", account, by=account.id, now=now)


def rename(session: Session, account: Account, *, name: str, now: datetime) -> None:
    """Change what somebody is called."""
    account.name = rules.one_line(name)
    session.flush()
    audit.note(session, "change", account, by=account.id, now=now, fields=["name"])
