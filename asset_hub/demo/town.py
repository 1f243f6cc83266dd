"""The town while it is being filled: what stands already, under the names its files use."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community, Practice
from asset_hub.core.calendar import london
from asset_hub.directory.models import Service

Words = dict[str, Any]
PICTURES = Path(__file__).parent / "pictures"  # drawn by `demo.draw`


def read(name: str) -> Words:
    """Return one of the town's files: "places", "groups", "people" or "lately"."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass
class Town:
    """What stands already, and what day it is."""

    now: datetime
    places: Words
    communities: dict[str, Community] = field(default_factory=dict)
    practices: dict[str, Practice] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the date on the wall of the town."""
        return london(self.now).date()

    def day(self, ago: int) -> date:
        """Return the date so many days ago."""
        return self.today - timedelta(ago)

    def at(self, ago: int) -> datetime:
        """Return half past ten of a day, or now when that has not come yet."""
        moment = datetime.combine(self.day(ago), time(10, 30), london(self.now).tzinfo)
        return min(moment.astimezone(UTC), self.now)
