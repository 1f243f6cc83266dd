"""The first administrator, made from the command line by whoever runs the server."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session

from asset_hub.accounts import queries, rules
from asset_hub.accounts.models import Account
from asset_hub.accounts.service import grants, passwords, registration
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Role


def make_admin(session: Session, *, email: str, name: str, password: str, now: datetime) -> Account:
    """Give an account the administrator's role; without a password, mail a link to set one.

    An account that is there already keeps its name.
    """
    email = _sound(email)
    found = queries.by_email(session, email)
    if found and not found.is_active:
        raise RuleBroken("This account is disabled.")
    account = found or registration.new_account(session, rules.one_line(name), email, now=now)
    if password:
        rules.must_be_good_password(password, name=account.name, email=email)
        kept = passwords.hashed(password)
        registration.establish(session, account, name=account.name, password_hash=kept, now=now)
    else:
        passwords.ask_reset(session, email=email, now=now)
    grants.grant(session, account, Role.ADMIN, place={}, by=None, now=now)
    return account


def _sound(email: str) -> str:
    try:
        known = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        raise RuleBroken("Enter an email address, like name@example.com.") from None
    return rules.plain_email(known)
