"""Files of small areas: outlines (GeoJSON), counts of people and deciles (CSV). Values in, out."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from asset_hub.communities.rules import boundaries
from asset_hub.communities.rules.boundaries import Boundary
from asset_hub.core.errors import RuleBroken

LARGEST_FILE = 200_000_000  # letters; every small area of a country
METRES = 111_195.0  # in a degree of latitude
# The columns of the Office for National Statistics and of those who republish it.
CODE = (
    "lsoa21cd",
    "lsoa21_code",
    "lsoa21",
    "lsoa11cd",
    "area_code",
    "code",
    "oa21cd",
    "geography code",
)
PEOPLE = ("all_ages", "population", "total", "all ages", "people")
NAME = ("lsoa21nm", "area_name", "name")
DAY = ("period", "date", "counted_on")
DECILE = ("imd_decile", "decile")
SEX = ("sex", "gender")
EVERYBODY = {"persons", "all", "total", ""}
Row = Mapping[str, str | None]


@dataclass(frozen=True)
class Area:
    """The outline of a small area."""

    code: str
    name: str
    boundary: Boundary


@dataclass(frozen=True)
class Count:
    """How many people lived in an area on a day; no day when the file says none."""

    people: int
    on: date | None


def areas_in(text: str) -> Iterator[Area | RuleBroken]:
    """Yield each area of a GeoJSON file, or why it is refused.

    An area known by its middle alone becomes a square: of its `area` in square metres when the
    file says it, else of ten metres, so that it counts wholly or not at all.
    """
    for shape in boundaries.shapes_in(text, LARGEST_FILE):
        facts = {str(key).casefold(): str(value) for key, value in shape.facts.items()}
        code = _first(facts, CODE)
        try:
            if not code:
                raise RuleBroken(f"“{shape.name}” has no code ({', '.join(CODE[:3])} …)")
            yield Area(code[:12], (_first(facts, NAME) or "")[:100], _outline(shape.found, facts))
        except RuleBroken as broken:
            yield broken


def _outline(found: Any, facts: Mapping[str, str]) -> Boundary:
    if not isinstance(found, dict) or found.get("type") != "Point":
        return boundaries.geometry(found)
    try:
        longitude, latitude = (float(number) for number in found["coordinates"][:2])
        half = math.sqrt(float(facts.get("area") or 100)) / 2 / METRES
        across = half / math.cos(math.radians(latitude))
    except (KeyError, TypeError, ValueError):
        raise RuleBroken("its middle is not a point") from None
    west, east = longitude - across, longitude + across
    south, north = latitude - half, latitude + half
    ring = [[west, south], [east, south], [east, north], [west, north]]
    return boundaries.geometry({"type": "Polygon", "coordinates": [ring]})


def counts_in(rows: Iterable[Row]) -> dict[str, Count]:
    """Return how many people each area has; of rows for each sex, those for everybody."""
    found: dict[str, Count] = {}
    for row in rows:
        facts = {str(key).strip().casefold(): value or "" for key, value in row.items()}
        code, people = _first(facts, CODE), _first(facts, PEOPLE)
        if not code or not people:
            raise RuleBroken(
                f"The file of people needs a column named {' or '.join(CODE[:5])},"
                f" and one named {' or '.join(PEOPLE[:3])}"
            )
        if (_first(facts, SEX) or "").casefold() in EVERYBODY:
            found[code] = Count(_people(people), _day(_first(facts, DAY) or ""))
    return found


def deciles_in(rows: Iterable[Row]) -> dict[str, int]:
    """Return the decile of each area, from 1 (the most deprived tenth) to 10."""
    found: dict[str, int] = {}
    for row in rows:
        facts = {str(key).strip().casefold(): value or "" for key, value in row.items()}
        code, decile = _first(facts, CODE), _first(facts, DECILE) or ""
        if not code or decile not in {str(number) for number in range(1, 11)}:
            raise RuleBroken(f"The file of deciles needs a column named {' or '.join(DECILE)}")
        found[code] = int(decile)
    return found


def _people(text: str) -> int:
    try:
        return max(0, round(float(text.replace(",", ""))))
    except (ValueError, OverflowError):
        raise RuleBroken(f"“{text[:20]}” is not a number of people") from None


def _day(text: str) -> date | None:
    """Return a date, or the middle of a year when only that is said."""
    if len(text) == 4 and text.isdigit():
        return date(int(text), 6, 30)
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _first(facts: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((facts[name].strip() for name in names if facts.get(name)), None)
