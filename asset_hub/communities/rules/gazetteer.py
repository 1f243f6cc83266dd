"""Rows of a file of postcodes: which column is which, and which rows are of no use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asset_hub.communities.rules import boundaries, postcodes
from asset_hub.core.errors import RuleBroken

# ONSPD writes pcds, lat, long; others write it otherwise. The first that is there is taken.
CODE = ("pcds", "pcd", "pcd2", "pcd8", "pcd7", "postcode", "outcode")
LATITUDE = ("lat", "latitude")
LONGITUDE = ("long", "lon", "lng", "longitude")


@dataclass(frozen=True)
class Columns:
    """The names a file gives to what is needed of it."""

    code: str
    latitude: str
    longitude: str
    town: str


@dataclass(frozen=True)
class Point:
    """A postcode or outcode and its middle."""

    code: str
    outcode: str
    latitude: float
    longitude: float
    town: str = ""


def columns_of(header: Sequence[str]) -> Columns:
    """Return which column is which, in any order and case; raise RuleBroken when one is missing."""
    known = {name.strip().casefold(): name for name in reversed(header)}
    code, latitude, longitude = (_first(known, names) for names in (CODE, LATITUDE, LONGITUDE))
    return Columns(code, latitude, longitude, known.get("town", ""))


def _first(known: Mapping[str, str], names: Sequence[str]) -> str:
    for name in names:
        if name in known:
            return known[name]
    raise RuleBroken(f"The file has no column named {' or '.join(names)}.")


def postcode_in(row: Mapping[str, str | None], columns: Columns) -> Point:
    """Return the full postcode of a row; raise RuleBroken with why the row is refused."""
    typed = row.get(columns.code) or ""
    code = postcodes.normalise(typed)
    if code is None:
        raise RuleBroken(f"“{typed[:20]}” is not a postcode")
    return Point(code, code.split()[0], *_middle(row, columns))


def outcode_in(row: Mapping[str, str | None], columns: Columns) -> Point:
    """Return the first half of a postcode of a row; raise RuleBroken with why it is refused."""
    typed = row.get(columns.code) or ""
    code = postcodes.outcode_of(typed)
    if code is None or postcodes.normalise(typed):
        raise RuleBroken(f"“{typed[:20]}” is not the first half of a postcode")
    town = (row.get(columns.town) or "").strip()[:100]
    return Point(code, code, *_middle(row, columns), town=town)


def _middle(row: Mapping[str, str | None], columns: Columns) -> tuple[float, float]:
    try:
        latitude = float(row.get(columns.latitude) or "")
        longitude = float(row.get(columns.longitude) or "")
    except ValueError:
        raise RuleBroken("latitude or longitude is not a number") from None
    if not boundaries.is_around_here(latitude, longitude):
        raise RuleBroken("it has no location")
    return round(latitude, 6), round(longitude, 6)
