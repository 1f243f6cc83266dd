"""Open Referral UK, versions 1 and 3: one service object becomes one record.

Both versions are read side by side, since feeds mix them: docs/importing.md lists what goes where.
A part of the wrong shape (a list for an object, a number for a text) is taken when it can only
mean one thing, and is otherwise no part at all; nothing here raises but Refused.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from asset_hub.directory.models import Freq, Kind, Standing
from asset_hub.directory.service import Times
from asset_hub.interop.reading.records import LIMITS, LONGEST, Record, Refused, Runner, Spot
from asset_hub.interop.reading.texts import clean
from asset_hub.interop.reading.texts.names import readable

Thing = dict[str, Any]

STANDINGS = {
    "": Standing.LISTED,
    "active": Standing.LISTED,
    "temporarily closed": Standing.LISTED,
    "inactive": Standing.CLOSED,
    "defunct": Standing.CLOSED,
}
KINDS = (
    (Kind.ACTIVITY, ("activity", "session", "class", "volunteering", "training")),
    (Kind.ADVICE, ("advice", "guidance", "information", "assessment", "financial", "1 to 1")),
    (Kind.PLACE, ("asset", "venue", "equipment", "building")),
)
MOST_POSTCODES = 12  # more in one description are a list of something else

FREQS = {freq.value: freq for freq in Freq}

_DAY = re.compile(
    r"([+-]?[1-5])?\s*(MO(?:N(?:DAYS?)?)?|TU(?:E(?:S(?:DAYS?)?)?)?|WE(?:D(?:NESDAYS?)?)?|"
    r"TH(?:U(?:RS?)?(?:DAYS?)?)?|FR(?:I(?:DAYS?)?)?|SA(?:T(?:URDAYS?)?)?|SU(?:N(?:DAYS?)?)?)"
)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def record(row: int, item: Any, *, now: datetime) -> Record:
    """Return the record of one item of a feed; raise Refused when it is no service."""
    if not isinstance(item, dict):
        raise Refused("it is not a service: an object in { } was expected")
    name = readable(clean.one_line(item.get("name")))
    if not name:
        raise Refused("it has no name")
    found = Record(row, _id(item, name), {}, Runner("", ""))
    if not clean.text(item.get("id")):
        found.warn("it has no id: it is known by its name")
    found.put("name", name)
    found.runner = _runner(item, found)
    audience, subjects = _audience(item), _subjects(item)
    _say(item, found, audience, subjects)
    _reach(item, found)
    _status(item, found, now)
    _ages(item, found)
    found.topics = list(dict.fromkeys([*audience, *subjects]))
    _meet(item, found)
    return found


def _id(item: Thing, name: str) -> str:
    given = clean.text(item.get("id"))
    runner = _thing(item.get("organization"))
    return (given or f"{name} / {clean.text(runner.get('name'))}")[: LIMITS["source_id"]]


def _thing(value: Any) -> Thing:
    """Return an object, also the only one of a list."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def _things(*values: Any) -> list[Thing]:
    """Return the objects of lists, or of objects where a list was meant."""
    found: list[Thing] = []
    for value in values:
        if not value:
            continue
        if isinstance(value, dict):
            found.append(value)
        elif isinstance(value, list):
            found += [part for part in value if isinstance(part, dict)]
    return found


def _runner(item: Thing, found: Record) -> Runner:
    runner = _thing(item.get("organization"))
    name = readable(clean.one_line(runner.get("name")))
    key = clean.text(runner.get("id")) or clean.text(item.get("organization_id"))
    if not name:
        found.warn("no organisation is named: the service’s own name is used")
    name = found.fit(name or found.words["name"], LONGEST["organisation"], "organisation’s name")
    url, problem = clean.url(runner.get("url") or runner.get("website"))
    found.warn(problem and f"organisation: {problem}")
    email, problem = clean.email(runner.get("email"))
    found.warn(problem and f"organisation: {problem}")
    return Runner(
        source_id=(key or f"name: {name.casefold()}")[: LIMITS["source_id"]],
        name=name,
        description=clean.prose(runner.get("description")),
        url=url,
        email=email,
    )


