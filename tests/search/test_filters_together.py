"""Every filter with every other: what is found, and what each count says, beside plain Python.

Listings and questions are made up at random (the same each time). What must be found is worked out
from the listings themselves, by rules written here once more and by no code of the search.
"""

import random
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import MultiDict

from asset_hub.core import db
from asset_hub.directory.models import Freq, Kind, Schedule, TermKind
from asset_hub.search import queries
from asset_hub.search.geo import MILE, Point, distance
from asset_hub.search.question import asking, leading, looking, narrowing
from tests.cast import TODAY, Cast
from tests.conftest import Browser
from tests.search.conftest import HALL, Town

SORTS = [kind for kind in Kind if kind is not Kind.GIFT]  # whose place is shown as an area
LISTINGS, QUESTIONS = 45, 60
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ABOUT, FOR, IN = ("grief", "music", "memory"), ("men", "carers"), ("step-free", "hearing-loop")
KINDS = {**dict.fromkeys(ABOUT, TermKind.NEED), **dict.fromkeys(FOR, TermKind.AUDIENCE),
         **dict.fromkeys((*IN, "from-home"), TermKind.ACCESS)}  # fmt: skip
HOURS = {"am": (0, 12 * 60), "pm": (12 * 60, 17 * 60), "eve": (17 * 60, 24 * 60)}
WORDS = ("blorp", "frindle", "snazzle")  # that mean nothing, so that only words find them


@dataclass
class Made:
    """One listing, as whoever wrote it down would say it."""

    name: str
    at: tuple[float, float] | None
    topics: tuple[str, ...]
    not_for: tuple[str, ...]
    meets: list[tuple[int, time | None, time | None]]
    fees: str
    languages: str
    ages: tuple[int | None, int | None]
    welcomes: int | None
    full_until: date | None
    kind: Kind
    here: bool
    word: str
    asked: dict[str, Any] = field(default_factory=dict)

    @property
    def miles(self) -> float:
        return distance(Point(*HALL), Point(*self.at)) / MILE if self.at else 1e9


def make(chance: random.Random, number: int) -> Made:
    def some(of: tuple[str, ...], most: int = 2) -> tuple[str, ...]:
        return tuple(chance.sample(of, chance.randint(0, most)))

    placed = chance.random() < 0.8
    audience = some(FOR, 1)
    opens = [None, time(9), time(11, 30), time(12), time(14), time(17), time(19)]
    meets = []
    for _ in range(chance.randint(0, 2)):
        start = chance.choice(opens)
        end = time(start.hour + chance.choice((1, 3)), start.minute) if start else None
        meets.append((chance.randrange(7), start, end if chance.random() < 0.8 else None))
    return Made(
        name=f"Group {number:03}",
        at=(HALL[0] + chance.uniform(-0.1, 0.1), HALL[1] + chance.uniform(-0.1, 0.1))
        if placed else None,
        topics=(*some(ABOUT), *audience, *some(IN), *(("from-home",) * (chance.random() < 0.2))),
        not_for=tuple(one for one in some(FOR, 1) if one not in audience),
        meets=meets,
        fees=chance.choice(("Free", "£3 a session", "By donation", "")),
        languages=chance.choice(("", "English", "Polish", "English, Urdu", "Urdu, Polish")),
        ages=chance.choice(((None, None), (18, None), (None, 25), (50, None), (11, 17))),
        welcomes=chance.choice((None, 0, 2)),
        full_until=chance.choice((None, None, TODAY, TODAY + timedelta(20))),
        kind=chance.choice(SORTS),
        here=chance.random() < 0.7,
        word=chance.choice(WORDS),
    )  # fmt: skip


def put(town: Town, cast: Cast, made: Made) -> None:
    lowest, highest = made.ages
    town.add(
        made.name, at=made.at, topics=made.topics, fees=made.fees, languages=made.languages,
        not_for=[town.term(slug) for slug in made.not_for], minimum_age=lowest,
        maximum_age=highest, welcomes=made.welcomes, full_until=made.full_until, kind=made.kind,
        community=cast.ashby if made.here else cast.elsewhere, summary="Come as you are",
        description=f"We have {made.word}",
        schedules=[
            Schedule(freq=Freq.WEEKLY, byday=CODES[day], opens_at=start, closes_at=end)
            for day, start, end in made.meets
        ],
    )  # fmt: skip


