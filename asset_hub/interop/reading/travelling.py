"""Records as they go from one process to another: plain values, which travel much faster."""

from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from asset_hub.directory.models import Freq, Kind, Standing, Visibility
from asset_hub.directory.service import FirstCopy, Times
from asset_hub.interop.reading.plan import Read
from asset_hub.interop.reading.records import Ready, Record, Runner, Spot

KINDS = {kind.value: kind for kind in Kind}
STANDINGS = {standing.value: standing for standing in Standing}
VISIBILITIES = {visibility.value: visibility for visibility in Visibility}
FREQS: dict[str | None, Freq | None] = {None: None} | {freq.value: freq for freq in Freq}

Packed = tuple[Any, ...]


def pack(read: Read) -> Packed:
    """Return what `marshal` can write: everything but the topics' ids, which numbers stand for."""
    row, found = read
    if isinstance(found, str):
        return row, found
    runner = found.runner
    return (
        row, found.source_id, found.words,
        (runner.source_id, runner.name, runner.description, runner.url, runner.email),
        found.kind.value, found.standing.value, found.minimum_age, found.maximum_age,
        found.confirmed_at and found.confirmed_at.isoformat(),
        [_spot(spot) for spot in found.places], [_times(times) for times in found.times],
        found.topics, found.topic_numbers, found.contacts, found.warnings,
        found.community_id and found.community_id.hex, found.digest, _ready(found.ready),
    )  # fmt: skip


def unpack(packed: Packed) -> Read:
    """Return what was packed."""
    if len(packed) == 2:
        return packed[0], packed[1]
    (row, source_id, words, runner, kind, standing, youngest, oldest, confirmed, places, times,
     topics, numbers, contacts, warnings, community, digest, ready) = packed  # fmt: skip
    return row, Record(
        row, source_id, words, Runner(*runner), KINDS[kind], STANDINGS[standing], youngest, oldest,
        confirmed and datetime.fromisoformat(confirmed), [_place(one) for one in places],
        [_when(one) for one in times], topics, numbers, contacts, warnings,
        community_id=community and _community(community), digest=digest, ready=_made(ready),
    )  # fmt: skip


_community = lru_cache(maxsize=256)(UUID)


def _ready(ready: Ready | None) -> Packed | None:
    if ready is None:
        return None
    copy = ready.copy
    published = copy and (copy.listing, copy.stems, copy.impacts, copy.topics, copy.places)
    return ready.key, ready.runner, ready.service, ready.parts, published


def _made(packed: Packed | None) -> Ready | None:
    if packed is None:
        return None
    key, runner, service, parts, published = packed
    return Ready(key, runner, service, parts, published and FirstCopy(*published))


def _spot(spot: Spot) -> Packed:
    return (
        spot.name, spot.address_1, spot.city, spot.postal_code, spot.latitude, spot.longitude,
        spot.visibility.value, spot.approximate, spot.source_id, spot.mentioned,
    )  # fmt: skip


def _place(packed: Packed) -> Spot:
    name, address, city, code, latitude, longitude, shown, approximate, key, mentioned = packed
    return Spot(
        name=name, address_1=address, city=city, postal_code=code, latitude=latitude,
        longitude=longitude, visibility=VISIBILITIES[shown], approximate=approximate,
        source_id=key, mentioned=mentioned,
    )  # fmt: skip


@lru_cache(maxsize=4096)  # many groups meet at the same times
def _times(times: Times) -> Packed:
    return (
        times.freq and times.freq.value, times.interval, times.byday,
        times.opens_at and times.opens_at.isoformat(),
        times.closes_at and times.closes_at.isoformat(),
        times.dtstart and times.dtstart.isoformat(),
        times.valid_to and times.valid_to.isoformat(), times.description, times.dates,
        times.term_time, times.not_months, times.bank_holidays,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _when(packed: Packed) -> Times:
    (freq, interval, byday, opens, closes, starts, ends, description, dates, term_time,
     not_months, bank_holidays) = packed  # fmt: skip
    return Times(
        freq=FREQS[freq], interval=interval, byday=byday,
        opens_at=time.fromisoformat(opens) if opens else None,
        closes_at=time.fromisoformat(closes) if closes else None,
        dtstart=date.fromisoformat(starts) if starts else None,
        valid_to=date.fromisoformat(ends) if ends else None, description=description,
        dates=dates, term_time=term_time, not_months=not_months, bank_holidays=bank_holidays,
    )  # fmt: skip
