"""Second factors: how codes are read, how long a proof counts, when a screen locks."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Role, is_guarded

SECONDS = 30  # RFC 6238 §5.2: the usual step
AROUND = 1  # steps either side: clocks differ, and typing takes time
STEP_WITHIN = timedelta(minutes=10)
STEP_TRIES = 5  # wrong codes after one right password; then the password is asked for again
AGAIN_WITHIN = timedelta(minutes=10)
LOCK_AFTER = timedelta(minutes=20)
WARN_BEFORE = timedelta(minutes=2)
SEEN_EVERY = timedelta(minutes=10)  # how often a look at a page moves the end of a session
SEEN_EVERY_LOCKING = timedelta(minutes=1)  # so that the lock comes when it says
HELD_FOR = timedelta(hours=12)
HELD_MOST = 5  # forms of one session
HELP_WITHIN = timedelta(hours=24)
RESET_LATELY = timedelta(days=7)
RECOVERY_CODES = 10
FEW_LEFT = 3
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: none looks like another
ALIKE = str.maketrans("oil", "011")
LONGEST_CODE = 12


def lock_after(roles: Iterable[Role]) -> timedelta | None:
    """Return after how long untouched a screen locks; None for who reads about nobody."""
    return LOCK_AFTER if any(is_guarded(role) for role in roles) else None


def seen_every(roles: Iterable[Role]) -> timedelta:
    """Return how far back a session's last look must lie for a new one to be worth a write."""
    return SEEN_EVERY if lock_after(roles) is None else SEEN_EVERY_LOCKING


def is_lately(shown_at: datetime | None, *, now: datetime) -> bool:
    """Return whether a proof is still fresh enough for what asks again."""
    return shown_at is not None and now - shown_at <= AGAIN_WITHIN


def half_minutes(now: datetime) -> list[int]:
    """Return the steps whose codes are taken now, the likeliest first (RFC 6238 §5.2)."""
    this = int(now.timestamp()) // SECONDS
    return [this, *(this + by * sign for by in range(1, AROUND + 1) for sign in (-1, 1))]


def plain_code(typed: str) -> str:
    """Return the figures of a code, however they were spaced."""
    return re.sub(r"\D", "", typed)


def plain_letters(typed: str) -> str:
    """Return a recovery code as it is compared: small, without spaces, look-alikes as meant."""
    return re.sub(r"[^0-9a-z]", "", typed.casefold()).translate(ALIKE)


def letters_from(digest: str) -> str:
    """Return the code that a keyed hash (64 hex digits) stands for."""
    number = int(digest, 16)
    return in_groups("".join(LETTERS[number >> 5 * n & 31] for n in range(LONGEST_CODE)), "-")


def in_groups(text: str, between: str = " ") -> str:
    """Return a long text in groups of four, as it is easily read and typed."""
    return between.join(text[at : at + 4] for at in range(0, len(text), 4))


def must_leave_one(*, left: int, wanted: bool) -> None:
    """Refuse to take away the last second factor of somebody whose roles want one."""
    if wanted and left == 0:
        raise RuleBroken("Your role needs a second step. Add another one before you remove this.")
