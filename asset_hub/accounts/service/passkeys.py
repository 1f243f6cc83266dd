"""Passkeys (WebAuthn Level 2): made, shown, named, removed.

`webauthn` checks the answer of a key; what it may answer, and that it does so once, is kept here.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session

from asset_hub.accounts import queries, rules
from asset_hub.accounts.models import Account, Passkey
from asset_hub.accounts.service import factors
from asset_hub.core import audit
from asset_hub.core.errors import Missing, RuleBroken

ROW: Any = Passkey
MOST = 20  # keys of one account
NOT_TAKEN = "That passkey was not accepted. Try again, or use another way."
NOT_ADDED = "That passkey could not be added. Try again."


@dataclass(frozen=True)
class Site:
    """What a passkey is bound to: the name in the site's address, and the address itself."""

    name: str
    host: str
    origin: str


def options_to_add(session: Session, account: Account, site: Site, *, challenge: str) -> str:
    """Return, as JSON, what a browser needs to make a key for an account."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    picked = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.PREFERRED,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=account.id.bytes,
        user_name=account.email,
        user_display_name=account.name,
        challenge=_bytes(challenge),
        authenticator_selection=picked,
        exclude_credentials=_descriptors(queries.passkeys(session, account)),
    )
    return options_to_json(options)


def options_to_show(session: Session, account: Account | None, site: Site, challenge: str) -> str:
    """Return, as JSON, what a browser needs to ask for a key: an account's, or any."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    keys = queries.passkeys(session, account) if account else []
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=_bytes(challenge),
        allow_credentials=_descriptors(keys),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _bytes(text: str) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    return base64url_to_bytes(text)


def _descriptors(keys: list[Passkey]) -> list[Any]:
    from webauthn.helpers import structs

    return [structs.PublicKeyCredentialDescriptor(id=_bytes(key.credential_id)) for key in keys]


def add_passkey(
    session: Session,
    account: Account,
    *,
    answer: str,
    challenge: str,
    site: Site,
    name: str,
    token: str,
    now: datetime,
) -> Passkey:
    """Keep the public half of a key that has just been made for this account."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:  # whatever is wrong with it was made elsewhere: it is not a key
        raise RuleBroken(NOT_ADDED) from None
    key = bytes_to_base64url(made.credential_id)
    mine = queries.passkeys(session, account)
    if queries.passkey_of(session, key) or len(mine) >= MOST:
        raise RuleBroken(NOT_ADDED)
    row = Passkey(
        account_id=account.id,
        name=rules.one_line(name),
        credential_id=key,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        created_at=now,
    )
    session.add(row)
    factors.changed(session, account, row, "A passkey was added", token=token, now=now)
    return row


def show_passkey(
    session: Session,
    account: Account | None,
    *,
    answer: str,
    challenge: str,
    site: Site,
    now: datetime,
) -> Account:
    """Return whose key answered the question; raise RuleBroken when it is not the account's.

    A count that does not grow tells of a copied key, which is refused (WebAuthn §6.1.1).
    """
    from webauthn import verify_authentication_response

    row = queries.passkey_of(session, _key_in(answer))
    whose = session.get(Account, row.account_id) if row else None
    if row is None or whose is None or (account and whose.id != account.id):
        raise RuleBroken(NOT_TAKEN)
    if not whose.is_active or not whose.confirmed_at:
        raise RuleBroken(NOT_TAKEN)
    try:
        shown = verify_authentication_response(
            credential=answer,
            expected_challenge=_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except Exception:  # whatever is wrong with it was made elsewhere: it opens nothing
        raise RuleBroken(NOT_TAKEN) from None
    _count(session, row, shown.new_sign_count, now)
    return whose


def _key_in(answer: str) -> str:
    try:
        return str(json.loads(answer)["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RuleBroken(NOT_TAKEN) from None


def _count(session: Session, row: Passkey, count: int, now: datetime) -> None:
    """Keep a key's count; of two answers with one count the first alone is taken."""
    grows = or_(ROW.sign_count < count, (ROW.sign_count == 0) & (count == 0))
    change = update(ROW).where(ROW.id == row.id, grows).values(sign_count=count, used_at=now)
    if session.exec(change.returning(ROW.id)).first() is None:
        raise RuleBroken(NOT_TAKEN)


def own_passkey(session: Session, account: Account, key: UUID) -> Passkey:
    """Return one of the account's own keys; raise Missing for any other."""
    row = session.get(Passkey, key)
    if row is None or row.account_id != account.id:
        raise Missing
    return row


def name_passkey(
    session: Session, account: Account, row: Passkey, *, name: str, now: datetime
) -> None:
    """Say which key is which."""
    row.name = rules.one_line(name)
    session.add(row)
    session.flush()
    audit.note(session, "change", account, by=account.id, now=now, fields=["passkey"])


def remove_passkey(
    session: Session, account: Account, row: Passkey, *, wanted: bool, token: str, now: datetime
) -> None:
    """Forget a key; refused when it is the last factor and roles want one."""
    others = len(queries.passkeys(session, account)) - 1
    app = 1 if queries.authenticator(session, account) else 0
    rules.must_leave_one(left=others + app, wanted=wanted)
    session.delete(row)
    factors.changed(session, account, row, "A passkey was removed", token=token, now=now)
