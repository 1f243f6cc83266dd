"""What people ask for, counted in this process and written down once a minute.

A search must not wait for a write. What was counted and not yet written is lost with the process:
these are counts of a season, and nobody's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from threading import Lock

EVERY = timedelta(minutes=1)
MOST = 5_000  # different counts at once; further ones are not kept
Ask = tuple[date, str, str]  # a day, a topic, an area


class Tally:
    """Counts asks by day, topic and area until they are written."""

    def __init__(self) -> None:
        self._asks: Counter[Ask] = Counter()
        self._since: datetime | None = None
        self._lock = Lock()

    def note(self, topics: Iterable[str], area: str, *, today: date, now: datetime) -> None:
        """Count one ask under each of its topics."""
        with self._lock:
            for topic in topics:
                if (today, topic, area) in self._asks or len(self._asks) < MOST:
                    self._asks[today, topic, area] += 1
            self._since = self._since or now

    def due(self, now: datetime) -> Mapping[Ask, int]:
        """Hand over what is to be written now: nothing until a minute after the first ask."""
        with self._lock:
            if self._since is None or now < self._since + EVERY:
                return {}
            taken, self._asks, self._since = self._asks, Counter(), None
            return taken

    def give_back(self, asks: Mapping[Ask, int], *, now: datetime) -> None:
        """Keep what could not be written for the next time."""
        with self._lock:
            self._asks.update(asks)
            self._since = self._since or now
