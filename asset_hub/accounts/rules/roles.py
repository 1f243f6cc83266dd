"""Who may give which role, and how long things last."""

from collections.abc import Iterable
from datetime import timedelta

from asset_hub.core.powers import POWERS, Can, Role

IDLE_NEAR_PEOPLE = timedelta(hours=12)
IDLE = timedelta(days=30)
WHOLE_NEAR_PEOPLE = timedelta(days=7)  # since signing in, however often it is used
WHOLE = timedelta(days=365)
CONFIRM_WITHIN = timedelta(days=3)
RESET_WITHIN = timedelta(hours=2)
ACCEPT_WITHIN = timedelta(days=14)
SAME_CLICK = timedelta(minutes=1)  # an invitation sent again sooner is the same one

GIVEN_BY: dict[Can, tuple[Role, ...]] = {
    Can.INVITE: (Role.CHAMPION, Role.NAVIGATOR, Role.COORDINATOR),
    Can.INVITE_PRACTICE: (Role.PRACTICE_STAFF, Role.PRACTICE_LEAD),
    Can.MANAGE_ACCOUNTS: tuple(role for role in Role if role is not Role.OWNER),
}
# Nobody gives an owner's role by hand: a proven address does. Taking it away is the same as any.
ENDED_BY = GIVEN_BY | {Can.MANAGE_ACCOUNTS: tuple(Role)}


def is_over_people(role: Role) -> bool:
    """Return whether a role may read a person."""
    return Can.READ_PERSON in POWERS[role]


def whole_limit(roles: Iterable[Role]) -> timedelta:
    """Return how long a session lasts at all: a week for who may read a person, else a year."""
    return WHOLE_NEAR_PEOPLE if any(is_over_people(role) for role in roles) else WHOLE


def idle_limit(roles: Iterable[Role]) -> timedelta:
    """Return how long a session lasts untouched: hours for who may read a person, else weeks."""
    return IDLE_NEAR_PEOPLE if any(is_over_people(role) for role in roles) else IDLE
