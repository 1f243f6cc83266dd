"""Words that were probably meant."""

import pytest

from asset_hub.search.queries.spelling import meant, parts, resembling
from asset_hub.search.question.names import also

USED = [("choir", 9), ("knit", 4), ("papyrus", 1), ("ukulel", 2), ("scunthorp", 40), ("garden", 8),
        ("gardener", 2), ("bereav", 5), ("grief", 7)]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "first"),
    [("chior", "choir"), ("choire", "choir"), ("nitting", "knit"), ("papirus", "papyrus"),
     ("ukelele", "ukulel"), ("gardning", "garden"), ("greif", "grief"), ("berevment", "bereav"),
     ("xyz", None), ("zzzzzzzz", None)],
)  # fmt: skip
def test_a_slip_or_two_is_forgiven(typed: str, first: str | None) -> None:
    assert next(iter(meant(typed, USED)), None) == first or first in meant(typed, USED)


def test_more_than_slips_is_known_by_its_letters() -> None:
    assert resembling("scunthorpeish", USED) == ["scunthorp"]
    assert resembling("bicycle", USED) == []


def test_what_was_written_in_one_is_taken_apart() -> None:
    known = {"we", "are", "with", "you", "men", "shed", "mens"}
    assert parts("wearewithyou", known.__contains__) == ["we", "are", "with", "you"]
    assert parts("mensshed", known.__contains__) == ["mens", "shed"]
    assert parts("mensshop", known.__contains__) == []
    assert parts("shed", known.__contains__) == []
    assert parts("", known.__contains__) == []


def test_old_names_stand_for_new_ones() -> None:
    assert also(["age", "concern", "lunch"]) == ["age", "uk"]
    assert also(["concern", "age"]) == []
    assert "citizens" in also(["the", "cab"])
