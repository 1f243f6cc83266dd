"""One service as a file describes it, cleaned: the same for every format."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from asset_hub.core.bulk import Plain
from asset_hub.core.db import limit
from asset_hub.directory.models import (
    Contact,
    Kind,
    Location,
    Organization,
    Schedule,
    Service,
    Standing,
)
from asset_hub.directory.service import FirstCopy, PlainPlace, Times
from asset_hub.interop.reading.texts import clean

LIMITS = {
    name: limit(getattr(Service, name))
    for name in (
        "name", "summary", "description", "url", "email", "phone", "fees", "eligibility",
        "access", "how_to_join", "languages", "source_id",
    )
}  # fmt: skip
LONGEST = {
    "organisation": limit(Organization.name),
    "place": limit(Location.name),
    "address": limit(Location.address_1),
    "town": limit(Location.city),
    "times": limit(Schedule.description),
    "contact": limit(Contact.name),
}
LATER = ("dates", "term_time", "not_months", "bank_holidays")  # counted only where they say more
NO_TIMES = Times()
SAID = {"how_to_join": "how to join", "source_id": "id"}


class Refused(Exception):
    """A row that cannot become a service; the message says why, for the report."""


@dataclass(slots=True, kw_only=True)
class Spot(PlainPlace):
    """A place of a service, and where in the feed it came from."""

    source_id: str | None = None
    mentioned: bool = False  # only a postcode found in the description


@dataclass(slots=True)
class Runner:
    """The organisation behind a service."""

    source_id: str
    name: str
    description: str = ""
    url: str = ""
    email: str = ""


@dataclass(slots=True)
class Ready:
    """What a new service becomes: its rows in plain values (see `batch.rows`), ready to insert.

    They are made for one id and one organisation, and good for no other.
    """

    key: str  # the service's id, as 32 hex digits
    runner: tuple[str, str]  # the organisation's id, likewise, and its name
    service: Plain
    parts: list[tuple[Plain, ...]]  # of each table that hangs on it
    copy: FirstCopy | None  # of one that is listed


@dataclass(slots=True)
class Record:
    """A service, cleaned; `words` holds the filled text columns of `Service` by name.

    `topics` are names or slugs as the file has them. What could not be taken as it was is in
    `warnings`. Where it is, whose it is and what it is about in our own words (`community_id`,
    `term_ids`) are found later, for many records at once.
    """

    row: int
    source_id: str
    words: dict[str, str]
    runner: Runner
    kind: Kind = Kind.GROUP
    standing: Standing = Standing.LISTED
    minimum_age: int | None = None
    maximum_age: int | None = None
    confirmed_at: datetime | None = None
    places: list[Spot] = field(default_factory=list)
    times: list[Times] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    topic_numbers: list[int] = field(default_factory=list)  # see TopicWords
    contacts: list[tuple[str, str, str]] = field(default_factory=list)  # name, email, phone
    warnings: list[str] = field(default_factory=list)
    community_id: UUID | None = None
    term_ids: list[UUID] = field(default_factory=list)
    keeps_contacts: bool = False  # those that are there already are the same
    beyond: list[str] = field(default_factory=list)  # said here, and never by a feed
    digest: str = ""  # see `source_digest`
    ready: Ready | None = None  # when it seems to be new

    def warn(self, problem: str) -> None:
        """Remember a problem for the report; nothing for an empty one."""
        if problem:
            self.warnings.append(problem)

    def put(self, column: str, words: str) -> None:
        """Fill a text column, cut with a warning when it is too long."""
        if words:
            self.words[column] = self.fit(words, LIMITS[column], SAID.get(column, column))

    def fit(self, words: str, longest: int, what: str) -> str:
        """Return a text that fits; say so when it had to be cut."""
        if len(words) > longest:
            self.warn(f"the {what} had {len(words):,} characters: cut to {longest:,}")
        return clean.cut(words, longest)


def content_digest(record: Record) -> str:
    """Return a fingerprint of what a service says: equal for equal words, places and times.

    Empty values are left out, so a column added later does not make every service look edited.
    """
    what = [
        sorted(record.words.items()), record.kind.value, record.standing.value,
        record.minimum_age, record.maximum_age, str(record.community_id or ""),
        sorted(map(_place, record.places)), sorted(map(_time, record.times)),
        sorted(str(key) for key in record.term_ids), sorted(filter(any, record.contacts)),
        *sorted(record.beyond),
    ]  # fmt: skip
    return _fingerprint(what)


def source_digest(record: Record) -> str:
    """Return what the feed says (32 hex digits), then what we made of it (32 more)."""
    made = content_digest(record)
    runner = record.runner
    said = [
        made, record.confirmed_at and record.confirmed_at.isoformat(), runner.source_id,
        runner.name, runner.description, runner.url, runner.email,
    ]  # fmt: skip
    return _fingerprint(said) + made


def _fingerprint(what: list[Any]) -> str:
    return blake2b(json.dumps(what).encode(), digest_size=16).hexdigest()


def _place(place: Spot) -> list[Any]:
    return [
        place.name, place.address_1, place.city, place.postal_code, _degrees(place.latitude),
        _degrees(place.longitude), place.visibility.value, place.approximate,
    ]  # fmt: skip


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _time(times: Times) -> list[Any]:
    parts: Iterable[Any] = (
        times.freq, times.interval, times.byday, times.opens_at, times.closes_at, times.dtstart,
        times.valid_to, times.description,
    )  # fmt: skip
    said = ["" if part is None else str(part) for part in parts]
    return said + [f"{name}={getattr(times, name)}" for name in LATER if _is_said(times, name)]


def _is_said(times: Times, name: str) -> bool:
    return bool(getattr(times, name) != getattr(NO_TIMES, name))
