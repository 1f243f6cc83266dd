"""Second factors of the cast, and a key that answers as a phone's would."""

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import cbor2
import pyotp
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlmodel import Session, select

from asset_hub.accounts import service
from asset_hub.accounts.models import Account, Authenticator, SignIn
from asset_hub.core import ids
from tests.cast import NOW
from tests.conftest import Browser

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def require(app: Flask, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    """Let the site be as strict as in production."""
    strict = replace(app.extensions["settings"], **({"second_factor": "required"} | more))
    monkeypatch.setitem(app.extensions, "settings", strict)


def with_app(session: Session, account: Account, *, now: datetime = NOW) -> str:
    """Give somebody an authenticator app; return its secret. No code of it was used."""
    row = Authenticator(account_id=account.id, secret_sealed=b"", created_at=now, confirmed_at=now)
    row.secret = secret = pyotp.random_base32()
    session.add(row)
    session.commit()
    return secret


def with_codes(session: Session, account: Account, *, once: str = "once") -> list[str]:
    codes = service.renew_codes(session, account, once=once, now=NOW)
    session.commit()
    return codes


def code(secret: str, *, now: datetime = NOW, by: int = 0) -> str:
    """Return what the app shows; `by` counts half minutes from now."""
    return pyotp.TOTP(secret).at(int(now.timestamp()) + 30 * by)


def signed_in(browser: Browser, account: Account, *, factor: datetime | None = NOW) -> str:
    """Sign in by a session row, with a second factor shown; return the token."""
    session = browser.session
    token = service.open_session(session, account, device="test", now=NOW, factor_at=factor)
    session.commit()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    return token


def row_of(browser: Browser) -> SignIn:
    """Return the session that the browser's cookie opens."""
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]
    browser.session.expire_all()
    wanted = select(SignIn).where(SignIn.digest == ids.digest(token))
    return browser.session.exec(wanted).one()


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><strong[^>]*>([0-9a-z-]{14})</strong>", page)


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """An authenticator in a few lines: a P-256 key, a count, and what it says of its user."""

    host: str = "localhost"
    origin: str = "http://localhost:8000"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    id: bytes = b"key of Ben's phone, sixteen or more"
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _about(self, flags: int) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        at = self.secret.public_key().public_numbers()
        shape = {1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")}
        encoded: bytes = cbor2.dumps(shape)
        return encoded

    def make(self, options: dict[str, Any]) -> str:
        """Answer a site that wants a new key."""
        about = self._about(self.flags | ATTESTED) + bytes(16)
        about += len(self.id).to_bytes(2, "big") + self.id + self._public()
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        client = self._client("webauthn.create", options["challenge"])
        return self._said({"clientDataJSON": text(client), "attestationObject": text(made)})

    def show(self, options: dict[str, Any]) -> str:
        """Answer a site that wants this key shown."""
        self.count += 1
        about = self._about(self.flags)
        client = self._client("webauthn.get", options["challenge"])
        signed = self.secret.sign(
            about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._said(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(about),
                "signature": text(signed),
            }
        )

    def _said(self, response: dict[str, str]) -> str:
        return json.dumps({
            "id": text(self.id), "rawId": text(self.id), "type": "public-key",
            "clientExtensionResults": {}, "response": response,
        })  # fmt: skip


def add_key(browser: Browser, key: Key, name: str = "My phone") -> Any:
    """Add a key to the account that is signed in, as the page's script does."""
    options = browser.post("/account/passkeys/ask").get_json()
    form = {"name": name, "answer": key.make(options)}
    return browser.post("/account/passkeys/add", data=form)


def show_key(browser: Browser, key: Key, path: str) -> Any:
    """Show a key at a page, as its script does."""
    options = browser.post("/passkeys/ask").get_json()
    return browser.post(path, data={"answer": key.show(options)})
