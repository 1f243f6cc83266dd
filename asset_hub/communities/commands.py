"""`flask places …`: load postcodes, outcodes and area statistics from files."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

import click
from flask import Flask
from sqlmodel import Session

from asset_hub.communities import rules, service
from asset_hub.communities.models import AreaPopulation
from asset_hub.core import db
from asset_hub.core.errors import RuleBroken

BATCH = 2_000  # rows in one transaction
SAY_EVERY = 50_000
SHOWN = 20  # refused rows that are listed one by one

Read = Callable[[dict[str, str | None]], rules.Point]
Write = Callable[[Session, Sequence[rules.Point]], Counter[str]]
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def init_app(app: Flask) -> None:
    """Add the commands."""

    @app.cli.group("places")
    def places() -> None:
        """Look after postcodes and area statistics."""

    @places.command("load-postcodes")
    @FILE
    def load_postcodes(file: Path) -> None:
        """Load full postcodes from a CSV with columns like ONSPD's (pcds, lat, long)."""
        _load(file, rules.postcode_in, service.load_postcodes)

    @places.command("load-outcodes")
    @FILE
    def load_outcodes(file: Path) -> None:
        """Load the middle of each postcode district from a CSV (outcode, latitude, longitude)."""
        _load(file, rules.outcode_in, service.load_outcodes)

    @places.command("load-areas")
    @FILE
    @click.argument("population", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option(
        "--deciles",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A CSV with the deprivation decile of each area.",
    )
    @click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="When people were counted.")
    def load_areas(
        file: Path, population: Path, deciles: Path | None, as_of: datetime | None
    ) -> None:
        """Load small areas (GeoJSON) and how many people live in each (CSV).

        Every community with a boundary is then estimated anew.
        """
        try:
            known = rules.deciles_in(_rows(deciles)) if deciles else {}
            _load_areas(file, rules.counts_in(_rows(population)), known, as_of)
        except (RuleBroken, csv.Error) as broken:
            raise click.ClickException(str(broken)) from None


def _load(file: Path, read: Callable[..., rules.Point], write: Write) -> None:
    """Read, write a batch at a time, and say what became of every row."""
    told: Counter[str] = Counter()
    refused: list[str] = []
    with file.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        rows = csv.DictReader(lines)
        try:
            columns = rules.columns_of(rows.fieldnames or ())
        except (RuleBroken, csv.Error) as broken:
            raise click.ClickException(str(broken)) from None
        points = _points(rows, lambda row: read(row, columns), told, refused)
        while batch := list(islice(points, BATCH)):
            with db.transaction() as session:
                told.update(write(session, batch))
            told["repeated"] += len(batch) - len({point.code for point in batch})
    _say(told, refused)


def _rows(file: Path) -> Iterator[dict[str, str | None]]:
    with file.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        yield from csv.DictReader(lines)


def _load_areas(
    file: Path, counts: dict[str, rules.Count], deciles: dict[str, int], as_of: datetime | None
) -> None:
    """Match outlines with people, write them, and estimate every community."""
    told: Counter[str] = Counter()
    refused: list[str] = []
    rows: list[AreaPopulation] = []
    for area in rules.areas_in(file.read_text(encoding="utf-8-sig", errors="replace")):
        told["read"] += 1
        try:
            if isinstance(area, RuleBroken):
                raise area
            rows.append(_area_row(area, counts.get(area.code), deciles, as_of))
        except RuleBroken as broken:
            told["refused"] += 1
            refused.append(f"  {broken}")
    for at in range(0, len(rows), BATCH):
        with db.transaction() as session:
            service.load_areas(session, rows[at : at + BATCH])
    with db.transaction() as session:
        done = service.count_everybody(session)
    told["loaded"] = len(rows)
    for word in ("read", "loaded", "refused"):
        click.echo(f"{word:10} {told[word]:>10,}")
    for line in refused[:SHOWN]:
        click.echo(line)
    click.echo(f"{done['estimated']} communities estimated, {done['not estimated']} could not be")


def _area_row(
    area: rules.Area,
    count: rules.Count | None,
    deciles: dict[str, int],
    as_of: datetime | None,
) -> AreaPopulation:
    if count is None:
        raise RuleBroken(f"{area.code} is not in the file of people")
    on = as_of.date() if as_of else count.on
    if on is None:
        raise RuleBroken("The file of people does not say when: give --as-of 2024-06-30")
    west, south, east, north = rules.box(area.boundary)
    return AreaPopulation(
        code=area.code, name=area.name, population=count.people, counted_on=on,
        decile=deciles.get(area.code), boundary=area.boundary,
        west=west, south=south, east=east, north=north,
    )  # fmt: skip


def _points(
    rows: "csv.DictReader[str]", read: Read, told: Counter[str], refused: list[str]
) -> Iterator[rules.Point]:
    """Yield what can be used; count and describe what cannot."""
    while True:
        try:
            row = next(rows, None)
            if row is None:
                return
            told["read"] += 1
            if told["read"] % SAY_EVERY == 0:
                click.echo(f"{told['read']:,} rows read")
            yield read(row)
        except (RuleBroken, csv.Error) as broken:
            told["refused"] += 1
            if len(refused) < SHOWN:
                refused.append(f"  row {rows.line_num}: {broken}")


def _say(told: Counter[str], refused: list[str]) -> None:
    for word in ("read", "added", "changed", "unchanged", "repeated", "refused"):
        click.echo(f"{word:10} {told[word]:>10,}")
    for line in refused:
        click.echo(line)
    if told["refused"] > len(refused):
        click.echo(f"  and {told['refused'] - len(refused):,} more")
