"""Pages for accounts: signing in, registering, one's own account, the team."""

from asset_hub.accounts.views import own, registering, signing, team
from asset_hub.accounts.views.bp import bp

__all__ = ["bp", "own", "registering", "signing", "team"]
