"""The only module that reads the clock; everything else is handed `now` or `today`."""

from datetime import UTC, date, datetime

from asset_hub.core.calendar import LONDON


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the date on the wall where the communities live."""
    return now().astimezone(LONDON).date()
