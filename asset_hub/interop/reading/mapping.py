"""Which column of a sheet means what: written in a JSON file, or guessed from the header."""

import json
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asset_hub.interop.reading.files import Unreadable

# Our fields, and the headings that usually mean them: the first heading found is taken.
FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "service_id", "site_id", "registered_charity_number", "charity_number", "urn",
           "unique_id", "uid", "reference", "ref"),
    "name": ("name", "service_name", "charity_name", "site_name", "group_name", "club_name",
             "activity_name", "venue_name", "title", "organisation_name", "organization_name",
             "community_hub", "name_of_group", "name_of_club", "name_of_activity",
             "name_of_organisation", "group", "club", "name_of_activity_or_group"),
    "summary": ("summary", "short_description"),
    "description": ("description", "what_it_does", "what_happens",
                    "activities", "about", "service_description", "what_we_do",
                    "details"),
    "organization": ("organisation", "organization", "organisation_name", "organization_name",
                     "provider", "run_by"),
    "organization_id": ("organisation_id", "organization_id", "provider_id"),
    "place_name": ("venue", "venue_name", "location_name", "place_name", "building"),
    "address": ("address", "contact_address", "address_1", "address_line_1", "street",
                "street_address"),
    "town": ("town", "city", "post_town", "address_town"),
    "postcode": ("postcode", "post_code", "postal_code", "contact_postcode", "zip"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "phone": ("phone", "telephone", "tel", "phone_number", "telephone_number", "contact_phone",
              "contact_telephone", "contact_number", "mobile"),
    "email": ("email", "e_mail", "email_address", "contact_email"),
    "url": ("website", "url", "web", "web_address", "website_url", "homepage", "contact_web"),
    "times": ("times", "day_and_time", "days_and_time", "day_time", "meeting_times",
              "opening_hours", "opening_times", "when", "days_and_times"),
    "fees": ("fees", "cost", "price", "prices", "charge", "charges", "how_much"),
    "eligibility": ("eligibility", "who_for", "who_is_it_for", "audience"),
    "access": ("access", "accessibility", "access_notes"),
    "how_to_join": ("how_to_join", "how_to_access", "referral", "access_type"),
    "languages": ("languages", "language"),
    "minimum_age": ("minimum_age", "min_age", "age_from"),
    "maximum_age": ("maximum_age", "max_age", "age_to"),
    "topics": ("topics", "topic", "category", "categories", "tags", "facility_type", "type"),
    "confirmed_on": ("assured_date", "last_checked", "last_updated", "date_updated",
                     "site_last_updated_date", "last_modified"),
    "status": ("status",),
    "kind": ("asset_kind",),  # as our own export calls them: others mean something else
    "visibility": ("place_shown",),
}  # fmt: skip
ONLY_WHOLE = {"id", "topics", "status"}  # “charity_type” is no topic
PARAGRAPHS = {"description"}
CHOSEN_FOR_ALL = {"kind", "visibility", "topics"}
NEVER = re.compile(r"^(ward|area|la|lsoa|msoa|oa|locality|region|county|parish)_")


class Unfit(Unreadable):
    """A mapping that does not fit a file: somebody must say which column is what."""