def _say(item: Thing, found: Record, audience: list[str], subjects: list[str]) -> None:
    """Fill the description and what else is prose."""
    described = clean.prose(item.get("description"))
    parts = [
        _after("Please note: ", clean.prose(item.get("alert"))),
        "Temporarily closed." if _status_of(item) == "temporarily closed" else "",
        described,
        _after("Accreditations: ", clean.prose(item.get("accreditations"))),
        _also(described, _after("Also about: ", ", ".join(subjects))),
    ]
    found.put("description", "\n\n".join(filter(None, parts)))
    found.put("summary", clean.summary_of(described, LIMITS["summary"]))
    found.put("fees", _fees(item))
    found.put("how_to_join", _joining(item))
    found.put("eligibility", _eligibility(item, audience))
    spoken = (_first(part, "language", "name", "code") for part in _things(item.get("languages")))
    found.put("languages", _comma(spoken) or clean.text(_no_things(item.get("languages"))))
    found.kind = _kind(clean.text(item.get("deliverable_type")).lower())


def _no_things(value: Any) -> Any:
    return None if isinstance(value, dict) else value


def _also(described: str, words: str) -> str:
    """Return a paragraph, unless the description came from here and has it already."""
    return "" if words in described else words


def _after(start: str, words: str) -> str:
    return start + words if words else ""


def _comma(words: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, words)))


def _first(thing: Thing, *names: str) -> str:
    """Return the first of some properties that says anything, as one line."""
    for name in names:
        value = thing.get(name)
        if value is not None and (said := clean.one_line(value)):
            return said
    return ""


def _kind(words: str) -> Kind:
    for kind, signs in KINDS:
        if any(sign in words for sign in signs):
            return kind
    return Kind.GROUP


def _fees(item: Thing) -> str:
    found = [clean.one_line(item.get("fees"))]
    for option in _things(item.get("cost_options")):
        amount = clean.number(option.get("amount"))
        price = "" if amount is None else f"£{amount:.2f}".removesuffix(".00")
        cost = " ".join(filter(None, [price, _first(option, "amount_description")]))
        found.append(": ".join(filter(None, [_first(option, "option"), cost])))
    return "; ".join(dict.fromkeys(filter(None, found)))


def _joining(item: Thing) -> str:
    ways = (_first(item, "attending_access"), _first(item, "attending_type"))
    more = clean.prose(item.get("pc_attendingAccess_additionalInfo"))
    return "\n\n".join(filter(None, [", ".join(filter(None, ways)), more]))


def _eligibility(item: Thing, audience: list[str]) -> str:
    who = _comma(iter(audience))
    areas = (_first(area, "service_area", "name") for area in _things(item.get("service_areas")))
    return "; ".join(filter(None, [who, _after("Area: ", _comma(areas))]))


def _audience(item: Thing) -> list[str]:
    """Return who it is for, as the feed names them."""
    found = [_first(part, "audienceType") for part in _things(item.get("pc_targetAudience"))]
    for part in _things(item.get("eligibilitys"), item.get("eligibility")):
        found.append(_first(part, "eligibility"))
        found += [_first(term, "name") for term in _things(part.get("taxonomys"))]
    found.append(clean.text(_no_things(item.get("eligibility"))))
    return list(dict.fromkeys(filter(None, found)))


def _subjects(item: Thing) -> list[str]:
    """Return the names of what it is about: v1 service_taxonomys, v3 attributes."""
    found = []
    for link in _things(item.get("service_taxonomys"), item.get("attributes")):
        term = _thing(link.get("taxonomy") or link.get("taxonomy_term")) or link
        found.append(_first(term, "name", "term"))
    return list(dict.fromkeys(filter(None, found)))


