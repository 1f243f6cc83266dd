"""What a place does not show, the texts beside it do not say."""

import json
from typing import Any

import pytest
from sqlmodel import select

from asset_hub.directory.models import Listing, Visibility
from asset_hub.interop.reading.homes import SAID, WITHHELD, keep_hidden
from asset_hub.interop.reading.mapping import guess
from asset_hub.interop.reading.plan import How
from asset_hub.interop.reading.records import Record
from asset_hub.interop.reading.topic_words import TopicWords
from tests.cast import NOW
from tests.interop.feeds import Desk, service

HOME = {"name": "Tea at Kim’s", "description": "<p>Come for tea at my house.</p>"}
PLACE = {"addresses": [{"address_1": "12 Elm Road", "city": "Ashby", "postal_code": "ZZ1 2AB"}]}


def record(**said: Any) -> Record:
    feed = {"id": "1", **HOME, "service_at_locations": [{"location": PLACE}], **said}
    _, found = How(None, NOW).read((1, feed))
    assert isinstance(found, Record)
    return found


@pytest.mark.parametrize(
    "written", ["12 Elm Road", "12, elm road", "12  ELM  ROAD", "ZZ1 2AB", "zz12ab"]
)
@pytest.mark.parametrize("column", ["description", "fees", "name"])
def test_the_address_of_a_home_is_taken_out_of_its_texts(column: str, written: str) -> None:
    found = record(**{column: f"At my house, {written}: come in."})
    words = found.words[column]
    assert written not in words
    assert WITHHELD in words
    assert f"the address is in the {column}: it was taken out there" in found.warnings


def test_an_address_in_one_piece_leaves_one_mark() -> None:
    found = record(description="Tea at my house: 12 Elm Road, ZZ1 2AB. Ring twice.")
    assert found.words["description"] == f"Tea at my house: {WITHHELD}. Ring twice."
    assert "Elm" not in found.words["summary"]


def test_so_is_that_of_a_refuge_and_of_what_the_sheet_shows_roughly() -> None:
    refuge = record(name="Women’s Aid", description="Our refuge is at 12 Elm Road.")
    assert [place.visibility for place in refuge.places] == [Visibility.HIDDEN]
    assert SAID[Visibility.HIDDEN] in refuge.warnings
    assert "Elm" not in refuge.words["description"]
    cells = {"name": "Knitters", "description": "Find us at 12 Elm Road", "address": "12 Elm Road",
             "place_shown": "area"}  # fmt: skip
    _, found = How(guess(list(cells)), NOW).read((2, cells))
    assert isinstance(found, Record)
    assert "Elm" not in found.words["description"]


def test_what_is_open_to_everybody_keeps_its_words() -> None:
    found = record(name="Choir", description="We sing at 12 Elm Road, ZZ1 2AB.")
    assert found.words["description"] == "We sing at 12 Elm Road, ZZ1 2AB."
    assert found.places[0].visibility is Visibility.EXACT


def test_words_that_only_begin_alike_stay() -> None:
    found = record(description="Tea at my house. Bus 12 stops at Elm Road; 112 Elm Roadside.")
    assert WITHHELD not in found.words["description"]


def test_a_topic_of_safety_is_a_sign_too() -> None:
    found = record(name="Evening talk", description="For all.")
    found.places[0].visibility = Visibility.EXACT
    found.warnings.clear()
    keep_hidden(found, ["safety"])
    assert found.places[0].visibility is Visibility.AREA


def test_topics_are_told_by_number() -> None:
    words = TopicWords({"walking": 3, "parents": 1}, ("a", "b", "c", "d"))
    assert words.match(["Walking", "Parents>Grandparents", "walking/other", "x"]) == [3, 1]


def test_an_id_made_of_an_address_is_on_no_card(desk: Desk) -> None:
    sheet = "name,description,address,postcode\nTea,Come to my house,12 Elm Road,ZZ1 2AB\n"
    desk.imports(sheet, name="homes.csv")
    [listing] = desk.session.exec(select(Listing)).all()
    said = json.dumps([listing.card, listing.body, listing.words])
    assert listing.card["source_id"] is None
    assert "elm" not in said.lower()
    assert "2AB" not in said
    desk.imports([service(1)])
    cards = [row.card["source_id"] for row in desk.session.exec(select(Listing))]
    assert service(1)["id"] in cards, "what a feed calls its own stays"
