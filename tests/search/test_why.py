"""What a question seems to be about brings groups in and lifts them; each says why it is there."""

from asset_hub.search.queries import Word
from tests.search.conftest import Town


def test_a_topic_alone_brings_in_what_has_none_of_the_words_and_says_so(town: Town) -> None:
    town.add("Tea and talk", topics=("grief",))
    town.add("Bingo")
    answer = town.answer("husband died", leaning=(("grief", 0.8),))
    assert [found.card["name"] for found in answer.found] == ["Tea and talk"]
    assert answer.found[0].slugs == ("grief",)
    assert answer.found[0].stems == ()


def test_words_and_a_topic_together_come_before_words_alone(town: Town) -> None:
    town.add("Walking club")
    town.add("Walking after loss", topics=("grief",))
    answer = town.answer("walking", leaning=(("grief", 0.9),))
    assert [found.card["name"] for found in answer.found] == ["Walking after loss", "Walking club"]
    assert answer.found[0].stems == ("walk",)
    assert answer.found[0].slugs == ("grief",)


def test_below_the_floor_nothing_is_offered(town: Town) -> None:
    town.add("Choir", description="There is a walk " + "and cake and song and talk " * 40)
    asked = (Word("walk", 0.3), Word("helicopt", 3.0))
    assert town.ask(words=asked) == ["Choir"]
    assert town.ask(words=asked, floor=0.3) == []


def test_a_word_that_counts_more_lifts_what_has_it(town: Town) -> None:
    town.add("Chess club")
    town.add("Dance club")
    assert town.ask(words=(Word("chess", 0.2), Word("danc", 1.0)))[0] == "Dance club"
    assert town.ask(words=(Word("chess", 1.0), Word("danc", 0.2)))[0] == "Chess club"
