"""Pages for accounts: signing in, registering, one's own account, the team."""

from asset_hub.accounts.views import (
    again,
    helping,
    keys,
    own,
    registering,
    second,
    security,
    signing,
    team,
)
from asset_hub.accounts.views.bp import bp

__all__ = [
    "again",
    "bp",
    "helping",
    "keys",
    "own",
    "registering",
    "second",
    "security",
    "signing",
    "team",
]
