"""What happens to accounts. Every function needs a session; none commits."""

from asset_hub.accounts.service.sessions import (
    end_others,
    end_session,
    end_token,
    open_session,
    seen,
)

__all__ = ["end_others", "end_session", "end_token", "open_session", "seen"]
