import csv
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session

from asset_hub.communities import queries, rules
from asset_hub.communities.models import Outcode, Postcode
from tests.cast import Cast

VECTORS = Path(__file__).parents[3] / "shared/data/vectors/uk_postcode_vectors.csv"


@pytest.mark.parametrize("typed", ["M32 0LG", "m320lg", "  m32   0lg ", "M3 20LG", "M32\u00a00LG"])
def test_any_spacing_and_case_of_a_postcode_works(typed: str) -> None:
    assert rules.normalise(typed) == "M32 0LG"


def test_a_letter_o_typed_for_the_zero_is_put_right() -> None:
    assert rules.normalise("M32 OLG") == "M32 0LG"


@pytest.mark.parametrize(
    "typed",
    ["", "M32", "12345", "ABC 1234", "M32 0CG", "GIR 1AA", "M32 0LGX", "М32 0LG", "M32-0LG"],
)
def test_what_is_no_postcode_is_none(typed: str) -> None:
    assert rules.normalise(typed) is None


def test_the_published_vectors_hold() -> None:
    if not VECTORS.exists():
        pytest.skip("the shared postcode vectors are not on this machine")
    with VECTORS.open(newline="") as lines:
        for row in csv.DictReader(lines):
            if row["valid"] in {"true", "fixable"}:
                assert rules.normalise(row["input"]) == row["normalised"], row
                assert rules.outcode_of(row["input"]) == row["outcode"], row
            else:
                assert rules.normalise(row["input"]) is None, row
                assert rules.outcode_of(row["input"]) == (row["outcode"] or None), row


def _postcode(code: str, latitude: float, longitude: float) -> Postcode:
    outcode = code.split()[0]
    return Postcode(code=code, outcode=outcode, latitude=latitude, longitude=longitude)


def test_a_loaded_postcode_is_found_exactly(session: Session, cast: Cast) -> None:
    cast.add(_postcode("M32 0LG", 53.4, -2.3))

    assert queries.locate(session, "m320lg") == queries.Place("M32 0LG", 53.4, -2.3, exact=True)


def test_another_of_its_district_is_found_at_the_districts_middle(
    session: Session, cast: Cast
) -> None:
    cast.add(Outcode(code="M32", latitude=53.45, longitude=-2.31))

    assert queries.locate(session, "M32 9ZZ") == queries.Place("M32 9ZZ", 53.45, -2.31, exact=False)
    assert queries.locate(session, "m32") == queries.Place("M32", 53.45, -2.31, exact=False)


def test_without_its_district_the_mean_of_its_loaded_postcodes_answers(
    session: Session, cast: Cast
) -> None:
    cast.add(_postcode("M32 0LG", 53.4, -2.3))
    cast.add(_postcode("M32 0LH", 53.6, -2.5))
    cast.add(_postcode("M33 7XX", 50.0, 0.0))

    found = queries.locate(session, "M32 1AA")
    assert found is not None
    assert (found.latitude, found.longitude) == pytest.approx((53.5, -2.4))
    assert not found.exact


def test_however_many_districts_are_asked_for_two_statements_answer(
    session: Session, cast: Cast
) -> None:
    cast.add(Outcode(code="M32", latitude=53.45, longitude=-2.31))
    cast.add(_postcode("M33 7XX", 50.0, 0.0))
    asked: list[str] = []
    bind = session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    try:
        others = [f"L{number}" for number in range(9)]
        found = queries.districts(session, ["m32", "M33", "M34", "ashby", *others])
    finally:
        event.remove(bind, "before_cursor_execute", note)
    assert {typed: (one.latitude, one.longitude) for typed, one in found.items()} == {
        "m32": (53.45, -2.31), "M33": (50.0, 0.0),
    }  # fmt: skip
    assert len(asked) == 2


@pytest.mark.parametrize("typed", ["ZZ99 9ZZ", "the library", "", "' OR 1=1 --"])
def test_a_place_nobody_knows_is_none(session: Session, cast: Cast, typed: str) -> None:
    assert queries.locate(session, typed) is None
