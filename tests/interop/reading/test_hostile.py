"""Files that were made to do harm, or only came out wrong: a clear message, nothing half done."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]
from sqlmodel import Session, select

from asset_hub.directory.models import Service
from asset_hub.interop.models import ImportRow, ImportRun, Outcome, Stage
from asset_hub.interop.reading import second_process, workbook, workbook_parts
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.run import going, working
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.interop.feeds import service
from tests.interop.office import Office


@pytest.fixture
def office(session: Session, cast: Cast, browser: Browser) -> Office:
    return Office(session, browser, cast.cora)


def book(rows: list[list[Any]]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(original: bytes, **changed: bytes) -> bytes:
    """Return a spreadsheet with some of its parts put in place of its own."""
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(**parts | changed)


SHEET = "xl/worksheets/sheet1.xml"
GOOD = book([["name", "town"], ["Choir", "Ashby"]])
BOMB = (
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>"
)
TYPES = "[Content_Types].xml"
OVERRIDE = (
    b'<Override PartName="/xl/w.xml" ContentType="application/vnd.openxmlformats-officedocument'
    b'.spreadsheetml.sharedStrings+xml"/></Types>'
)
with zipfile.ZipFile(io.BytesIO(GOOD)) as _archive:
    ELSEWHERE = _archive.read(TYPES).replace(b"</Types>", OVERRIDE)
TWICE = ELSEWHERE.replace(b"</Types>", OVERRIDE)
WORDS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></sst>'


def test_the_table_of_texts_is_found_by_what_it_is_said_to_be(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = repacked(GOOD, **{TYPES: ELSEWHERE, "xl/w.xml": WORDS})
    assert office.run(moved, "moved.xlsx").stage is Stage.MAPPING, "a name is no crime"
    monkeypatch.setattr(workbook_parts, "MOST_WORDS", len(WORDS) - 1)
    run = office.run(moved, "moved.xlsx")
    assert (run.stage, run.message) == (Stage.FAILED, workbook_parts.TOO_MUCH)


@pytest.mark.parametrize(
    ("limit", "most"), [("MOST_AT_ONCE", 5), ("MOST_CELLS", 3), ("WIDEST_ROW", 1)]
)
def test_texts_and_cells_are_counted_before_they_are_built(
    office: Office, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(workbook_parts, limit, most)
    run = office.run(GOOD, "many.xlsx")
    assert (run.stage, run.message) == (Stage.FAILED, workbook_parts.TOO_MUCH)


def test_rows_among_the_texts_do_not_begin_a_new_count(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = b"<sst>" + b"<si><t/></si><row/>" * 400 + b"</sst>"
    monkeypatch.setattr(workbook_parts, "MOST_AT_ONCE", 1_000)
    bad = repacked(GOOD, **{TYPES: ELSEWHERE, "xl/w.xml": texts})
    with pytest.raises(Unreadable, match="more cells or texts"):
        next(workbook.rows_of(io.BytesIO(bad)))


@pytest.mark.parametrize(("name", "content", "words"), [
    ("a.csv", b"%PDF-1.7 ...", "a PDF"),
    ("a.xlsx", b"%PDF-1.7 ...", "a PDF"),
    ("a.json", b"<!DOCTYPE html><html>", "web page"),
    ("a.json", b"\x1f\x8b\x08\x00", "unpack it"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "old spreadsheet"),
    ("a.xlsx", b"PK\x03\x04 not a zip", "damaged"),
    ("a.zip", packed(**{"a.csv": b"name\nA"}), "not a spreadsheet"),
    ("a.xlsx", packed(**{"xl/workbook.xml": b"<x/>", "a.xml": b"0" * 60_000_000}), "unpacks to"),
    ("a.xlsx", packed(**{f"{n}.xml": b"<x/>" for n in range(1_100)}), "unpacks to"),
    ("a.xlsx", packed(**{"xl/workbook.xml": b"<x/>"}), "no office program"),
    ("a.xlsx", repacked(GOOD, **{TYPES: BOMB}), "no spreadsheet has"),
    ("a.xlsx", repacked(GOOD, **{"xl/media/image1.png": BOMB}), "no spreadsheet has"),
    ("a.xlsx", repacked(GOOD, **{TYPES: TWICE}), "no office program"),
    ("a.xlsx", repacked(GOOD, **{TYPES: ELSEWHERE.replace(b"w.xml", b"w.dat")}), "no office"),
    ("a.xlsx", repacked(GOOD, **{SHEET: BOMB}), "no spreadsheet has"),
    ("a.xlsx", repacked(GOOD, **{SHEET: BOMB.decode().encode("utf-16")}), "no spreadsheet has"),
    ("a.xlsx", repacked(GOOD, **{"xl/workbook.xml": b"<" * 100}), "damaged"),
    ("a.csv", b"\n\n\n", "no column names"),
    ("a.csv", b"name,town\n", "no group in the file"),
    ("a.json", b'{"contents": []}', "no group in the file"),
])  # fmt: skip
def test_a_file_that_is_none_is_explained(
    office: Office, session: Session, name: str, content: bytes, words: str
) -> None:
    run = office.run(content, name)
    assert run.stage is Stage.FAILED
    assert words in run.message
    assert run.message.replace("“", "&#8220;")[:20].split()[0] in office.page(run)
    assert len(session.exec(select(Service)).all()) == 1, "only the cast’s own choir"


def test_an_empty_file_and_no_file_are_told_at_the_field(office: Office) -> None:
    answer = office.send(b"", "a.csv")
    assert (answer.status_code, "empty" in answer.text) == (422, True)
    answer = office.browser.post("/import/file", data={"source": "My clubs", "once": "x"})
    assert answer.status_code == 422
    assert "Select a file" in answer.text
    assert "My clubs" in answer.text, "what was typed stays"


def test_a_file_beyond_the_limit_is_not_kept(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr("asset_hub.interop.service.files.MOST_BYTES", 1_000)
    answer = office.send(b"x" * 2_000, "a.csv")
    assert answer.status_code == 422
    assert "more than 60 MB" in answer.text
    assert office.session.exec(select(ImportRun)).all() == []


def test_only_this_address_and_only_who_may_import_can_send_much(
    office: Office, cast: Cast, browser: Browser
) -> None:
    much = "name\n" + "A long cell of a large sheet\n" * 350_000
    assert office.send(much, "large.csv").status_code == 303, "9 MB, and the usual limit is 8"
    boundary = "multipart/form-data; boundary=x"
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body += b"a" * 9_000_000 + b"\r\n--x--\r\n"
    other = browser.post("/import/feeds/add", data=body, content_type=boundary)
    assert other.status_code == 413
    browser.sign_in(cast.mia)
    assert browser.post("/import/file", data=body, content_type=boundary).status_code in {403, 413}


def test_too_many_rows_are_counted_before_anything_is_done(
    office: Office, session: Session, monkeypatch: Any
) -> None:
    monkeypatch.setattr(going, "MOST_ROWS", 3)
    run = office.run("\n".join(json.dumps(service(n)) for n in range(1, 6)), "a.ndjson")
    assert (run.stage, run.counts) == (Stage.FAILED, {})
    assert "more than 3 rows" in run.message.replace("200,000", "3")


def test_a_sheet_of_a_million_rows_is_refused(office: Office) -> None:
    run = office.run("name\n" + "A\n" * 1_000_000, "a.csv")
    assert run.stage is Stage.FAILED
    assert "more than 200,000 rows" in run.message


def test_odd_letters_and_formulas_are_only_text(office: Office, session: Session) -> None:
    sheet = (
        "\ufeffname,phone,description\n"
        "=cmd|' /C calc'!A0,+44 1632 960001,\u202edlrow\u202c a\x00b\n"
        "Caf\u00e9 \u200bclub,,@SUM(A1)\n"
    )
    run = office.columns(office.run(sheet.encode(), "a.csv"))
    run = office.press(run, "go")
    assert run.counts["added"] == 2
    found = {one.name: one for one in session.exec(select(Service)).all()}
    assert found["=cmd|' /C calc'!A0"].phone == "01632 960001"
    assert "\u202e" not in found["=cmd|' /C calc'!A0"].description
    assert "\x00" not in found["=cmd|' /C calc'!A0"].description
    assert found["Café club"].description == "@SUM(A1)"
    assert "<script" not in office.page(run).split("</head>")[1].split("<main")[0]


def test_windows_letters_are_read_and_said(office: Office) -> None:
    run = office.columns(office.run("name\nCafé".encode("cp1252"), "a.csv"))
    assert "Windows-1252" in office.page(run)
    assert office.rows(run, Outcome.ADDED)[0].name == "Café"


def test_rows_that_are_broken_cost_only_themselves(office: Office) -> None:
    deep = "[" * 50_000 + "]" * 50_000
    feed = (
        '[{"id": "1", "name": "A"}, {"id": "2", "name": "B", "x": ' + deep + "},"
        ' {"id": "3"}, {"id": "4", "name": "D"}]'
    )
    run = office.run(feed, "a.json")
    assert (run.counts["added"], run.counts["refused"]) == (2, 2)
    assert "nested too deeply" in office.page(run, "?show=refused")


def test_a_huge_cell_costs_only_its_row(office: Office) -> None:
    sheet = "name,description\nA," + "x" * 1_500_000 + "\nB,fine\n"
    run = office.columns(office.run(sheet, "a.csv"))
    assert run.counts["added"] >= 1
    assert run.counts["refused"] >= 1


def test_a_feed_with_a_sheets_name_is_read_as_a_feed(office: Office) -> None:
    run = office.run([service(1)], "list.csv")
    assert (run.stage, run.counts["added"]) == (Stage.READY, 1)


def test_a_spreadsheet_is_read_with_what_stands_above_its_header(
    office: Office, session: Session
) -> None:
    import datetime

    content = book([
        ["Groups of Ashby"], [],
        ["Group name", "Telephone", "Last checked", "Cost"],
        ["Choir of Ashby", 1632960001, datetime.datetime(2026, 3, 1), 2.5],
        ["=1+1", None, None, "=A1"],
    ])  # fmt: skip
    run = office.columns(office.run(content, "groups.xlsx"))
    rows = office.rows(run, Outcome.ADDED)
    assert [(row.number, row.name) for row in rows] == [(4, "Choir of Ashby")]
    office.press(run, "go")
    found = session.exec(select(Service).where(Service.name == "Choir of Ashby")).one()
    assert (found.phone, found.fees) == ("01632 960001", "2.5")
    assert found.confirmed_at
    assert found.confirmed_at.date() == datetime.date(2026, 3, 1)


def test_a_sheet_that_claims_to_be_wide_and_long_stays_small(office: Office) -> None:
    cells = b'<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    xml = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + cells + far + b"</sheetData></worksheet>"
    )
    run = office.run(repacked(GOOD, **{SHEET: xml}), "wide.xlsx")
    assert run.stage in {Stage.FAILED, Stage.MAPPING}
    assert workbook.MOST_COLUMNS == 200


def test_too_many_rows_are_seen_before_a_spreadsheet_is_opened(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_parts, "MOST_ROWS", 10)
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: 1 / 0)
    rows = [["Name", "About"], *([f"Group {n}", "x"] for n in range(40))]
    run = office.run(book(rows), "many.xlsx")
    assert (run.stage, run.message) == (Stage.FAILED, workbook_parts.TOO_LONG)


@pytest.mark.parametrize("name", ["many.csv", "many.ndjson", "many.json"])
def test_too_many_rows_end_the_look_and_leave_nothing(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("asset_hub.interop.run.going.MOST_ROWS", 5)
    lines = [json.dumps(service(n)) for n in range(9)]
    content = {
        "many.csv": "name,about\n" + "".join(f"Choir {n},x\n" for n in range(9)),
        "many.ndjson": "\n".join(lines),
        "many.json": f"[{','.join(lines)}]",
    }[name]
    run = office.run(content, name)
    assert run.stage is Stage.FAILED
    assert "more than" in run.message
    assert session.exec(select(ImportRow)).all() == []


def test_a_long_look_keeps_its_run_and_ends_in_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [NOW]

    def later() -> datetime:
        at[0] += timedelta(seconds=40)
        return at[0]

    office.send("name,about\n" + "Choir,x\n" * 30_000, "long.csv")
    stayed: list[int] = []
    monkeypatch.setattr("asset_hub.interop.run.holding.Hold.stay", lambda _: stayed.append(1))
    monkeypatch.setattr("asset_hub.core.clock.now", later)
    working.work()
    run = office.session.exec(select(ImportRun)).one()
    office.session.refresh(run)
    assert (run.stage, run.message) == (Stage.FAILED, second_process.TOO_SLOW)
    assert len(stayed) == 7, "every forty seconds, for five minutes"
