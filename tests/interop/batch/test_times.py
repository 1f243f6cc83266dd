"""Terms, months and dates that were said here, and the feed that knows nothing of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from asset_hub.directory.models import Freq
from asset_hub.directory.service import Times
from asset_hub.interop.reading.records import Record, Runner, content_digest
from tests.interop.feeds import Desk, counts, service

FEED = service(1, schedules=[{"freq": "WEEKLY", "byday": "TH", "until": "2026-12-10"}])


@pytest.mark.parametrize(
    ("name", "value"),
    [("term_time", True), ("not_months", "8"), ("bank_holidays", False), ("dates", "2026-10-08")],
)
def test_what_was_said_here_stays(desk: Desk, name: str, value: object) -> None:
    desk.imports([FEED])
    [schedule] = desk.one("Choir 1").schedules
    assert schedule.valid_to == date(2026, 12, 10)
    desk.edit(schedule, **{name: value})
    assert counts(desk.imports([FEED])) == {"unchanged": 1}
    assert counts(desk.imports([FEED | {"description": "We moved"}])) == {"kept": 1}


def test_times_as_they_always_were_have_the_fingerprint_they_always_had() -> None:
    times = Times(freq=Freq.WEEKLY, byday="TH")
    record = Record(1, "1", {}, Runner("", ""), times=[times])
    first = content_digest(record)
    assert first == "6d9502ce021797e6bb4e98d6c3eba326", "as kept by sites since the first release"
    seen = {first}
    more: list[dict[str, Any]] = [
        {"term_time": True},
        {"not_months": "8"},
        {"bank_holidays": False},
    ]
    for parts in more:
        record.times = [replace(times, **parts)]
        seen.add(content_digest(record))
    assert len(seen) == 4
