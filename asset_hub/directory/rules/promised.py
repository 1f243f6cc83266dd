"""What listers are promised: a champion looks within two working days."""

from datetime import date, datetime, timedelta

from asset_hub.core.calendar import is_working_day, london

WORKING_DAYS = 2
MOST_DAYS = 60  # working days that are counted; after that it is simply very long


def days_waited(since: datetime, today: date) -> int:
    """Return how many working days have begun since something was sent, at most 61."""
    day, waited = london(since).date(), 0
    while day < today and waited <= MOST_DAYS:
        day += timedelta(days=1)
        waited += is_working_day(day)
    return waited


def say_waited(days: int) -> str:
    """Return how long something has waited, in words."""
    if days > MOST_DAYS:
        return f"more than {MOST_DAYS} working days"
    return {0: "since today", 1: "1 working day"}.get(days, f"{days} working days")
