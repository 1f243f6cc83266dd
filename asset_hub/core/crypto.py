"""Fields that identify a person: sealed with AES-GCM, looked up by a keyed hash.

The row's identity is the associated data, so a sealed value copied to another row does not open.
"""

import hashlib
import hmac
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

KEY_ONE = b"\x01"  # which key sealed a value; a second key would seal with \x02
NONCE = 12


class Vault:
    """The keys of the site, derived from DATA_KEY."""

    def __init__(self, master: bytes) -> None:
        self._box = AESGCM(_derive(master, b"seal"))
        self._pepper = _derive(master, b"look-up")

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt a text for one place ("table:id:column")."""
        nonce = os.urandom(NONCE)
        return KEY_ONE + nonce + self._box.encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt; raise InvalidTag when the value was changed or moved."""
        nonce, body = sealed[1 : NONCE + 1], sealed[NONCE + 1 :]
        return self._box.decrypt(nonce, body, place.encode()).decode()

    def fingerprint(self, text: str) -> str:
        """Return a keyed hash (64 hex digits) that finds an equal text without showing it."""
        return hmac.new(self._pepper, text.encode(), hashlib.sha256).hexdigest()


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"asset-hub:" + purpose).derive(master)


def init_app(app: Flask) -> None:
    """Derive the site's keys."""
    app.extensions["vault"] = Vault(bytes.fromhex(app.extensions["settings"].data_key))


def vault() -> Vault:
    """Return the site's keys."""
    found: Vault = current_app.extensions["vault"]
    return found


def sealed(column: str) -> Any:
    """Declare a text property kept sealed in a bytes column ("" is kept as NULL)."""

    def read(row: Any) -> str:
        value = getattr(row, column)
        return vault().open(value, _place(row, column)) if value else ""

    def write(row: Any, text: str) -> None:
        setattr(row, column, vault().seal(text, _place(row, column)) if text else None)

    return property(read, write, doc=f"The text sealed in `{column}`.")


def _place(row: Any, column: str) -> str:
    return f"{row.__tablename__}:{row.id}:{column}"
