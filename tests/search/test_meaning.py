"""What people's own words mean, and what a group's words say it is about."""

import time
from collections.abc import Iterable

import pytest

from asset_hub.directory.models import TermKind
from asset_hub.directory.rules.meaning import MOST_TOPICS, Thesaurus, about, compiled, meant
from asset_hub.directory.topics import OURS, TOPICS
from asset_hub.directory.topics.near import NEAR
from asset_hub.directory.topics.said import Sense, senses

BESIDE = [t.slug for t in TOPICS if t.kind in (TermKind.AUDIENCE, TermKind.ACCESS)]


def thesaurus(some: Iterable[Sense] = ()) -> Thesaurus:
    named = [Sense(topic.slug, topic.words, (topic.name,)) for topic in TOPICS]
    return compiled([*senses(), *named, *some], BESIDE)


OURS_COMPILED = thesaurus()
SAID = """
grief: My wife passed last year and I just sit here in the evenings
grief: We lost our baby at 20 weeks
company: I've moved here from London and know no one
befriending: Could someone pop in on my mum once a week, she is stuck in the house
something-to-do: Since he retired he just watches telly all day
worry: I feel like everything is getting on top of me
suicidal: I don't see the point in being here
suicidal: found my daughter cutting her arms
trauma: I keep having nightmares since the crash
confidence: I'm too shy to walk into a room of people
sleep: I lie awake till 4 every morning
eating-disorder: she makes herself sick after every meal
alcohol-drugs: My husband can't go a day without drinking
gambling: he spends his wages on the machines at the bookies
money: bailiffs are coming on Friday
benefits: my PIP got turned down
food: there is no food in the house until I get paid
essentials: just got a flat and have no bed or cooker
work: I was made redundant at 58
learning: I never learned to read properly
english: my wife doesn't speak much English
online: everything is on the app now and I don't know how
housing: the landlord is kicking us out at the end of the month
homeless: I've been sleeping in my car
warmth: we can't put the heating on, the meter keeps running out
help-at-home: mum needs someone to do her shopping and a bit of cleaning
transport: how can I get to my hospital appointments, I don't drive
caring: I look after my husband 24 hours a day and I'm shattered
memory: dad keeps asking the same question and got lost coming home
long-term-illness: I've been told I have fibromyalgia
cancer: my sister starts chemo next week
after-hospital: mum is coming home from hospital after breaking her hip
moving: I'm 70 and getting stiff, I want some gentle exercise
falls: she's fallen twice this month and is scared to walk
smoking: I want to pack in the fags
heart-lungs: my dad had a stroke and can't speak properly
sight: I'm losing my sight and can't see my post
autism: I think my little boy is autistic
pregnancy: breastfeeding hurts
parenting: my toddler is driving me up the wall
child-extra-help: my daughter is being bullied
growing-up: my 15 year old never leaves his room
separation: my ex won't let me see my children
safety: my boyfriend hits me
scams: she was conned by a cold caller
rights: I need help filling in a form
after-prison: just got out of prison and need help
""".strip().splitlines()


@pytest.mark.parametrize("line", SAID)
def test_what_people_say_is_heard_among_the_first_three(line: str) -> None:
    slug, said = line.split(": ")
    heard = [each for each, _ in meant(said, OURS_COMPILED).topics if each not in BESIDE]
    assert slug in heard[:3], heard[:5]


def test_most_of_it_is_heard_first() -> None:
    pairs = [line.split(": ") for line in SAID]
    first = [
        next((each for each, _ in meant(said, OURS_COMPILED).topics if each not in BESIDE), "")
        for _, said in pairs
    ]
    right = sum(slug == each for (slug, _), each in zip(pairs, first, strict=True))
    assert right >= len(pairs) * 0.9


def test_a_phrase_says_more_than_its_words() -> None:
    topics = dict(meant("I want to die", OURS_COMPILED).topics)
    assert topics["suicidal"] > 0.8
    assert topics.get("grief", 0) < 0.4, "though others died"
    topics = dict(meant("my husband died", OURS_COMPILED).topics)
    assert topics["grief"] > 0.8
    assert topics.get("suicidal", 0) < 0.4


def test_other_words_may_stand_in_between() -> None:
    assert dict(meant("my husband very suddenly died", OURS_COMPILED).topics)["grief"] > 0.6


def test_nothing_is_heard_in_words_that_say_nothing() -> None:
    for said in ("", "the and of", "zxqv", "42", "???"):
        assert meant(said, OURS_COMPILED).topics == ()


def test_groups_words_come_with_what_is_meant() -> None:
    words = [stem for stem, _ in meant("my wife passed away", OURS_COMPILED).words]
    assert "bereav" in words


def test_a_name_speaks_louder_than_a_long_text() -> None:
    named = about({"name": "Bereavement café", "body": ""}, (), OURS_COMPILED)
    aside = about(
        {"name": "Village news", "body": "bread " * 200 + "and a bereavement café"},
        (),
        OURS_COMPILED,
    )
    assert named["grief"] > 50 > aside.get("grief", 0)


def test_what_was_chosen_counts_fully_while_it_is_little() -> None:
    assert about({"name": "Friday"}, ("grief",), OURS_COMPILED)["grief"] == 100
    ticked = ("grief", "work", "money", "memory", "music", "games", "arts", "dance")
    found = about({"name": "Games morning"}, ticked, OURS_COMPILED)
    assert found["games"] > 60
    assert found["grief"] < 30, "somebody who ticks everything says little"
    assert about({"name": "x"}, (*ticked, "men"), OURS_COMPILED)["men"] == 100


def test_a_listing_seems_to_be_about_few_things() -> None:
    texts = {"name": "Everything", "body": " ".join(s.offered[0] for s in senses() if s.offered)}
    assert len(about(texts, (), OURS_COMPILED)) <= MOST_TOPICS


def test_a_sites_own_words_count_beside_ours() -> None:
    known = thesaurus([Sense("grief", ("mardy as a wet weekend",), ())])
    assert "grief" in dict(meant("she is mardy as a wet weekend", known).topics)
    assert "grief" not in dict(meant("she is mardy as a wet weekend", OURS_COMPILED).topics)


def test_the_thesaurus_speaks_of_topics_that_there_are() -> None:
    assert {sense.slug for sense in senses()} <= OURS
    assert {t.slug for t in TOPICS if t.kind is TermKind.NEED} <= {s.slug for s in senses()}
    assert OURS.issuperset({*NEAR, *(other for some in NEAR.values() for other in some)})
    for sense in senses():
        assert sense.offered, sense
        assert all(len(phrase) < 60 for phrase in (*sense.said, *sense.offered))


def test_hearing_takes_no_time_worth_a_thought() -> None:
    start = time.process_time()
    for line in SAID:
        meant(line, OURS_COMPILED)
    assert (time.process_time() - start) / len(SAID) < 0.02, "a benchmark says how long: 0.5 ms"
