"""Which days and which groups somebody wants to see, read from an address. Nothing raises."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from asset_hub.directory.queries import horizon
from asset_hub.search.question import asking, leading
from asset_hub.search.question.asking import Asked

DAY, WEEKEND, WEEK = "day", "weekend", "week"
SPANS = {DAY: 1, WEEKEND: 2, WEEK: 7}
STEPS = {DAY: 1, WEEKEND: 7, WEEK: 7}  # days to the one before and after
NEAR = 3.0  # miles around a postcode, unless somebody says how far
LETTERS = ("normal", "large")
FIELDS = {"near", "within", "topic", "community"}


@dataclass(frozen=True)
class Wanted:
    """A span of days, what else was asked, and the size of the letters."""

    asked: Asked
    today: date
    first: date
    span: str = WEEK
    free: bool = False
    letters: str = "normal"

    @property
    def last(self) -> date:
        """Return the last day shown."""
        return min(self.first + timedelta(days=SPANS[self.span] - 1), self.horizon)

    @property
    def horizon(self) -> date:
        """Return the last day anything is known of."""
        return horizon(self.today)

    @property
    def before(self) -> date | None:
        """Return where the span before this one begins, if any of it is to come."""
        first = max(self.first - timedelta(days=STEPS[self.span]), self.today)
        if self.span == WEEKEND and self.first > self.today:
            first = weekend(first, self.today)
        return first if first < self.first else None

    @property
    def after(self) -> date | None:
        """Return where the span after this one begins, while anything is known of it."""
        first = self.first + timedelta(days=STEPS[self.span])
        if self.span == WEEKEND:
            first = weekend(first, self.today)
        return first if first <= self.horizon else None

    @property
    def is_narrow(self) -> bool:
        """Return whether anything but the days was asked for."""
        return bool(self.asked.community or self.asked.near or self.asked.topics or self.free)


def wanted(arguments: "MultiDict[str, str]", *, today: date) -> Wanted:
    """Read what somebody wants to see."""
    asked = asking.asked(arguments)
    if asked.near and asked.within is None:
        asked = replace(asked, within=NEAR)
    span = arguments.get("span", "")
    span = span if span in SPANS else WEEK
    first = _day(arguments.get("on", ""), today)
    letters = arguments.get("letters", "")
    return Wanted(
        asked=_plain(asked),
        today=today,
        first=weekend(first, today) if span == WEEKEND else first,
        span=span,
        free=arguments.get("free", "") == "1",
        letters=letters if letters in LETTERS else "normal",
    )


def _plain(asked: Asked) -> Asked:
    """Return the parts of a question that this page asks: a place and topics."""
    known = {name: words for name, words in asked.problems.items() if name in FIELDS}
    return Asked(
        near=asked.near, pin=asked.pin, within=asked.within, topics=asked.topics,
        community=asked.community, problems=known,
    )  # fmt: skip


def weekend(day: date, today: date) -> date:
    """Return the Saturday of a day's week; on a Sunday that is today, that Sunday."""
    saturday = day + timedelta(days=5 - day.weekday())
    return max(saturday, today)


def address(now: Wanted, endpoint: str = "search.whats_on", **changes: Any) -> str:
    """Return the page that shows the same for other days, or with some parts changed."""
    changed = replace(now, **changes)
    more = {
        "on": changed.first.isoformat() if changed.first != changed.today else None,
        "span": changed.span if changed.span != WEEK else None,
        "free": "1" if changed.free else None,
        "letters": changed.letters if changed.letters != "normal" else None,
    }
    kept = leading.params(changed.asked) | {name: said for name, said in more.items() if said}
    return url_for(endpoint, **kept)


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return today
    return min(max(day, today), horizon(today))
