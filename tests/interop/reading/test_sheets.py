"""A sheet is read row by row, by a mapping that was written or guessed."""

import io
from typing import Any

import pytest

from asset_hub.directory.models import Kind, Visibility
from asset_hub.interop.reading import mapping, sheets
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.reading.json_pieces import Broken
from asset_hub.interop.reading.mapping import Mapping, Part, guess
from asset_hub.interop.reading.records import Record
from tests.cast import NOW
from tests.interop.feeds import Desk


def rows(text: str) -> list[tuple[int, Any]]:
    return list(sheets.Sheet(sheets.csv_rows(io.StringIO(text, newline=""))).items())


def record(cells: dict[str, str], chosen: Mapping | None = None) -> Record:
    return sheets.record(2, cells, chosen or guess(list(cells)), now=NOW)


def test_rows_have_a_spreadsheets_numbers() -> None:
    assert rows('name,town\nA,"Two\nlines"\n\nB,Sale\n') == [
        (2, {"name": "A", "town": "Two\nlines"}),
        (4, {"name": "B", "town": "Sale"}),
    ]


@pytest.mark.parametrize("text", ["name;town\nA;B", "name\ttown\r\nA\tB\r\n", "name|town\nA|B"])
def test_other_marks_between_cells_are_seen(text: str) -> None:
    assert rows(text) == [(2, {"name": "A", "town": "B"})]


def test_a_row_with_a_cell_too_many_is_refused_not_shifted() -> None:
    [(row, broken)] = rows("name,town\nA,B,C")
    assert row == 2
    assert isinstance(broken, Broken)
    assert "more cells" in broken.reason
    assert rows("name,town\nA,B,,") == [(2, {"name": "A", "town": "B"})]
    assert rows("name,town\nA") == [(2, {"name": "A"})]


def test_a_cell_without_end_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LONGEST_CELL", 50)
    first, broken, *_, last = rows('name\nA\n"never closed' + "x" * 60 + "\nB\nC")
    assert (first, last) == ((2, {"name": "A"}), (last[0], {"name": "C"}))
    assert isinstance(broken[1], Broken)


def test_two_columns_of_one_name_are_told_apart() -> None:
    assert rows("name,note,note\nA,B,C") == [
        (2, {"name": "A", "note": "B", "note (column 3)": "C"})
    ]


def test_usual_headings_are_understood() -> None:
    header = ["Registered Charity Number", "charity_name", "charity_activities", "Post Code",
              "ward_name",
              "charity_contact_phone", "charity_contact_web", "lat", "LON",
              "charity_type"]  # fmt: skip
    found = guess(header)
    assert {name: parts[0].column for name, parts in found.columns.items()} == {
        "id": "Registered Charity Number", "name": "charity_name", "postcode": "Post Code",
        "description": "charity_activities", "phone": "charity_contact_phone",
        "url": "charity_contact_web", "latitude": "lat", "longitude": "LON",
    }  # fmt: skip
    assert "name         ← charity_name" in found.lines()


def test_a_sheet_without_a_name_wants_a_mapping() -> None:
    with pytest.raises(Unreadable, match="No column was found that gives a name"):
        guess(["a", "b"]).check(["a", "b"])


def test_a_row_becomes_a_record() -> None:
    found = record({
        "name": "SALE LIBRARY", "address": "1 High St", "town": "Sale", "postcode": "m331aa",
        "telephone": "01614960123", "email": "a@x.example", "website": "x.example",
        "opening_hours": "Tuesdays, 10am to 2pm", "lat": "53.4", "lon": "-2.3", "cost": "Free",
        "type": "Library; Warm spaces", "description": "<p>Books</p>", "last_updated": "14/04/2026",
    })  # fmt: skip
    assert found.words["name"] == "Sale Library"
    assert found.source_id == "SALE LIBRARY / m331aa / 1 High St"
    assert found.runner.name == "Sale Library"
    assert (found.places[0].postal_code, found.places[0].latitude) == ("M33 1AA", 53.4)
    assert found.times[0].description == "Tuesdays, 10am to 2pm"
    assert found.topics == ["Library", "Warm spaces"]
    assert found.confirmed_at is not None
    assert found.warnings == []


def test_a_mapping_joins_columns_labels_them_and_adds_constants() -> None:
    chosen = Mapping(
        {
            "id": (Part("site"), Part("kind")),
            "name": (Part("site"),),
            "description": (Part("a"), Part("b")),
            "access": (Part("parking", "Parking"), Part("lift", "Lift"), Part("ramp", "Ramp")),
        },
        {"kind": "place", "visibility": "area", "topics": "moving", "postcode": "M33 1AA"},
        frozenset({"closed"}),
    )
    cells = {"site": "Pool", "kind": "Swim", "a": "One", "b": "closed", "parking": "Yes",
             "lift": "No", "ramp": "2"}  # fmt: skip
    found = record(cells, chosen)
    assert found.source_id == "Pool, Swim"
    assert found.words["description"] == "One\n\nAlso about: moving"
    assert found.words["access"] == "Parking: Yes; Ramp: 2"
    assert found.kind is Kind.PLACE
    assert [place.visibility for place in found.places] == [Visibility.AREA]


def test_cells_that_look_like_formulas_are_only_text() -> None:
    found = record({"name": '=HYPERLINK("http://x","y")', "description": "@SUM(1)\n+1"})
    assert found.words["name"] == '=HYPERLINK("http://x","y")'
    assert found.words["description"] == "@SUM(1)\n+1"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{", "not JSON"), ("[]", "must be an object"), ('{"colums": {}}', "“colums” is not known"),
        ('{"columns": {"nam": "x"}}', "“nam” is not known"),
        ('{"columns": []}', "must be an object"),
        ('{"columns": {"name": 5}}', "must be a column"), ('{"constants": {"kind": {}}}', "a text"),
        ("[" * 100_000, "not JSON"),
    ],
)  # fmt: skip
def test_a_mapping_that_is_wrong_is_explained(desk: Desk, written: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        mapping.load(desk.write("mapping.json", written))


def test_a_mapping_of_columns_the_file_does_not_have_is_explained(desk: Desk) -> None:
    chosen = mapping.load(desk.write("m.json", {"columns": {"name": ["title", "x"]}}))
    with pytest.raises(Unreadable, match="“x”, which the file does not have"):
        chosen.check(["title"])
    with pytest.raises(Unreadable, match="cannot be opened"):
        mapping.load(desk.folder / "missing.json")


def test_the_words_that_people_write_over_columns_are_understood() -> None:
    header = ["Group", "What it does", "Day and time", "Price", "Telephone"]
    assert {name: parts[0].column for name, parts in guess(header).columns.items()} == {
        "name": "Group", "description": "What it does", "times": "Day and time", "fees": "Price",
        "phone": "Telephone",
    }  # fmt: skip
