"""Listings as a sheet: what everybody may know, or what a coordinator knows of their community.

Rows are read a few hundred at a time, by key, each time with a connection of its own: however many
there are, memory stays flat and no transaction is kept open while somebody's browser is slow.
"""

import csv
import io
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select, true
from sqlmodel import col

from asset_hub.core import db
from asset_hub.core.calendar import london
from asset_hub.directory.models import Organization, Service, Standing, TaxonomyTerm, Visibility
from asset_hub.directory.service import Times, say_when
from asset_hub.interop.batch import state
from asset_hub.interop.batch.closing import LISTING
from asset_hub.interop.exporting.shown import public_place
from asset_hub.interop.reading.records import Spot

PAGE = 400
BOM = "\ufeff"  # by which Excel knows that it is UTF-8
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would work out
_NEVER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold

# Titles that our own import knows again: see `mapping.FIELDS`.
PUBLIC = (
    "id", "name", "asset_kind", "summary", "description", "organisation", "venue", "address",
    "town", "postcode", "latitude", "longitude", "place_shown", "phone", "email", "website",
    "times", "cost", "eligibility", "minimum_age", "maximum_age", "access", "how_to_join",
    "languages", "topics", "last_checked",
)  # fmt: skip
OURS = (
    "standing", "confirmed_by", "source", "more_places",
    "private_contact_name", "private_contact_email", "private_contact_phone",
)  # fmt: skip
COLUMNS = (
    "id", "community_id", "name", "kind", "summary", "description", "phone", "email", "url", "fees",
    "eligibility", "minimum_age", "maximum_age", "access", "how_to_join", "languages",
    "confirmed_at", "confirmed_by", "standing", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """What is exported: which services, and in which communities the private parts too."""

    which: ColumnElement[bool] = field(default_factory=true)
    ours: bool = False  # a coordinator's: every standing, and more columns
    private_in: frozenset[UUID] = frozenset()

    @property
    def header(self) -> tuple[str, ...]:
        """Return the titles of the columns."""
        return PUBLIC + OURS if self.ours else PUBLIC


def rows(export: Export) -> Iterator[list[str]]:
    """Yield the header, then a row for each service."""
    yield list(export.header)
    last: UUID | None = None
    while True:
        with db.reading() as connection:
            page = _page(connection, export, last)
            found = _complete(connection, export, page)
        yield from found
        if len(page) < PAGE:
            return
        last = page[-1]["id"]


def is_more(export: Export, most: int) -> bool:
    """Return whether an export has more rows than that; no more of them are counted."""
    with db.reading() as connection:
        wanted = select(col(Service.id)).where(_seen(export)).limit(most + 1)
        return len(connection.execute(wanted).all()) > most


def csv_of(export: Export) -> Iterator[str]:
    """Yield a CSV file piece by piece."""
    yield BOM
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for number, row in enumerate(rows(export), 1):
        writer.writerow(map(harmless, row))
        if number % 100 == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    said = out.getvalue()
    out.seek(0)
    out.truncate()
    return said


def workbook_of(export: Export) -> IO[bytes]:
    """Return a spreadsheet in a nameless file; each cell is text, never a formula."""
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Groups")
    sheet.freeze_panes = "C2"
    for row in rows(export):
        cells = [WriteOnlyCell(sheet, _NEVER.sub("", harmless(cell))[:32_000]) for cell in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has been sent)
    book.save(file)
    file.seek(0)
    return file


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet works out; our own import takes the mark away again."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _page(connection: Connection, export: Export, last: UUID | None) -> Sequence[Any]:
    columns = [col(getattr(Service, name)) for name in COLUMNS]
    runner: Any = col(Organization.name).label("organization")
    wanted = select(*columns, runner).join(
        Organization, col(Organization.id) == col(Service.organization_id)
    )
    seen = _seen(export)
    if last is not None:
        seen = and_(seen, col(Service.id) > last)
    return (
        connection.execute(wanted.where(seen).order_by(col(Service.id)).limit(PAGE))
        .mappings()
        .all()
    )


def _seen(export: Export) -> ColumnElement[bool]:
    if export.ours:
        return and_(export.which, col(Service.standing) != Standing.UNCONFIRMED)
    # the published copy says that it is published
    published = select(LISTING.c.service_id).where(LISTING.c.service_id == col(Service.id))
    return and_(export.which, published.exists(), col(Service.standing) == Standing.LISTED)


def _complete(connection: Connection, export: Export, page: Sequence[Any]) -> Iterable[list[str]]:
    keys = [row["id"] for row in page]
    spots, times = state.places_of(connection, keys), state.times_of(connection, keys)
    topics, contacts = _topics(connection, keys), _contacts(connection, export, keys)
    return [
        _row(export, row, spots[row["id"]], times[row["id"]], topics[row["id"]],
             contacts.get(row["id"]))
        for row in page
    ]  # fmt: skip


def _topics(connection: Connection, keys: Sequence[UUID]) -> dict[UUID, list[str]]:
    names = select(state.TERM.c.service_id, col(TaxonomyTerm.name)).join(
        TaxonomyTerm, col(TaxonomyTerm.id) == state.TERM.c.term_id
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    there = names.where(state.TERM.c.service_id.in_(keys)).order_by(col(TaxonomyTerm.name))
    for key, name in connection.execute(there):
        found[key].append(name)
    return found


def _contacts(
    connection: Connection, export: Export, keys: Sequence[UUID]
) -> dict[UUID, tuple[str, str, str]]:
    if not export.private_in:
        return {}
    c = state.CONTACT.c
    wanted = select(c.service_id, c.name, c.email, c.phone).where(c.service_id.in_(keys))
    rows = connection.execute(wanted.order_by(c.id.desc()))
    return {key: (name, email, phone) for key, name, email, phone in rows}


def _row(
    export: Export,
    row: Any,
    spots: Sequence[Spot],
    times: Sequence[Times],
    topics: Sequence[str],
    contact: tuple[str, str, str] | None,
) -> list[str]:
    private = row["community_id"] in export.private_in
    shown = list(spots) if private else [one for one in map(public_place, spots) if one]
    said = {
        **{name: row[name] for name in COLUMNS},
        "id": str(row["id"]),
        "asset_kind": row["kind"].value,
        "organisation": row["organization"],
        "website": row["url"],
        "cost": row["fees"],
        "times": say_when(times),
        "topics": "; ".join(topics),
        "last_checked": _day(row["confirmed_at"]),
        "standing": row["standing"].value,
        "source": (row["source"] or "").partition("#")[0],
        "more_places": "; ".join(map(_where, shown[1:])),
        **_place(shown[0] if shown else None),
        **_contact(contact if private else None),
    }
    return ["" if said[name] is None else str(said[name]) for name in export.header]


def _place(spot: Spot | None) -> dict[str, Any]:
    if spot is None:
        return dict.fromkeys(
            ("venue", "address", "town", "postcode", "latitude", "longitude", "place_shown"), ""
        )
    exact = spot.visibility is Visibility.EXACT
    return {
        "venue": spot.name, "address": spot.address_1, "town": spot.city,
        "postcode": spot.postal_code, "latitude": spot.latitude, "longitude": spot.longitude,
        "place_shown": "" if exact else spot.visibility.value,
    }  # fmt: skip


def _where(spot: Spot) -> str:
    return ", ".join(filter(None, (spot.name, spot.address_1, spot.city, spot.postal_code)))


def _contact(contact: tuple[str, str, str] | None) -> dict[str, str]:
    names = ("private_contact_name", "private_contact_email", "private_contact_phone")
    return dict(zip(names, contact or ("", "", ""), strict=True))


def _day(at: Any) -> str:
    return london(at).date().isoformat() if at else ""
