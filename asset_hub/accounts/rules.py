"""What a password must be, where a sign-in may lead, how long a session lasts."""

from collections.abc import Iterable
from datetime import timedelta

from asset_hub.core.powers import POWERS, Can, Role

SHORTEST_PASSWORD = 12  # letters; NIST SP 800-63B §3.1.1.2 asks for length and nothing silly
LONGEST_PASSWORD = 200
IDLE_NEAR_PEOPLE = timedelta(hours=12)
IDLE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=10)  # how often a look at a page moves the end of a session


def plain_email(text: str) -> str:
    """Return a mail address as it is kept and looked up."""
    return text.strip().lower()


def is_over_people(role: Role) -> bool:
    """Return whether a role may read a person."""
    return Can.READ_PERSON in POWERS[role]


def idle_limit(roles: Iterable[Role]) -> timedelta:
    """Return how long a session lasts untouched: hours for who may read a person, else weeks."""
    return IDLE_NEAR_PEOPLE if any(is_over_people(role) for role in roles) else IDLE
