"""Words as the index knows them."""

import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st

from asset_hub.core import stems

CUT = snowballstemmer.stemmer("english").stemWord


@given(st.from_regex(r"[a-z0-9é]{0,12}[0-9]", fullmatch=True))
def test_a_word_that_ends_in_a_digit_has_no_ending_to_cut(word: str) -> None:
    assert stems.stem(word) == CUT(word) == word


def test_what_words_become_is_remembered_for_some_and_no_more() -> None:
    asked = []

    def become(word: str) -> str:
        asked.append(word)
        return word.upper()

    known = stems.Remembered(become)
    assert [known["tea"], known["tea"]] == ["TEA", "TEA"]
    assert asked == ["tea"]
    for number in range(stems.REMEMBERED + 1):
        known[f"word {number}"]
    assert len(known) <= stems.REMEMBERED
