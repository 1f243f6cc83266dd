"""Real feeds and registers through the page, when they lie beside the project."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from asset_hub.directory.models import Listing, Service
from asset_hub.interop.models import Outcome, Stage
from tests.cast import Cast
from tests.conftest import Browser
from tests.interop.office import Office
from tests.interop.run.test_runs import names, said

NEAR = [Path(__file__).parents[4] / "shared", Path(__file__).parents[5] / "shared"]
DATA = next((path for path in NEAR if path.exists()), NEAR[0]) / "data"
FEED = DATA / "oruk_feeds" / "north_lincolnshire_services_v1.json"
TRAFFORD = DATA / "trafford"
# Rows that become a group, what a person must say beyond the guess, and a column to change.
SHEETS = {
    "charities_operating_in_trafford.csv": (
        736, {"always_visibility": "area"}, "charity_contact_phone"
    ),
    "gm_libraries.csv": (141, {"always_kind": "place"}, "website"),
    "trafford_community_hubs.csv": (None, {}, "telephone"),
    "trafford_mental_health_services.csv": (None, {"always_kind": "advice"}, "telephone"),
    "trafford_sports_facilities.csv": (None, {"always_kind": "place"}, "telephone"),
}  # fmt: skip
needs_data = pytest.mark.skipif(not FEED.exists(), reason="the real data is not beside the project")


@pytest.fixture
def office(session: Session, cast: Cast, browser: Browser) -> Office:
    return Office(session, browser, cast.cora)


def with_three_changed(path: Path, column: str) -> bytes:
    """Return a sheet in which three rows say something else in one of their columns."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig", "replace"))))
    new = {"website": "https://changed.example/", "telephone": "01632 960123"}
    for row in rows[1:6:2]:
        row[column] = new.get(column, "01632 960123")
    to = io.StringIO(newline="")
    sheet = csv.DictWriter(to, list(rows[0]))
    sheet.writeheader()
    sheet.writerows(rows)
    return to.getvalue().encode()


@needs_data
def test_north_lincolnshire_through_the_page(office: Office, session: Session) -> None:
    """Imported; three rows changed and imported again: three updates; undone: as it was."""
    run = office.imports(FEED.read_bytes(), FEED.name, source="North Lincolnshire")
    assert (run.stage, run.counts["added"]) == (Stage.DONE, 738)
    before = said(session)
    feed = json.loads(FEED.read_text())
    changed = [one for one in feed if one.get("name")][10:40:10]
    for one in changed:
        one["fees"] = "£2 at the door"
    run = office.imports(feed, FEED.name, source="North Lincolnshire")
    assert (run.counts["updated"], run.counts["unchanged"]) == (3, 735)
    assert {"Cost"} == {row.changes[0][0] for row in office.rows(run, Outcome.UPDATED)}
    assert said(session) != before
    run = office.press(run, "undo")
    assert (run.stage, run.counts["back"]) == (Stage.UNDONE, 3)
    assert said(session) == before


@needs_data
@pytest.mark.parametrize("name", SHEETS)
def test_traffords_sheets_through_the_page(office: Office, session: Session, name: str) -> None:
    count, more, column = SHEETS[name]
    path = TRAFFORD / name
    if not path.exists():
        pytest.skip("this sheet is not beside the project")
    run = office.run(path.read_bytes(), name, source=name)
    assert run.stage is Stage.MAPPING, run.message
    run = office.columns(run, **more)
    assert run.stage is Stage.READY, run.message
    run = office.press(run, "go")
    rows = len(list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig", "replace")))))
    there = session.exec(select(func.count()).select_from(Listing)).one()
    assert there == run.counts["added"] == (count or there)
    accounted = sum(run.counts.get(outcome.value, 0) for outcome in Outcome)
    assert accounted == rows, "every row is accounted for"
    again = office.run(path.read_bytes(), name, source=name)
    assert (again.stage, again.counts.get("unchanged")) == (Stage.READY, there), "asked nothing"
    office.press(again, "drop")
    before = said(session)
    changed = office.imports(with_three_changed(path, column), name, source=name)
    assert (changed.counts["updated"], changed.counts["unchanged"]) == (3, there - 3)
    assert said(session) != before
    changed = office.press(changed, "undo")
    assert changed.counts["back"] == 3
    assert said(session) == before
    run = office.press(office.at(run.id), "undo")
    assert run.counts["back"] == there
    assert names(session) == []
    closed = session.exec(select(func.count()).where(col(Service.source).is_not(None))).one()
    assert closed == there
