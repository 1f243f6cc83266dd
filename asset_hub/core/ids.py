"""Identifiers: time-ordered UUIDs for rows, unguessable tokens for links."""

import hashlib
import secrets
import time
from uuid import UUID

TOKEN_BYTES = 32


def new() -> UUID:
    """Return a UUIDv7 (RFC 9562 §5.7): random, and near its neighbours in an index."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def token() -> str:
    """Return a secret for a link; only its digest is ever stored."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(secret: str) -> str:
    """Return what is stored of a token: 64 hex digits that do not give it back."""
    return hashlib.sha256(secret.encode()).hexdigest()