def _reach(item: Thing, found: Record) -> None:
    """Fill the ways to get in touch; a named contact is kept apart and stays private."""
    people = _things(item.get("contacts"), item.get("contact"))
    url, problem = clean.url(item.get("url") or item.get("website"))
    found.put("url", url)
    found.warn(problem)
    emails = [item.get("email"), *(person.get("email") for person in people)]
    email, problem = clean.email(next((one for one in emails if clean.text(one)), None))
    found.put("email", email)
    found.warn(problem)
    numbers = [*_numbers(item), *(one for person in people for one in _numbers(person))]
    phone, problem = clean.phone(next(filter(clean.text, numbers), None))
    found.put("phone", phone)
    found.warn(problem)
    for person in people:
        if name := clean.one_line(person.get("name")):
            own = next(filter(clean.text, _numbers(person)), None)
            named = found.fit(name, LONGEST["contact"], "contact’s name")
            at = clean.email(person.get("email"))[0], clean.phone(own)[0]
            found.contacts.append((named, *at))


def _numbers(thing: Thing) -> list[Any]:
    parts = (part.get("number") for part in _things(thing.get("phones"), thing.get("phone")))
    return [*parts, _no_things(thing.get("phone")), thing.get("telephone")]


def _status_of(item: Thing) -> str:
    return clean.text(item.get("status")).lower()


def _status(item: Thing, found: Record, now: datetime) -> None:
    status = _status_of(item)
    if status not in STANDINGS:
        found.warn(f"the status “{clean.shown(status)}” is unknown: kept, but not shown")
    found.standing = STANDINGS.get(status, Standing.CLOSED)
    about = _thing(item.get("pc_metadata"))
    dates = (item.get("assured_date"), about.get("date_assured"), item.get("last_modified"))
    given = next(filter(clean.text, dates), None)
    at = clean.instant(given)
    if at and at > now + timedelta(days=1):
        found.warn(f"the date {clean.shown(given)} is still to come: not taken as confirmed")
        at = None
    elif given is not None and at is None:
        found.warn(f"the date “{clean.shown(given)}” cannot be read")
    found.confirmed_at = min(at, now) if at else None


def _ages(item: Thing, found: Record) -> None:
    sources = [item, *_things(item.get("eligibilitys"))]
    for name in ("minimum_age", "maximum_age"):
        given = next((one.get(name) for one in sources if clean.text(one.get(name))), None)
        years, problem = clean.age(given)
        setattr(found, name, years)
        found.warn(problem)


def _meet(item: Thing, found: Record) -> None:
    """Fill places and times."""
    access: list[str] = []
    times = [item.get("regular_schedules"), item.get("regular_schedule"), item.get("schedules")]
    meetings = _things(item.get("service_at_locations"))
    for meeting in meetings:
        times += [meeting.get(name) for name in ("regular_schedule", "regular_schedules")]
        times.append(meeting.get("schedules"))
    locations = [meeting.get("location") for meeting in meetings]
    for location in _things(*locations, item.get("locations"), item.get("location")):
        access += _access(location)
        if clean.text(location.get("location_type")).lower() == "virtual":
            access.append("Online")
        elif spot := _spot(location, found):
            found.places.append(spot)
    if not found.places:
        found.places = [Spot(postal_code=code, mentioned=True) for code in _mentioned(found)]
    found.put("access", _comma(iter(access)))
    found.times = list(
        dict.fromkeys(filter(None, (_time(part, found) for part in _things(*times))))
    )


def _mentioned(found: Record) -> list[str]:
    """Return the postcodes a description mentions, for a service without a place of its own."""
    known = clean.postcodes_in(found.words.get("description", ""))
    if len(known) > MOST_POSTCODES:
        found.warn(f"{len(known)} postcodes in the description: none is taken as its place")
        return []
    return known


def _access(location: Thing) -> list[str]:
    parts = _things(location.get("accessibility"), location.get("accessibility_for_disabilities"))
    return [_first(part, "description", "accessibility", "details") for part in parts]