def minute(at: time) -> int:
    return at.hour * 60 + at.minute


def touches(part: str, start: time | None, end: time | None) -> bool:
    """Return whether hours touch a part of the day; without an end only the start is known."""
    if start is None:
        return False
    first, last = HOURS[part]
    ends = minute(end) if end else minute(start) + 1
    return minute(start) < last and ends > first


def meets(made: Made, days: list[str], parts: list[str], on: date | None) -> bool:
    """Return whether it meets at one of the times asked for."""
    if on is not None and not any(
        day == on.weekday() and (not parts or any(touches(part, s, e) for part in parts))
        for day, s, e in made.meets
    ):
        return False
    if not days and (on is not None or not parts):
        return True
    wanted = [CODES.index(day.upper()) for day in days] or list(range(7))
    free = on is not None or not parts  # with a date the part of the day is that date's
    return any(
        day in wanted and (free or any(touches(part, s, e) for part in parts))
        for day, s, e in made.meets
    )


def fits(made: Made, asked: dict[str, Any]) -> bool:
    """Return whether a listing is what was asked for."""
    has, ages = set(made.topics), made.ages
    topics = asked.get("topic", [])
    about = [slug for slug in topics if slug in ABOUT]
    whom = [slug for slug in topics if slug in FOR]
    ways = {"online"} & {"online" if "from-home" in has else ""}
    ways |= {"in-person"} if made.at or not ways else set()
    cost = {"Free": "free", "By donation": "donation"}.get(made.fees, "")
    spoken = {f"{one.strip().lower()}" for one in made.languages.split(",")}
    full = made.full_until is not None and made.full_until > TODAY
    return all([
        not about or bool(has & set(about)),
        not whom or bool(has & set(whom)),
        all(slug in has for slug in topics if KINDS[slug] is TermKind.ACCESS),
        not set(made.not_for) & {*topics, *asked.get("for", [])},
        "cost" not in asked or cost in asked["cost"],
        "way" not in asked or bool(ways & set(asked["way"])),
        "room" not in asked or (bool(made.welcomes) and not full),
        "lang" not in asked or bool(spoken & set(asked["lang"])),
        "kind" not in asked or made.kind.value in asked["kind"],
        "age" not in asked or (ages[0] or 0) <= int(asked["age"]) <= (ages[1] or 999),
        "within" not in asked or made.miles <= float(asked["within"]),
        "community" not in asked or made.here == (asked["community"] == "ashby"),
        "q" not in asked or made.word == asked["q"],
        meets(made, asked.get("day", []), asked.get("part", []),
              date.fromisoformat(asked["on"]) if "on" in asked else None),
    ])  # fmt: skip


def question(chance: random.Random) -> dict[str, Any]:
    """Return some filters, each as likely as not."""

    def some(*of: str) -> list[str]:
        return chance.sample(of, chance.randint(1, min(2, len(of))))

    offered: dict[str, Any] = {
        "topic": lambda: some(*ABOUT, *FOR, *IN),
        "for": lambda: some(*FOR)[:1],
        "cost": lambda: some("free", "donation"),
        "way": lambda: some("in-person", "online"),
        "room": lambda: ["yes"],
        "lang": lambda: some("polish", "urdu"),
        "kind": lambda: some(*(kind.value for kind in SORTS)),
        "age": lambda: chance.choice(("15", "30", "80")),
        "near": lambda: "ZZ9 9ZZ",
        "community": lambda: chance.choice(("ashby", "elsewhere")),
        "day": lambda: some("mo", "tu", "th", "sa"),
        "part": lambda: some("am", "pm", "eve"),
        "on": lambda: (TODAY + timedelta(chance.randint(0, 6))).isoformat(),
        "q": lambda: chance.choice(WORDS),
    }
    wanted = chance.sample(sorted(offered), chance.choice((1, 1, 2, 2, 3, 4)))
    found = {name: offered[name]() for name in wanted}
    if "near" in found and chance.random() < 0.8:
        found["within"] = chance.choice(("1", "3", "5"))
    return found


