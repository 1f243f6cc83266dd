"""Which parts a question has, and what they ask of a listing. Pieces of statements."""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.dialects import postgresql, sqlite

from asset_hub.directory.queries import session_numbers
from asset_hub.search.queries.measuring import view

DIALECTS: dict[str, Any] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}


class Shape(NamedTuple):
    """Which parts a question has; questions of one shape share their statements."""

    dialect: str
    words: int = 0  # how many stems
    cut: int = 0  # how many of them, the last ones, are so common that not every listing is read
    leaning: int = 0  # how many topics it seems to be about
    near: bool = False
    within: bool = False
    topics: int = 0
    community: bool = False
    also: tuple[int, ...] = ()
    suits: int = 0
    facets: tuple[int, ...] = ()
    age: bool = False
    today: bool = False
    room: bool = False
    on: str = ""  # a day, as YYYY-MM-DD
    hours: tuple[tuple[int, int], ...] = ()
    area: int = 0  # how many ranges of gx the piece of the map has

    @property
    def ranked(self) -> bool:
        """Return whether it is about words or topics, so that some listings fit better."""
        return self.words + self.leaning > 0


def asked(shape: Shape) -> list[str]:
    """Return what a question asks of a listing (`f`) besides words, topics meant and distance."""
    found = []
    if shape.topics:
        found += _about("topic", shape.topics, shape)
    for number, count in enumerate(shape.also):
        found += _about(f"also{number}_", count, shape)
    found += [f"{_at('topic_slugs', f'not_suits{n}', shape)} = 0" for n in range(shape.suits)]
    if shape.community:
        found.append("f.community_id = (SELECT id FROM community WHERE slug = :community)")
    if shape.area:
        inside = " AND ".join(view(shape.area, "v", "area_"))
        found.append(f"f.number IN (SELECT v.number FROM listing_text_place v WHERE {inside})")
    if shape.on:
        found.append(f"({' OR '.join(_meets(shape))})")
    return found + _facets(shape)


def _meets(shape: Shape) -> Iterator[str]:
    """Yield that a listing meets on a day, between some hours; the day is one of ours, and safe."""
    day = [date.fromisoformat(shape.on)]
    for opens, closes in shape.hours or ((0, None),):
        asked = session_numbers(day, opens=opens, closes=closes)
        known = DIALECTS[shape.dialect]()
        meets = asked.compile(dialect=known, compile_kwargs={"literal_binds": True})
        yield f"f.number IN ({meets})"


def _facets(shape: Shape) -> list[str]:
    found = []
    for number, count in enumerate(shape.facets):
        some = (f"{_at('facets', f'facet{number}_{n}', shape)} > 0" for n in range(count))
        found.append(f"({' OR '.join(some)})")
    if shape.age:
        found.append("coalesce(f.age_from, 0) <= :age AND coalesce(f.age_to, 999) >= :age")
    if shape.room:
        found.append("f.facets LIKE '%|room|%'")
        if shape.today:
            found.append("(f.full_until IS NULL OR f.full_until <= :today)")
    return found


def _about(name: str, count: int, shape: Shape) -> list[str]:
    """Return that a listing is about one of some topics, and that it is not "not for" any."""
    any_of = (f"{_at('topic_slugs', f'{name}{n}', shape)} > 0" for n in range(count))
    none_of = (f"{_at('topic_slugs', f'not_{name}{n}', shape)} = 0" for n in range(count))
    return [*seems(name, count, "f"), f"({' OR '.join(any_of)})", *none_of]


def seems(name: str, count: int, row: str) -> list[str]:
    """Return that a row's listing was said, or seems, to be about one of some topics.

    An index answers it: whether it was said, its own slugs say.
    """
    slugs = ", ".join(f":is_{name}{n}" for n in range(count))
    return [f"{row}.number IN (SELECT number FROM listing_topic WHERE slug IN ({slugs}))"]


def _at(column: str, name: str, shape: Shape) -> str:
    """Return where a mark stands in a column: a plain search, several times as fast as LIKE."""
    call = "instr" if shape.dialect == "sqlite" else "strpos"
    return f"{call}(f.{column}, :{name})"


def where(conditions: list[str]) -> str:
    """Return conditions, all of which must hold, as a statement's last part."""
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
