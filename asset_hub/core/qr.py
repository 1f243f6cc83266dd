"""A code to point a phone at, as one path of an SVG: no picture file, no inline style."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

QUIET = 4  # cells of nothing around it, or phones do not see it (ISO/IEC 18004 §9.1)


@dataclass(frozen=True)
class Code:
    """The address a code says, how many cells it is wide, and the path of its dark cells."""

    address: str
    width: int
    path: str


@lru_cache(maxsize=512)
def code(address: str) -> Code:
    """Return the code of an address, readable with a seventh of it torn or stained."""
    return secret_code(address)


def secret_code(address: str) -> Code:
    """Return the code of a secret: the same, but nothing remembers it."""
    import segno  # only pages for paper need it

    matrix = segno.make(address, error="m", micro=False).matrix
    path = []
    for y, row in enumerate(matrix, QUIET):
        x = QUIET
        for dark, cells in groupby(row, bool):
            length = len(list(cells))
            if dark:
                path.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return Code(address, len(matrix) + 2 * QUIET, "".join(path))