def answer(asked: asking.Asked) -> tuple[set[str], int, dict[tuple[str, str], int]]:
    """Return the names found on all pages, how many are said, and the counts beside choices."""
    with db.reading() as connection:
        understood = looking.understand(connection, asked, today=TODAY)
        found = queries.find(connection, understood.question)
        names = [one.card["name"] for one in found.found]
        for page in range(2, found.pages + 1):
            turned = asking.asked(MultiDict([*pairs_of(asked), ("page", str(page))]))
            more = looking.understand(connection, turned, today=TODAY).question
            names += [one.card["name"] for one in queries.find(connection, more).found]
        topics, places = queries.topics(connection), queries.communities(connection)
        counts = narrowing.counted(connection, asked, understood, found, topics, places)
    assert len(names) == len(set(names)), "no result stands on two pages"
    return set(names), found.total, dict(counts)


def pairs_of(asked: asking.Asked) -> list[tuple[str, str]]:
    return [
        (name, str(one))
        for name, value in leading.params(asked).items()
        for one in (value if isinstance(value, list) else [value])
    ]


@pytest.fixture
def made(town: Town, cast: Cast) -> list[Made]:
    chance = random.Random(41)
    for slug, kind in KINDS.items():
        town.term(slug).kind = kind
    found = [make(chance, number) for number in range(LISTINGS)]
    for one in found:
        put(town, cast, one)
    return found


def test_any_filters_together_find_what_plain_python_finds_and_count_it_right(
    made: list[Made],
) -> None:
    chance, empty = random.Random(7), 0
    for _ in range(QUESTIONS):
        given = question(chance)
        asked = asking.asked(MultiDict(
            [(name, value) for name, some in given.items()
             for value in (some if isinstance(some, list) else [some])]
        ))  # fmt: skip
        assert asked.problems == {}
        names, total, counts = answer(asked)
        right = {one.name for one in made if fits(one, given)}
        assert names == right, given
        assert total == len(right), given
        empty += not right
        for (group, value), count in counts.items():
            assert count == left(made, given, group, value), (given, group, value)
    assert empty < QUESTIONS / 2, "most questions find something"


def left(made: list[Made], given: dict[str, Any], group: str, value: str) -> int:
    """Return how many there are with one choice instead of what was chosen in its own set."""
    asked = dict(given)
    if group == "community":
        asked["community"] = value
    elif group == "topic":
        kinds = [KINDS[slug] for slug in (value,)]
        own = [slug for slug in given.get("topic", []) if slug == value or KINDS[slug] not in kinds
               or KINDS[slug] is TermKind.ACCESS]  # fmt: skip
        asked["topic"] = [*dict.fromkeys([*own, value])]
    else:
        asked[group] = [value]
    return sum(fits(one, asked) for one in made)


def test_the_filters_stand_in_the_address_and_none_of_it_says_where_somebody_lives(
    made: list[Made], browser: Browser
) -> None:
    kept = {"day": "th", "part": "pm", "cost": "free", "age": "30", "topic": "men",
            "lang": "polish", "way": "in-person", "room": "yes"}  # fmt: skip
    given = kept | {"q": "blorp", "near": "ZZ9 9ZZ", "within": "5"}
    page = browser.get("/find?" + urlencode(given)).text
    share = page.split('">The same without a place, to share')[0].rsplit('href="', 1)[1]
    for name in ("near", "ZZ9", "within", "lat", "lng"):
        assert name not in share
    for name in (
        "day=th",
        "part=pm",
        "cost=free",
        "age=30",
        "topic=men",
        "lang=polish",
        "room=yes",
    ):
        assert name in share
    asked = asking.asked(MultiDict(given))
    assert asking.asked(MultiDict(pairs_of(asked))) == asked, "Back and reload ask the same"


@pytest.mark.parametrize("within", [None, 5 * MILE])
@pytest.mark.parametrize("near", [None, Point(*HALL)])
def test_whoever_is_turned_away_is_offered_it_by_no_way_of_looking(
    town: Town, near: Point | None, within: float | None
) -> None:
    """Topics that were merged may leave a group for men that is not for men: the "not" counts."""
    men = town.term("men")
    town.add("For and not for", at=HALL, topics=("men",), not_for=[men])
    town.add("For", at=HALL, topics=("men",))
    within = within if near else None
    for asked in ({"topics": ("men",)}, {"also": (("men",),)}, {"also": (("men", "carers"),)}):
        answer = town.answer(near=near, within=within, **asked)
        assert [found.card["name"] for found in answer.found] == ["For"], asked
        assert answer.total == 1
