"""Identifiers: time-ordered UUIDs for rows, unguessable tokens for links."""

import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from uuid import UUID

TOKEN_BYTES = 32
_turn = threading.Lock()
_last = 0  # milliseconds, and a count of twelve bits within one


def new() -> UUID:
    """Return a UUIDv7 (RFC 9562 §5.7, counted as in §6.2): later ones of a process sort later."""
    return _stamped(secrets.randbits(62))


def several(count: int) -> Iterator[UUID]:
    """Yield that many of them: the system is asked for chance only once."""
    chance = secrets.token_bytes(8 * count)
    for at in range(0, 8 * count, 8):
        yield _stamped(int.from_bytes(chance[at : at + 8], "big") >> 2)


def _stamped(chance: int) -> UUID:
    global _last
    with _turn:
        _last = max(_last + 1, time.time_ns() // 1_000_000 << 12)
        stamp, count = _last >> 12, _last & 0xFFF
    value = (stamp & ((1 << 48) - 1)) << 80 | 0x7 << 76 | count << 64
    return UUID(int=value | 0x2 << 62 | chance)


def token() -> str:
    """Return a secret for a link; only its digest is ever stored."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(secret: str) -> str:
    """Return what is stored of a token: 64 hex digits that do not give it back."""
    return hashlib.sha256(secret.encode()).hexdigest()