@dataclass(frozen=True, slots=True)
class Part:
    """A column, and the words to put before its cells."""

    column: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Our field → the columns it is made of, or a constant for every row."""

    columns: dict[str, tuple[Part, ...]]
    constants: dict[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    source: str = ""

    @property
    def can_be_chosen(self) -> bool:
        """Return whether it says no more than which of our fields each column is."""
        parts = [part for found in self.columns.values() for part in found]
        once = len({part.column for part in parts}) == len(parts)
        plain = once and not any(part.label for part in parts)
        return plain and not self.missing and self.constants.keys() <= CHOSEN_FOR_ALL

    def fits(self, header: Sequence[str]) -> bool:
        """Return whether all of its columns are in a file."""
        return all(part.column in header for parts in self.columns.values() for part in parts)

    def check(self, header: Sequence[str]) -> None:
        """Raise Unfit when a column is not in the file, or nothing gives a name."""
        for name, parts in self.columns.items():
            for part in parts:
                if part.column not in header:
                    raise Unfit(
                        f"The mapping takes “{name}” from a column “{part.column}”, which the "
                        f"file does not have. Its columns are: {', '.join(filter(None, header))}."
                    )
        if "name" not in self.columns and "name" not in self.constants:
            raise Unfit(
                "No column was found that gives a name: say which one does. "
                f"The columns are: {', '.join(filter(None, header))}."
            )

    def lines(self) -> list[str]:
        """Return the mapping in words, one line for each field."""
        width = max(map(len, [*self.columns, *self.constants]), default=0)
        found = []
        for name in FIELDS:
            if name in self.columns:
                parts = (f"{p.label}: {p.column}" if p.label else p.column
                         for p in self.columns[name])  # fmt: skip
                found.append(f"{name:{width}}  ← {' + '.join(parts)}")
            elif name in self.constants:
                found.append(f"{name:{width}}  = {self.constants[name]}")
        return found


def guess(header: Sequence[str]) -> Mapping:
    """Return the mapping that a header's usual words suggest; a column is used once."""
    known = {re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_"): title for title in header}
    found: dict[str, tuple[Part, ...]] = {}
    used: set[str] = set()
    for whole in (True, False):
        for name, words in FIELDS.items():
            sure = whole or name not in ONLY_WHOLE
            title = None if name in found or not sure else _match(words, known, used, whole=whole)
            if title is not None:
                used.add(title)
                found[name] = (Part(title),)
    return Mapping(found)


def _match(
    words: Sequence[str], known: Table[str, str], used: set[str], *, whole: bool
) -> str | None:
    """Return the first heading that is one of the words, or, not `whole`, that ends in one."""
    for word in words:
        for key, title in known.items():
            fits = key == word if whole else key.endswith(f"_{word}") and not NEVER.match(key)
            if fits and title not in used:
                return title
    return None


def load(path: Path) -> Mapping:
    """Return the mapping of a JSON file; raise Unreadable, in words, when it is not one."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise Unreadable(f"The mapping cannot be opened: {problem.strerror}.") from None


def parse(words: str) -> Mapping:
    """Return the mapping written in a JSON text; raise Unreadable, in words, for anything else."""
    try:
        found = json.loads(words)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"The mapping is not JSON: {problem}.") from None
    return from_plain(found)


def from_plain(found: Any) -> Mapping:
    """Return the mapping that JSON values describe; raise Unreadable for what is none."""
    if not isinstance(found, dict):
        raise Unreadable("The mapping must be an object in { }.")
    _only(found, {"columns", "constants", "missing", "source"}, "the mapping")
    columns, constants = _table(found, "columns"), _table(found, "constants")
    _only(columns, set(FIELDS), "“columns”")
    _only(constants, set(FIELDS), "“constants”")
    return Mapping(
        {name: _parts(name, value) for name, value in columns.items()},
        {name: _constant(name, value) for name, value in constants.items()},
        frozenset(str(word).casefold() for word in _list(found.get("missing", []))),
        str(found.get("source", "")),
    )


def to_start(kept: dict[str, Any] | None, header: Sequence[str]) -> Mapping:
    """Return what to begin with: what was said last time as far as it fits, else a guess."""
    if not kept:
        return guess(header)
    found = from_plain(kept)
    columns = {
        name: parts
        for name, parts in found.columns.items()
        if all(part.column in header for part in parts)
    }
    return Mapping(columns or guess(header).columns, found.constants, found.missing)


def to_plain(mapping: Mapping) -> dict[str, Any]:
    """Return a mapping as JSON values, to be kept."""
    return {
        "columns": {
            name: [
                {"column": part.column, "label": part.label} if part.label else part.column
                for part in parts
            ]
            for name, parts in mapping.columns.items()
        },
        "constants": dict(mapping.constants),
        "missing": sorted(mapping.missing),
    }


def _only(found: dict[str, Any], known: set[str], where: str) -> None:
    if strange := sorted(set(found) - known):
        raise Unreadable(
            f"In {where}, “{strange[0]}” is not known. Known are: {', '.join(sorted(known))}."
        )


def _table(found: dict[str, Any], name: str) -> dict[str, Any]:
    table = found.get(name, {})
    if not isinstance(table, dict):
        raise Unreadable(f"In the mapping, “{name}” must be an object in {{ }}.")
    return table


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _parts(name: str, value: Any) -> tuple[Part, ...]:
    found = []
    for part in _list(value):
        if isinstance(part, str):
            found.append(Part(part))
        elif isinstance(part, dict) and isinstance(part.get("column"), str):
            found.append(Part(part["column"], str(part.get("label", ""))))
        else:
            raise Unreadable(
                f"In “columns”, “{name}” must be a column, or a list of columns and of "
                '{"column": …, "label": …}.'
            )
    return tuple(found)


def _constant(name: str, value: Any) -> str:
    words = [str(word) for word in _list(value) if isinstance(word, str | int | float)]
    if not words:
        raise Unreadable(f"In “constants”, “{name}” must be a text.")
    return "; ".join(words)
