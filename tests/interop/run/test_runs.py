"""Through the pages: look first, decide, import, undo."""

import json
import re
from typing import Any

import pytest
from sqlmodel import Session, col, select

from asset_hub.core import audit
from asset_hub.core.audit import AuditEntry
from asset_hub.directory import service as directory
from asset_hub.directory.jobs import find_doubles
from asset_hub.directory.models import (
    Listing,
    Location,
    Revision,
    RevisionCause,
    Service,
    Standing,
    Visibility,
)
from asset_hub.interop.forms import LABELS
from asset_hub.interop.models import ImportRun, Outcome, Stage
from asset_hub.interop.reading.mapping import FIELDS
from asset_hub.interop.run import working
from tests.cast import Cast
from tests.conftest import Browser
from tests.interop.feeds import Desk, service
from tests.interop.office import Office


@pytest.fixture
def office(session: Session, cast: Cast, browser: Browser) -> Office:
    return Office(session, browser, cast.cora)


def names(session: Session) -> list[str]:
    return list(session.exec(select(Listing.name).order_by(col(Listing.name))))


def one(session: Session, name: str) -> Service:
    session.expire_all()
    return session.exec(select(Service).where(Service.name == name)).one()


def said(session: Session) -> list[tuple[Any, ...]]:
    """Everything the directory says of each service, whatever made it."""
    session.expire_all()
    found = []
    for service_ in session.exec(select(Service).order_by(col(Service.name), col(Service.id))):
        parts = directory.parts_of(service_) if hasattr(directory, "parts_of") else {}
        places = [
            (p.location.name, p.location.address_1, p.location.postal_code) for p in service_.places
        ]
        listed = session.get(Listing, service_.id)
        found.append((
            service_.id, service_.name, service_.summary, service_.description, service_.standing,
            service_.phone, service_.email, service_.source_digest, service_.confirmed_at,
            service_.organization.name, sorted(places), [t.description for t in service_.schedules],
            sorted(t.slug for t in service_.terms), [c.email for c in service_.contacts],
            listed and (listed.card, listed.body, listed.topics), parts,
        ))  # fmt: skip
    return found


def test_cora_sees_what_would_change_before_anything_does(office: Office, session: Session) -> None:
    run = office.run([service(1), service(2), {"id": "x"}])
    assert (run.stage, run.counts) == (Stage.READY, {"added": 2, "refused": 1, "warnings": 0})
    assert names(session) == [], "nothing is written yet"
    page = office.page(run)
    assert all(words in page for words in ("2 new", "1 refused", "Choir 1"))
    assert "it has no name" in office.page(run, "?show=refused")
    run = office.press(run, "go")
    assert (run.stage, run.counts["added"]) == (Stage.DONE, 2)
    assert names(session) == ["Choir 1", "Choir 2"]
    assert one(session, "Choir 1").community_id == run.community_id


def test_an_update_shows_each_part_before_and_after(office: Office, session: Session) -> None:
    office.imports([service(1), service(2)])
    run = office.run([service(1, description="We meet on Fridays now."), service(2)])
    assert (run.counts["updated"], run.counts["unchanged"]) == (1, 1)
    page = office.page(run, "?show=updated")
    gone, come = (re.findall(rf"<{tag}>.*?</span>(.*?)<span", page) for tag in ("del", "ins"))
    assert gone[:1] == ["We sing on Thursdays. No audition."], "marked and said as on every page"
    assert come[:1] == ["We meet on Fridays now."]
    assert "More about it" in page, "called as on every page"
    office.press(run, "go")
    assert one(session, "Choir 1").description == "We meet on Fridays now."
    history = session.exec(select(Revision)).one()
    assert history.cause is RevisionCause.IMPORT
    assert history.after["description"] == "We meet on Fridays now."


