"""Whether this browser was here before: a cookie of its own, which outlives every session."""

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as Answer

from asset_hub.config import current_settings
from asset_hub.core.crypto import vault

A_YEAR = 365 * 24 * 3600


def known(email: str) -> str | None:
    """Return this device's name when it signed in to the account of an address before."""
    try:
        whose, name = _signer().loads(request.cookies.get(_cookie_name(), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(name) if whose == _whose(email) else None


def remember(response: Answer, email: str, name: str) -> None:
    """Let this browser be known to an account from now on."""
    response.set_cookie(
        _cookie_name(),
        str(_signer().dumps([_whose(email), name])),
        max_age=A_YEAR,
        secure=current_settings().production,
        httponly=True,
        samesite="Lax",
    )


def _cookie_name() -> str:
    return "__Host-hub-device" if current_settings().production else "hub-device"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="device")


def _whose(email: str) -> str:
    return vault().fingerprint(f"device:{email.casefold()}")
