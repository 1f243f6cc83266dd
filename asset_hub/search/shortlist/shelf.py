"""What somebody has put on their list, as a cookie says it. Pure, but for the clock it is handed.

The cookie holds ids of public listings and the time, signed; nothing about its reader, nothing
that tells one reader from another. It is readable by the site's own script, which draws the count
in the header: no page that everybody may keep has to be different for each reader.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, TimestampSigner

MOST = 20
LIFE = timedelta(days=30)
BETWEEN = "~"


@dataclass(frozen=True)
class Shelf:
    """Groups in the order somebody wants them, each once."""

    keys: tuple[UUID, ...] = ()

    @property
    def is_full(self) -> bool:
        """Return whether nothing more goes on it."""
        return len(self.keys) >= MOST

    def with_(self, *added: UUID) -> "Shelf":
        """Return it with some groups at the end, as many as fit."""
        return Shelf(tuple(dict.fromkeys((*self.keys, *added)))[:MOST])

    def without(self, key: UUID) -> "Shelf":
        """Return it without a group."""
        return Shelf(tuple(one for one in self.keys if one != key))

    def moved(self, key: UUID, by: int) -> "Shelf":
        """Return it with a group some places up (-1) or down (1), as far as that goes."""
        if key not in self.keys:
            return self
        at = self.keys.index(key)
        rest = list(self.without(key).keys)
        rest.insert(max(0, min(at + by, len(rest))), key)
        return Shelf(tuple(rest))


class Seal:
    """Writes and reads the cookie. `now` stands in for the machine's clock."""

    def __init__(self, secret: str, now: datetime) -> None:
        self._signer = _At(secret, salt="shelf", digest_method=hashlib.sha256)
        self._signer.stamp, self._now = int(now.timestamp()), now

    def write(self, shelf: Shelf) -> str:
        """Return what the cookie says."""
        return self._signer.sign(BETWEEN.join(key.hex for key in shelf.keys)).decode()

    def read(self, text: str | None) -> Shelf:
        """Return what a cookie says; an old, a changed or a strange one says nothing."""
        try:
            signed, at = self._signer.unsign(text or "", return_timestamp=True)
            said = signed.decode() if self._now - at <= LIFE else ""
            return Shelf(tuple(UUID(hex=one) for one in said.split(BETWEEN) if one)[:MOST])
        except (BadSignature, ValueError):
            return Shelf()


class _At(TimestampSigner):
    """A signer whose time is given to it."""

    stamp = 0

    def get_timestamp(self) -> int:
        """Return the time that was given."""
        return self.stamp