def test_what_somebody_changed_here_is_shown_and_kept(
    office: Office, session: Session, desk: Desk
) -> None:
    office.imports([service(1)])
    desk.edit(one(session, "Choir 1"), phone="01632 960555")
    run = office.imports([service(1, fees="£2")])
    assert run.counts["kept"] == 1
    page = office.page(run, "?show=kept")
    assert "01632 960555" in page
    assert "£2" in page
    found = one(session, "Choir 1")
    assert (found.phone, found.fees) == ("01632 960555", "")


def test_undo_puts_everything_back_and_does_it_once(office: Office, session: Session) -> None:
    office.imports([service(1, contacts=[{"name": "Kim", "email": "kim@example.org"}]), service(2)])
    before = said(session)
    changed = service(
        1, description="Other words", fees="£3", service_at_locations=[{"location": {
            "name": "Hall", "latitude": 53.5, "longitude": -2.2}}],
        organization={"id": "b1e2d3c4-0000-4000-8000-000000000001", "name": "Another name"},
    )  # fmt: skip
    run = office.imports([changed, service(2), service(3)])
    assert (run.counts["updated"], run.counts["added"]) == (1, 1)
    assert said(session) != before
    run = office.press(run, "undo")
    assert (run.stage, run.counts["back"], run.counts.get("left")) == (Stage.UNDONE, 2, None)
    assert one(session, "Choir 3").standing is Standing.CLOSED
    assert names(session) == ["Choir 1", "Choir 2"]
    after = [row for row in said(session) if row[1] != "Choir 3"]
    assert after == before
    assert office.press(run, "undo").counts["back"] == 2, "a second press does nothing"


def test_undo_leaves_what_somebody_changed_since(
    office: Office, session: Session, desk: Desk
) -> None:
    office.imports([service(1), service(2)])
    run = office.imports([service(1, fees="£1"), service(2, fees="£1"), service(3)])
    desk.edit(one(session, "Choir 1"), fees="Free for members")
    run = office.press(run, "undo")
    assert (run.counts["back"], run.counts["left"]) == (2, 1)
    assert one(session, "Choir 1").fees == "Free for members"
    assert one(session, "Choir 2").fees == ""
    assert "Left: changed here since" in office.page(run)


def test_what_was_undone_can_be_imported_again(office: Office, session: Session) -> None:
    run = office.imports([service(1)])
    office.press(run, "undo")
    assert names(session) == []
    run = office.imports([service(1)])
    assert run.counts["updated"] == 1
    assert names(session) == ["Choir 1"]


def test_what_the_file_no_longer_has_is_shown_and_closed_only_when_wanted(
    office: Office, session: Session
) -> None:
    office.imports([service(1), service(2)])
    run = office.imports([service(1)])
    assert run.counts["gone"] == 1
    assert names(session) == ["Choir 1", "Choir 2"]
    assert "Choir 2" in office.page(run, "?show=gone")
    run = office.press(office.run([service(1)]), "go", close_gone="y")
    assert run.counts["closed"] == 1
    assert names(session) == ["Choir 1"]
    run = office.press(run, "undo")
    assert run.counts["back"] == 1
    assert names(session) == ["Choir 1", "Choir 2"]


def test_a_sheet_asks_for_its_columns_and_remembers_them(office: Office, session: Session) -> None:
    sheet = "Wer,Was,Nummer\nRuderclub,Rudern,7\n"
    run = office.run(sheet, "clubs.csv")
    assert run.stage is Stage.MAPPING
    assert "No column was found that gives a name" in office.page(run)
    run = office.columns(run, column_name="Wer", column_description="Was", column_id="Nummer")
    assert (run.stage, run.counts["added"]) == (Stage.READY, 1)
    office.press(run, "go")
    assert names(session) == ["Ruderclub"]
    again = office.run("Wer,Was,Nummer\nRuderclub,Segeln,7\n", "clubs.csv")
    assert (again.stage, again.counts["updated"]) == (Stage.READY, 1), "it asked nothing again"


