"""What has the words and the topics of a question, and how well it fits. Pieces of statements."""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

from asset_hub.search.queries.conditions import Shape, asked, where
from asset_hub.search.queries.measuring import BOX
from asset_hub.search.queries.text import STRONG

CHAMPIONS = 5_000  # of a word that is cut: the listings that it says most about


def hits(shape: Shape) -> str:
    """Return what has any of the words or topics: how well it fits, and why (a bit for each).

    All of it is whole numbers: no database rounds them its own way.
    """
    words = (
        f"SELECT number, impact * CAST(:weight{n} AS INTEGER) AS fit, {1 << n} AS why "
        f"FROM {_having(n, shape)}"
        for n in range(shape.words)
    )
    leaning = (
        f"SELECT number, strength * CAST(:trust{n} AS INTEGER) AS fit, "
        f"{1 << shape.words + n} AS why FROM listing_topic WHERE slug = :lean{n}"
        for n in range(shape.leaning)
    )
    if shape.words + shape.leaning == 1:
        return (
            "SELECT number, CAST(fit AS BIGINT) AS fit, why "
            f"FROM ({''.join((*words, *leaning))}) found WHERE fit >= :floor"
        )
    return (
        "SELECT number, CAST(sum(fit) AS BIGINT) AS fit, CAST(sum(why) AS BIGINT) AS why "
        f"FROM ({' UNION ALL '.join((*words, *leaning))}) found GROUP BY number "
        "HAVING sum(fit) >= :floor"
    )


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
        local = f"SELECT p.number FROM listing_text_place p WHERE {BOX}"
    local = f"SELECT number, impact FROM {every} AND number IN ({local})"
    if shape.within or shape.community:
        return f"({local}) nearby"
    most = (
        f"SELECT * FROM (SELECT number, impact FROM {every} AND impact >= {STRONG} "
        f"ORDER BY stem, impact DESC, number LIMIT {CHAMPIONS}) most"
    )
    return f"({local} UNION {most}) nearby" if shape.near else f"({most}) champion"


def matching(shape: Shape) -> str:
    """Return the numbers of the same."""
    return f"SELECT matched.number FROM ({hits(shape)}) matched"
