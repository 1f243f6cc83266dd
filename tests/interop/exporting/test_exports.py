"""Sheets to take away: what everybody may know, and what a coordinator knows of their patch."""

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from sqlmodel import Session, col, select

from asset_hub.core.audit import AuditEntry
from asset_hub.directory import service as directory
from asset_hub.directory.models import (
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    Standing,
    TaxonomyTerm,
    Visibility,
)
from asset_hub.interop.exporting import sheets
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.interop.office import Office

EVIL = ("=1+1", "+44 20", "-2", "@SUM(A1)", "\tx", "\rx")


def place(cast: Cast, service: Service, visibility: Visibility) -> None:
    location = cast.add(Location(
        name="Hall", address_1="1 Secret Street", city="Ashby", postal_code="ZZ1 1ZZ",
        latitude=53.612345, longitude=-2.212345, visibility=visibility,
    ))  # fmt: skip
    cast.add(ServiceAtLocation(service_id=service.id, location_id=location.id))


def listed(cast: Cast, name: str, visibility: Visibility = Visibility.EXACT) -> Service:
    service = cast.service(name)
    place(cast, service, visibility)
    service.schedules.append(Schedule(description="Thursdays"))
    cast.session.commit()
    cast.session.refresh(service)
    directory.publish(cast.session, service, now=NOW)
    cast.session.commit()
    return service


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff"), "or Excel takes it for Windows letters"
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_everybody_gets_what_is_published_and_nothing_private(cast: Cast, browser: Browser) -> None:
    listed(cast, "Knitters")
    listed(cast, "Bees", Visibility.AREA)
    listed(cast, "Cats", Visibility.HIDDEN)
    cast.service("Waits", standing=Standing.WAITING)
    cast.session.commit()
    answer = browser.get("/export/services.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="groups-2026-09-07.csv"'
    assert "olive@" not in answer.text
    found = {row["name"]: row for row in table(answer.text)}
    assert set(found) == {"Knitters", "Bees", "Cats"}
    assert found["Knitters"]["address"] == "1 Secret Street"
    assert found["Bees"]["address"] == found["Bees"]["postcode"] == found["Cats"]["town"] == ""
    assert found["Bees"]["latitude"] not in {"", "53.612345"}
    assert found["Cats"]["latitude"] == ""


def test_one_communitys_are_given_alone(cast: Cast, browser: Browser) -> None:
    listed(cast, "Knitters")
    assert len(table(browser.get("/export/services.csv?community=ashby").text)) == 1
    assert table(browser.get("/export/services.csv?community=elsewhere").text) == []
    assert browser.get("/export/services.csv?community=nowhere").status_code == 404


def test_a_coordinator_gets_their_own_patch_and_it_is_written_down(
    session: Session, cast: Cast, browser: Browser
) -> None:
    listed(cast, "Knitters", Visibility.HIDDEN)
    cast.service("Waits", standing=Standing.WAITING)
    cast.service("Theirs", community=cast.elsewhere)
    session.commit()
    browser.sign_in(cast.cora)
    found = {row["name"]: row for row in table(browser.get("/export/patch.csv").text)}
    assert set(found) == {"Ashby choir", "Knitters", "Waits"}
    assert found["Waits"]["standing"] == "waiting"
    assert found["Knitters"]["private_contact_email"] == "olive@choir.example"
    assert found["Knitters"]["address"] == "1 Secret Street"
    note = session.exec(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert (note.by_id, note.subject_id) == (cast.cora.id, cast.ashby.id)


def test_the_administrator_sees_no_private_contact(cast: Cast, browser: Browser) -> None:
    listed(cast, "Knitters", Visibility.HIDDEN)
    browser.sign_in(cast.ada)
    text = browser.get("/export/patch.csv").text
    assert "olive" not in text
    assert "Secret" not in text
    assert any(row["name"] == "Knitters" for row in table(text))


@pytest.mark.parametrize("cell", EVIL)
def test_no_cell_is_a_formula(cast: Cast, browser: Browser, cell: str) -> None:
    service = listed(cast, "Knitters")
    service.summary = service.description = cell
    cast.session.add(service)
    cast.session.commit()
    [row] = table(browser.get("/export/services.csv").text)
    assert row["summary"] == f"'{cell}"
    content = browser.get("/export/services.xlsx").data
    sheet = load_workbook(io.BytesIO(content)).active
    assert not any(one.data_type == "f" for line in sheet.iter_rows() for one in line)


def test_many_come_in_pages_each_once(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(sheets, "PAGE", 3)
    for number in range(7):
        listed(cast, f"Group {number}")
    found = [row[1] for row in sheets.rows(sheets.Export())]
    assert sorted(found[1:]) == [f"Group {number}" for number in range(7)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_was_taken_away_can_be_brought_back(
    session: Session, cast: Cast, browser: Browser, ending: str
) -> None:
    """Exported, imported elsewhere: the same words, places, times and topics."""
    directory.ensure_topics(session)
    service = listed(cast, "Knitters – Café")
    service.summary, service.phone, service.fees = "=A1 is a formula", "+33 1 42 68 53 00", "£2"
    service.description, service.languages = "Two lines.\n\nOf words; and more.", "French"
    service.minimum_age, service.confirmed_at = 18, NOW
    music = session.exec(select(TaxonomyTerm).where(TaxonomyTerm.slug == "music")).one()
    service.terms = [music]
    session.add(service)
    session.commit()
    content = browser.get(f"/export/services.{ending}").data
    office = Office(session, browser, cast.dora)
    run = office.columns(office.run(content, f"groups.{ending}"))
    run = office.press(run, "go")
    assert run.counts["added"] == 1, run.message
    wanted = select(Service).where(
        Service.name == service.name, col(Service.community_id) == cast.elsewhere.id
    )
    found = session.exec(wanted).one()
    assert found.description == f"{service.description}\n\nAlso about: Singing and music"
    for name in ("summary", "phone", "fees", "languages", "minimum_age", "kind"):
        assert getattr(found, name) == getattr(service, name), name
    assert found.organization.name == "Friends of Ashby"
    assert [one.slug for one in found.terms] == ["music"]
    assert [one.description for one in found.schedules] == ["Thursdays"]
    at = found.places[0].location
    assert (at.address_1, at.postal_code, at.latitude) == ("1 Secret Street", "ZZ1 1ZZ", 53.612345)
    assert found.confirmed_at
    assert found.confirmed_at.date() == NOW.date()


@pytest.mark.parametrize(("ending", "most"), [("csv", 30), ("xlsx", 6)])
def test_a_network_takes_a_sheet_so_often_an_hour_and_is_told_when_to_come_back(
    cast: Cast, browser: Browser, ending: str, most: int
) -> None:
    listed(cast, "Knitters")
    address = f"/export/services.{ending}"
    assert {browser.get(address).status_code for _ in range(most)} == {200}
    answer = browser.get(address)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 3_600
    assert "Please wait a little" in answer.text
    other = "csv" if ending == "xlsx" else "xlsx"
    assert browser.get(f"/export/services.{other}").status_code == 200


def test_very_many_groups_come_as_csv(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(cast, "Knitters")
    listed(cast, "Bees")
    monkeypatch.setattr("asset_hub.interop.views.exports.MOST_BUILT", 1)
    answer = browser.get("/export/services.xlsx?community=ashby")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/export/services.csv?community=ashby")