def test_the_page_goes_by_the_columns_of_the_file(office: Office) -> None:
    sheet = "Who,,What it is,More\nRowers,x,Rowing,\nSingers,,Singing,\n"
    page = office.page(office.run(sheet, "clubs.csv"), "/columns")
    asked = re.findall(r'<label[^>]* for="of_[0-9]+"[^>]*>\s*(.*?)\s*</label>', page, re.S)
    assert asked == ["Who", "What it is", "More"], "in its order; what has no title is no column"
    assert "For example “Rowers”, “Singers”" in page
    assert "Empty in the first rows" in page


def test_what_is_recognised_is_words_to_read_and_the_rest_comes_first(office: Office) -> None:
    sheet = "Colour,name,Odd,postcode\nRed,Rowers,x,M33 7XX\n"
    run = office.columns(office.run(sheet, "clubs.csv"))
    page = office.page(run, "/columns")
    assert "clubs.csv has 4 columns. We know what is in 2 of them by their titles." in page
    asked, known = page.split("Is this right?")
    assert re.findall(r'<label[^>]* for="of_[0-9]+"[^>]*>\s*(.*?)\s*</label>', asked, re.S) == [
        "Colour", "Odd"
    ]  # fmt: skip
    words = re.findall(r"<strong>(.*?)</strong> <span[^>]*>from “(.*?)”", known)
    assert words == [("Name of the group", "name"), ("Postcode", "postcode")]
    assert " open" not in "".join(re.findall(r"<details class=\"govuk-details\"[^>]*>", known)[:2])


def test_changing_several_opens_every_choice_and_keeps_what_was_chosen(office: Office) -> None:
    run = office.run("Colour,name,postcode\nRed,Rowers,M33 7XX\n", "clubs.csv")
    form = {"of_0": "access", "of_1": "name", "of_2": "postcode"}
    url = f"/import/{run.id}/columns"
    answer = office.browser.post(url, data=form | {"open_all": "yes"})
    assert answer.status_code == 200
    assert answer.text.count('<details class="govuk-details" open>') == 2
    assert '<option value="access" selected' in answer.text
    assert office.at(run.id).stage is run.stage, "it only shows"


def test_a_fault_in_a_known_column_opens_it(office: Office) -> None:
    run = office.run("name,postcode\nRowers,M33 7XX\n", "clubs.csv")
    answer = office.browser.post(f"/import/{run.id}/columns", data={"of_0": "nonsense"})
    assert answer.status_code == 422
    assert '<details class="govuk-details" open>' in answer.text


def test_columns_of_one_meaning_are_put_together_and_come_back_chosen(
    office: Office, session: Session
) -> None:
    sheet = "Who,What,And what,Secret\nRowers,Rowing,Tea,x\n"
    run = office.run(sheet, "clubs.csv")
    run = office.columns(run, column_name="Who", column_description="What", of_2="description")
    office.press(run, "go")
    one = session.exec(select(Service).where(Service.name == "Rowers")).one()
    assert one.description == "Rowing\n\nTea"
    run = office.run(sheet.replace("Tea", "Cake"), "clubs.csv")
    assert (run.stage, run.counts["updated"]) == (Stage.READY, 1), "it asked nothing again"
    page = office.page(run, "/columns")
    chosen = re.findall(r'<option value="([^"]*)" selected', page)
    assert chosen[:3] == ["name", "description", "description"]
    assert re.search(r'name="by_hand"[^>]*></textarea>', page), "nothing has to be written"


def test_what_cannot_be_chosen_is_shown_in_writing(office: Office) -> None:
    run = office.run("Who,Bus\nRowers,Yes\n", "clubs.csv")
    written = {"columns": {"name": "Who", "access": [{"column": "Bus", "label": "Bus stop"}]}}
    run = office.columns(run, by_hand=json.dumps(written))
    assert run.stage is Stage.READY
    assert "Bus stop" in office.page(run, "/columns")


def test_every_field_of_a_mapping_can_be_chosen() -> None:
    assert set(LABELS) == set(FIELDS) - {"kind", "visibility"}


