"""What listers are promised: a champion looks within two working days."""

from datetime import date, datetime

from asset_hub.core.calendar import london, working_days_after

WORKING_DAYS = 2


def is_late(submitted_at: datetime | None, today: date) -> bool:
    """Return whether a listing that waits has waited longer than was promised."""
    if submitted_at is None:
        return False
    return working_days_after(london(submitted_at).date(), WORKING_DAYS) < today
