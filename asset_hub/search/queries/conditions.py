"""Which parts a question has, and what they ask of a listing. Pieces of statements."""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import literal_column
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
    circle: bool = False  # only what is in a circle is looked at; it is the whole page, or none
    topics: int = 0
    community: bool = False
    also: tuple[int, ...] = ()
    suits: int = 0
    facets: tuple[int, ...] = ()
    age: bool = False
    today: bool = False
    room: bool = False
    on: bool = False
    hours: int = 0  # how many parts of that day
    area: int = 0  # how many ranges of gx the piece of the map has
    said_age: bool = False

    @property
    def ranked(self) -> bool:
        """Return whether it is about words or topics, so that some listings fit better."""
        return self.words + self.leaning > 0


def asked(shape: Shape) -> list[str]:
    """Return what a question asks of a listing (`f`) besides words, topics and distance."""
    found = [*_not_for(shape, "f")]
    if shape.community:
        found.append("f.community_id = (SELECT id FROM community WHERE slug = :community)")
    if shape.area:
        inside = " AND ".join(view(shape.area, "v", "area_"))
        found.append(f"f.number IN (SELECT v.number FROM listing_text_place v WHERE {inside})")
    if shape.on:
        found.append(f"({' OR '.join(_meets(shape))})")
    return found + _facets(shape)


def chosen(shape: Shape) -> list[str]:
    """Return the numbers of the listings about the topics that are asked for, a set for each."""
    some = (", ".join(f":is_{name}{n}" for n in range(count)) for name, count in _sets(shape))
    return [f"SELECT number FROM listing_topic WHERE slug IN ({s}) AND chosen" for s in some]


def about(shape: Shape) -> list[str]:
    """Return the same as conditions for a place (`p`): its own copy of the topics says it."""
    found = []
    for name, count in _sets(shape):
        some = (f"{_at('p.topic_slugs', f'{name}{n}', shape)} > 0" for n in range(count))
        found.append(f"({' OR '.join(some)})")
        if count == 1:  # of several, `asked` says it
            found.append(f"{_at('p.topic_slugs', f'not_{name}0', shape)} = 0")
    return found


def _sets(shape: Shape) -> list[tuple[str, int]]:
    """Return the sets of topics, one of each of which a listing has to be about."""
    first = [("topic", shape.topics)] if shape.topics else []
    return first + [(f"also{number}_", count) for number, count in enumerate(shape.also)]


def _not_for(shape: Shape, row: str) -> Iterator[str]:
    """Yield that nobody is left out whom it has to suit.

    What is chosen is never "not for" the same; of several topics another one may be.
    """
    sets = [*((name, count) for name, count in _sets(shape) if count > 1), ("suits", shape.suits)]
    for name, count in sets:
        for n in range(count):
            yield f"{_at(f'{row}.topic_slugs', f'not_{name}{n}', shape)} = 0"


def _meets(shape: Shape) -> Iterator[str]:
    """Yield that a listing meets on a day, between some hours: a question of the directory's."""
    value = literal_column  # the name of a value, for the directory to put where a value goes
    day: list[Any] = [value(":on_day")]
    hours: list[Any] = [(value(f":opens{n}"), value(f":closes{n}")) for n in range(shape.hours)]
    for opens, closes in hours or [(0, None)]:
        meets = session_numbers(day, opens=opens, closes=closes)
        known = DIALECTS[shape.dialect]()
        text = meets.compile(dialect=known, compile_kwargs={"literal_binds": True})
        yield f"f.number IN ({text})"


def _facets(shape: Shape) -> list[str]:
    found = []
    for number, count in enumerate(shape.facets):
        some = (f"{_at('f.facets', f'facet{number}_{n}', shape)} > 0" for n in range(count))
        found.append(f"({' OR '.join(some)})")
    if shape.age:
        found.append("coalesce(f.age_from, 0) <= :age AND coalesce(f.age_to, 999) >= :age")
    if shape.room:
        found.append("f.facets LIKE '%|room|%'")
        if shape.today:
            found.append("(f.full_until IS NULL OR f.full_until <= :today)")
    return found


def _at(column: str, name: str, shape: Shape) -> str:
    """Return where a mark stands in a column: a plain search, several times as fast as LIKE."""
    call = "instr" if shape.dialect == "sqlite" else "strpos"
    return f"{call}({column}, :{name})"


def where(conditions: list[str]) -> str:
    """Return conditions, all of which must hold, as a statement's last part."""
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