def test_a_name_column_is_needed(office: Office) -> None:
    run = office.run("name,town\nA,B\n", "clubs.csv")
    answer = office.browser.post(f"/import/{run.id}/columns", data={"of_0": "", "of_1": "town"})
    assert answer.status_code == 422
    assert "No column was found that gives a name" in answer.text
    assert 'href="#of_0"' in answer.text, "the message leads to the first column"


def test_one_place_never_touches_anothers_services(
    office: Office, session: Session, cast: Cast, browser: Browser
) -> None:
    mine = office.imports([service(1)])
    dora = Office(session, browser, cast.dora)
    dora.number = 100
    theirs = dora.imports([service(1, description="Hijacked")])
    assert theirs.counts["added"] == 1, "the same source and id, another community's"
    found = session.exec(select(Service).where(Service.name == "Choir 1")).all()
    assert {one.community_id for one in found} == {cast.ashby.id, cast.elsewhere.id}
    ours = next(one for one in found if one.community_id == cast.ashby.id)
    assert "Hijacked" not in ours.description
    for address in ("", "/columns"):
        assert browser.get(f"/import/{mine.id}{address}").status_code == 404
    for button in ("go", "drop", "undo"):
        assert browser.post(f"/import/{mine.id}/{button}").status_code == 404
    assert str(mine.id) not in browser.get("/import").text


@pytest.mark.parametrize("fees", ["£2", ""])
def test_what_another_community_looks_after_now_is_neither_read_nor_changed(
    office: Office, session: Session, cast: Cast, desk: Desk, fees: str
) -> None:
    hall = {"location": {"name": "Hall", "addresses": [{"address_1": "1 High Street"}]}}
    office.imports([service(1, service_at_locations=[hall])])
    moved = one(session, "Choir 1")
    desk.edit(moved, community_id=cast.elsewhere.id, phone="01632 960777")
    desk.edit(moved.places[0].location, address_1="9 Secret Lane", visibility=Visibility.HIDDEN)
    version = one(session, "Choir 1").version
    run = office.run([service(1, service_at_locations=[hall], fees=fees)])
    [row] = office.rows(run, Outcome.KEPT)
    assert (row.changes, row.before) == ([], None)
    page = office.page(run) + office.page(run, "?show=kept")
    assert "another community looks after it now" in page
    assert "Secret Lane" not in page
    assert "960777" not in page
    office.press(run, "go")
    assert (one(session, "Choir 1").version, one(session, "Choir 1").fees) == (version, "")


def test_nobody_imports_into_a_community_out_of_reach(office: Office, cast: Cast) -> None:
    answer = office.send([service(1)], community_id=str(cast.elsewhere.id))
    assert answer.status_code in {303, 422}
    runs = office.session.exec(select(ImportRun)).all()
    assert all(run.community_id == cast.ashby.id for run in runs)


def test_a_double_click_is_one_import(office: Office, session: Session) -> None:
    office.send([service(1)], once="same")
    answer = office.send([service(1)], once="same")
    assert "sent already" in answer.text
    assert len(session.exec(select(ImportRun)).all()) == 1


def test_start_yes_and_undo_are_in_the_audit_log(office: Office, session: Session) -> None:
    run = office.imports([service(1)])
    office.press(run, "undo")
    notes = session.exec(select(AuditEntry).where(AuditEntry.subject_id == run.id)).all()
    assert [note.action for note in notes] == ["look at import", "import", "undo import"]
    assert not list(audit.broken_links(session))


def test_rows_come_fifty_a_page(office: Office) -> None:
    run = office.run([service(n) for n in range(1, 121)])
    assert office.page(run).count("hub-card__title") == 50
    assert office.page(run, "?show=added&page=3").count("hub-card__title") == 20


def test_nothing_of_a_dropped_import_is_written(office: Office, session: Session) -> None:
    run = office.press(office.run([service(1)]), "drop")
    assert run.stage is Stage.DROPPED
    run = office.press(run, "go")
    assert (run.stage, names(session)) == (Stage.DROPPED, [])
    assert "Import this file again" in office.page(run)
    run = office.press(run, "again")
    assert (run.stage, run.counts["added"]) == (Stage.READY, 1)


