"""What has the words and the topics of a question, and how well it fits. Pieces of statements."""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from typing import NamedTuple

from asset_hub.search.queries.conditions import Shape, asked, chosen, where
from asset_hub.search.queries.measuring import numbers, reached
from asset_hub.search.queries.text import STRONG

BITS = 30  # of a packed number that say why …
WHY = (1 << BITS) - 1  # … and the rest says how well: FIT = packed >> BITS
CHAMPIONS = 5_000  # of a word that is cut: the listings that it says most about


def kept(shape: Shape) -> str:
    """Return what has any of the words or topics and all that is asked: (number, packed).

    Packed in one whole number are how well it fits and, a bit for each word and topic, why.
    """
    found = _having_any(shape)
    conditions = first(shape, "found")
    facts = ""
    if more := asked(shape):
        facts = " CROSS JOIN listing_text_facts f"
        conditions += ["f.number = found.number", *more]
    if not conditions:
        return found
    return f"SELECT found.number, found.packed FROM ({found}) found{facts}{where(conditions)}"


def matching(shape: Shape) -> str:
    """Return the numbers of what a question finds, in words or not."""
    if shape.ranked:
        return f"SELECT kept.number FROM ({kept(shape)}) kept"
    conditions = first(shape, "f") + asked(shape)
    if len(conditions) == 1 and shape.topics:
        return chosen(shape)[0]  # an index says it all
    return f"SELECT f.number FROM listing_text_facts f{where(conditions)}"


def narrows(shape: Shape) -> bool:
    """Return whether a question leaves anything out."""
    return shape.ranked or bool(first(shape, "f") + asked(shape))


def first(shape: Shape, of: str) -> list[str]:
    """Return the conditions that an index answers by itself, for some rows with a number."""
    found = [f"{of}.number IN ({some})" for some in chosen(shape)]
    if shape.within:
        found.append(f"{of}.number IN ({numbers()} AND {reached()})")
    return found


def _having_any(shape: Shape) -> str:
    """Return what has any of the words or topics: (number, packed); never less than `floor`.

    What it counts is added up in whole numbers: no database rounds them its own way.
    """
    pack = PACKED[shape.dialect]
    words = (
        f"SELECT number, {pack.each('impact', f'weight{n}', 1 << n)} FROM {_having(n, shape)}"
        for n in range(shape.words)
    )
    leaning = (
        f"SELECT number, {pack.each('strength', f'trust{n}', 1 << shape.words + n)} "
        f"FROM listing_topic WHERE slug = :lean{n}"
        for n in range(shape.leaning)
    )
    each = " UNION ALL ".join((*words, *leaning))
    if shape.words + shape.leaning == 1:
        return f"SELECT number, {pack.one} AS packed FROM ({each}) one WHERE {pack.enough[0]}"
    return (
        f"SELECT number, {pack.sum} AS packed FROM ({each}) each_of "
        f"GROUP BY number HAVING {pack.enough[1]}"
    )


class Packed(NamedTuple):
    """How a database packs soonest: SQLite adds up one number, PostgreSQL two small ones."""

    row: str  # of a word or a topic that a listing has
    one: str
    sum: str
    enough: tuple[str, str]

    def each(self, value: str, weight: str, bit: int) -> str:
        """Return what one word or topic counts for a listing."""
        return self.row.format(value=value, weight=weight, bit=bit)


PACKED = {
    "sqlite": Packed(
        f"{{value}} * (:{{weight}} * {1 << BITS}) + {{bit}} AS packed",
        "packed", "sum(packed)",
        (f"packed >= :floor * {1 << BITS}", f"sum(packed) >= :floor * {1 << BITS}"),
    ),
    "postgresql": Packed(
        "{value} * CAST(:{weight} AS INTEGER) AS fit, {bit} AS why",
        f"(CAST(fit AS BIGINT) << {BITS}) + why", f"(sum(fit) << {BITS}) + sum(why)",
        ("fit >= :floor", "sum(fit) >= :floor"),
    ),
}  # fmt: skip


def _having(n: int, shape: Shape) -> str:
    """Return the listings that have a word, and how much it says about them.

    Of a word that is cut: those nearby or in the community, and those that are most about it.
    """
    every = f"listing_text_word WHERE stem = :word{n}"
    if n < shape.words - shape.cut:
        return every
    here = where(asked(Shape(shape.dialect, community=shape.community)))
    local = f"SELECT f.number FROM listing_text_facts f{here}"
    if shape.near:
        local = numbers()
    local = f"SELECT number, impact FROM {every} AND number IN ({local})"
    if shape.within or shape.community:
        return f"({local}) nearby"
    most = (
        f"SELECT * FROM (SELECT number, impact FROM {every} AND impact >= {STRONG} "
        f"ORDER BY stem, impact DESC, number LIMIT {CHAMPIONS}) most"
    )
    return f"({local} UNION {most}) nearby" if shape.near else f"({most}) champion"