def _spot(location: Thing, found: Record) -> Spot | None:
    addresses = _things(location.get("physical_addresses"), location.get("addresses"))
    physical = [a for a in addresses if clean.text(a.get("address_type")).lower() != "postal"]
    address = next(iter(physical or addresses), location)
    written = clean.text(address.get("postal_code") or address.get("postcode"))
    street = _comma(_first(address, name) for name in ("address_1", "address_2"))
    spot = Spot(
        name=found.fit(_first(location, "name"), LONGEST["place"], "name of the place"),
        address_1=found.fit(street, LONGEST["address"], "address"),
        city=found.fit(_first(address, "city"), LONGEST["town"], "town"),
        postal_code=clean.postcode(written),
        source_id=clean.text(location.get("id"))[: LIMITS["source_id"]] or None,
    )
    if written and not spot.postal_code:
        found.warn(f"the postcode “{clean.shown(written)}” cannot be used")
    pin(spot, location.get("latitude"), location.get("longitude"), found)
    said = spot.name or spot.address_1 or spot.city or spot.postal_code
    return spot if said or spot.latitude is not None else None


def pin(spot: Spot, latitude: Any, longitude: Any, found: Record) -> None:
    """Put a spot at its coordinates when they lie in these islands; swapped ones are put right."""
    if not clean.text(latitude) and not clean.text(longitude):
        return
    north, east = clean.number(latitude), clean.number(longitude)
    if north is not None and east is not None:
        if not _here(north, east) and _here(east, north):
            found.warn("latitude and longitude were swapped")
            north, east = east, north
        if _here(north, east):
            spot.latitude, spot.longitude = round(north, 6), round(east, 6)
            return
    given = f"{clean.shown(latitude)}, {clean.shown(longitude)}"
    found.warn(f"the coordinates {given} are not in these islands")


def _here(latitude: float, longitude: float) -> bool:
    return 49 <= latitude <= 62 and -11 <= longitude <= 3


def _time(part: Thing, found: Record) -> Times | None:
    given = clean.text(part.get("byday") or part.get("weekday"))
    days = _days(given)
    freq = FREQS.get(clean.text(part.get("freq")).upper())
    if freq is None and days:
        freq = Freq.MONTHLY if any(day[0] not in "MTWFS" for day in days) else Freq.WEEKLY
    interval = clean.number(part.get("interval"))
    times = Times(
        freq=freq,
        interval=int(interval) if interval and 1 <= interval <= 99 else 1,
        byday=",".join(days)[:40],
        opens_at=clean.clock_time(part.get("opens_at")),
        closes_at=clean.clock_time(part.get("closes_at")),
        dtstart=clean.day(part.get("dtstart") or part.get("valid_from")),
        valid_to=clean.day(part.get("valid_to") or part.get("until")),
        description=found.fit(_time_words(part, given, days), LONGEST["times"], "times"),
    )
    return None if times == Times(interval=times.interval) else times


@lru_cache(maxsize=1024)
def _days(given: str) -> tuple[str, ...]:
    """Return "TH,FR", "1MO" or "Monday" as BYDAY parts; nothing unless all of it is days."""
    if given in {"1", "2", "3", "4", "5", "6", "7"}:
        return (_WEEKDAYS[int(given) - 1],)
    parts = filter(None, map(str.strip, re.split(r"[,;/&]|\bAND\b", given.upper())))
    found = [_DAY.fullmatch(part) for part in parts]
    if not all(found):
        return ()
    return tuple(dict.fromkeys(f"{day[1] or ''}{day[2][:2]}" for day in found if day))


def _time_words(part: Thing, given: str, days: Sequence[str]) -> str:
    """Return the words of a schedule, and the parts of it that we cannot keep as parts."""
    words = [clean.one_line(part.get("description")), clean.one_line(part.get("notes"))]
    if given and not days:
        words.append(given)
    if dates := clean.text(part.get("bymonthday")):
        words.append(f"On the {dates} of the month")
    return ". ".join(dict.fromkeys(word.rstrip(".") for word in words if word))