def test_going_back_to_the_columns_after_a_decision_leads_to_the_import(office: Office) -> None:
    run = office.press(office.columns(office.run("name,town\nA,B\n", "a.csv")), "drop")
    answer = office.browser.get(f"/import/{run.id}/columns")
    assert answer.headers["Location"].endswith(f"/import/{run.id}")
    assert "are decided" in office.page(run)


def test_the_same_source_is_said_and_a_half_missing_file_warned_of(office: Office) -> None:
    first = office.run([service(1), service(2), service(3)])
    assert "the same source" not in office.page(first)
    office.press(first, "go")
    page = office.page(office.run([service(1)]))
    assert "This is the same source as the import of" in page
    assert "groups that are missing will be offered to close" in page
    assert "More than half of the groups" in page
    assert "More than half" not in office.page(office.run([service(1), service(2)]))
    assert office.send([service(1)], source="").status_code == 422, "a name is asked for"


def test_the_page_shows_what_changes_and_leaves_the_same_to_a_link(office: Office) -> None:
    office.imports([service(n) for n in range(1, 4)])
    page = office.page(office.run([service(1), service(2, fees="£2"), service(3)]))
    assert "Row by row (1)" in page
    assert "Choir 2" in page
    assert "Choir 1" not in page
    run = office.run([service(n) for n in range(1, 4)])
    assert "Every row (3)" in office.page(run), "nothing changes: everything is there to look at"
    assert "The same as before (3)" in office.page(run, "?show=unchanged")


def test_a_new_row_shows_everything_it_says(office: Office) -> None:
    contact = {"name": "Kim Private", "email": "kim@example.org"}
    page = office.page(office.run([
        service(1, fees="£2 a week", email="choir@example.org", contacts=[contact]), {"id": "x"}
    ]))  # fmt: skip
    assert all(said in page for said in ("£2 a week", "choir@example.org", "We sing on"))
    assert "Kim Private" not in page
    assert "Row 2 was left out: it has no name" in page


def test_locations_and_topics_are_put_back_as_rows(office: Office, session: Session) -> None:
    hall = {"location": {"name": "Hall", "latitude": 53.5, "longitude": -2.2}}
    office.imports([service(1, service_at_locations=[hall], attributes=[{"name": "choir"}])])
    run = office.imports([service(1, attributes=[{"name": "walking"}])])
    assert [t.slug for t in one(session, "Choir 1").terms] == ["nature"]
    office.press(run, "undo")
    assert [t.slug for t in one(session, "Choir 1").terms] == ["music"]
    assert session.exec(select(Location.name)).all() == ["Hall"]


def test_the_worker_does_nothing_when_nothing_waits(session: Session, cast: Cast) -> None:
    assert working.work() == 0
    assert Outcome.GONE in set(Outcome)


def test_a_double_is_shown_and_can_be_left_out(office: Office, session: Session) -> None:
    office.imports([service(1, phone="01632 960123")])
    find_doubles()
    again = [service(1, phone="01632 960123"), service(2)]
    run = office.run([*again, service(1, phone="01632 960123")], source="another list")
    page = office.page(run)
    assert "May be listed already: <a" in page
    assert f"/groups/{one(session, 'Choir 1').id}" in page
    office.press(run, "skip/1")
    assert "You leave out 1 of the new rows" in office.page(run)
    office.press(run, "skip/2")
    run = office.press(run, "skip/2")
    assert run.skipped == [1], "a second press takes it in again"
    run = office.press(run, "go")
    assert (run.counts["skipped"], run.counts["added"], run.counts["repeated"]) == (1, 1, 1)
    assert names(session) == ["Choir 1", "Choir 2"]
    assert office.press(run, "skip/2").skipped == [1], "nothing is left out once it is imported"
