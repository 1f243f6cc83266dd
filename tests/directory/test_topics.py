"""Our own list of topics, what a site makes of it, and what people's words point to."""

from collections import Counter

import pytest
from sqlmodel import Session, select

from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries, service
from asset_hub.directory.models import TaxonomyTerm, TermKind, Theme
from asset_hub.directory.rules import naming
from asset_hub.directory.rules.prose import fold
from asset_hub.directory.rules.suggesting import MOST_SUGGESTED, suggested
from asset_hub.directory.topics import TOPICS
from tests.cast import NOW, Cast

BEFORE = {  # slugs of the first release: links and listings elsewhere hold them for good
    "company", "grief", "worry", "moving", "eating-well", "food", "money", "housing", "warmth",
    "work", "long-term-illness", "memory", "caring", "alcohol-drugs", "smoking", "sleep",
    "parenting", "safety", "rights", "online", "transport", "music", "arts", "gardening", "nature",
    "dance", "games", "books", "making", "faith", "giving", "older-people", "young-people",
    "families", "men", "women", "disabled-people", "lgbt", "new-here", "veterans", "step-free",
    "hearing-loop", "bring-someone", "from-home", "drop-in",
}  # fmt: skip


def test_no_topic_of_the_first_release_is_lost() -> None:
    assert {topic.slug for topic in TOPICS} >= BEFORE


def test_every_topic_has_peoples_words_and_a_sentence_that_fit() -> None:
    for topic in TOPICS:
        assert 9 <= len(topic.words) <= 25, topic.slug
        assert len("\n".join(topic.words)) <= 2000
        assert topic.description, topic.slug
        assert all(words == words.strip() and len(words) < 60 for words in topic.words)


def test_a_phrase_points_to_few_topics() -> None:
    pointing = Counter(said for topic in TOPICS for said in {fold(w) for w in topic.words})
    assert not [said for said, count in pointing.items() if count > 2]
    twice = [said for said, count in pointing.items() if count == 2]
    assert len(twice) < len(pointing) / 50
    for topic in TOPICS:
        assert len({fold(words) for words in topic.words}) == len(topic.words), topic.slug


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("Since I lost my husband the days are long", "grief"),
        ("I’m on my own and have nobody to talk to", "company"),
        ("Mum keeps forgetting things, it may be dementia", "memory"),
        ("Help for people behind with the rent or facing eviction", "housing"),
        ("He hits me and I am scared to go home", "safety"),
        ("I want to end it all", "suicidal"),
        ("we bake, and then we eat cakes", "cookery"),
    ],
)
def test_what_people_say_points_to_what_they_mean(said: str, first: str) -> None:
    assert suggested(said, TOPICS)[0].slug == first


def test_words_that_say_nothing_suggest_nothing_and_much_suggests_a_few() -> None:
    assert suggested("", TOPICS) == suggested("zzz 123 %", TOPICS) == []
    everything = " ".join(words for topic in TOPICS for words in topic.words)
    assert len(suggested(everything, TOPICS)) == MOST_SUGGESTED


def test_a_word_inside_another_is_not_that_word() -> None:
    assert "arts" not in {
        topic.slug for topic in suggested("hovercraft, mobility, posting", TOPICS)
    }


def test_a_fresh_site_offers_our_list_before_anybody_loads_it(session: Session) -> None:
    offer = queries.offer(session)
    assert {topic.slug for topic in offer.topics} == {topic.slug for topic in TOPICS}
    service.ensure_topics(session)
    assert queries.offer(session).topics == offer.topics


def test_needs_stand_by_theme_and_name(session: Session) -> None:
    needs = queries.offer(session).of(TermKind.NEED)
    themes = [topic.theme for topic in needs]
    assert list(dict.fromkeys(themes)) == list(Theme)
    people = [topic.name for topic in needs if topic.theme is Theme.PEOPLE]
    assert people == sorted(people)


def test_loading_again_leaves_what_a_coordinator_made_of_it(session: Session, cast: Cast) -> None:
    terms = service.ensure_topics(session)
    change = {"description": "", "theme": Theme.FEELINGS, "urgent": False, "words": "gone"}
    service.change_topic(session, terms["grief"], by=cast.cora, now=NOW, name="Loss", **change)
    service.retire_topic(session, terms["gambling"], by=cast.cora, now=NOW)
    service.merge_topic(session, terms["falls"], terms["moving"], by=cast.cora, now=NOW)
    terms["sleep"].name = "An older wording"
    session.flush()

    after = service.ensure_topics(session)
    assert (after["grief"].name, after["grief"].words) == ("Loss", "gone")
    assert after["gambling"].retired_at == NOW
    assert after["falls"].merged_into_id == after["moving"].id
    assert after["sleep"].name == "Sleep and rest", "nobody had touched this one"


def test_a_topic_of_the_sites_own_keeps_its_name_when_our_list_brings_one(
    session: Session, cast: Cast
) -> None:
    own = TaxonomyTerm(
        slug="own", name="grief & loss", name_key=naming.key_of("grief & loss"),
        ours=True, edited_at=NOW,
    )  # fmt: skip
    cast.add(own)
    own.name_key = naming.key_of("Grief and loss")
    session.flush()
    assert "grief" not in service.ensure_topics(session)
    assert "grief" not in {topic.slug for topic in queries.offer(session).topics}
    assert len(session.exec(select(TaxonomyTerm)).all()) == len(TOPICS)


def test_names_are_the_same_when_they_look_the_same() -> None:
    same = {naming.key_of(name) for name in ("Arts & Crafts", "arts crafts", "Arts\u200b & CRAFTS")}
    assert len(same) == 1
    assert naming.key_of("ﬁtness") == naming.key_of("Fitness")
    with pytest.raises(RuleBroken):
        naming.must_say_something("123 – !")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Café & tea", "cafe-tea"),
        ("Music", "music-2"),
        ("اردو", "topic"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("x" * 80, "x" * 50),
        ("|a|!b|%_", "a-b"),
    ],
)
def test_a_slug_is_made_of_plain_letters(name: str, slug: str) -> None:
    assert naming.slug_of(name, {"music"}) == slug


def test_peoples_words_are_tidied() -> None:
    assert (
        naming.phrases(" on my own,\r\nOn my  own\n\nnobody there;x ")
        == "On my own\nnobody there\nx"
    )
    with pytest.raises(RuleBroken) as broken:
        naming.phrases("\n".join(map(str, range(41))))
    assert broken.value.field == "words"
