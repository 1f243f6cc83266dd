"""How far a place is from a point, as sums that any database can do. Pieces of statements."""
# ruff: noqa: S608 (every piece below is a constant of ours; all values are bound)

RADIANS = "0.00030461741978670857"  # squared, in a squared degree


def _wave(x: str) -> str:
    """Return 2 - 2cos(x), x in degrees, as a sum: no database must know trigonometry.

    The first term left out is x^12/239,500,800: less than a centimetre in these islands.
    """
    square = f"({x}) * ({x}) * {RADIANS}"
    inner = f"1 - {square} / 30 * (1 - {square} / 56 * (1 - {square} / 90))"
    return f"({square} * (1 - {square} / 12 * ({inner})))"


# How far apart two longitudes are, the shorter way round.
_APART = "abs(abs(p.longitude - :longitude) - 180) - 180"
# The squared straight line through the earth, in earth radii, to the point that is asked about …
CHORD = (
    f"({_wave('p.latitude - :latitude')} + :squeeze * (1 - {_wave('p.latitude')} * 0.5) "
    f"* {_wave(_APART)})"
)
# … and nearly the same for a quarter of the work: good enough to weigh a text's score with. It is
# never less than it is to the edge of a box (see `geo.around`) for what lies outside the box.
ROUGHLY = (
    f"((p.latitude - :latitude) * (p.latitude - :latitude) * {RADIANS} "
    "+ (p.longitude - :longitude) * (p.longitude - :longitude) * :across)"
)
BEYOND = 5.0  # farther than the other side of the earth: a listing without a place

STRIP = 12  # bits of gy: the index of places is cut into strips, 1.5 km high in these islands


def within(box: str = "box") -> list[str]:
    """Return that a place is in a box around the point: an index leads to it, strip by strip."""
    return [
        f"p.strip IN (WITH RECURSIVE strip(n) AS (SELECT CAST(:{box}_first AS INTEGER) + 0 "
        f"UNION ALL SELECT n + 1 FROM strip WHERE n < :{box}_last) SELECT n FROM strip)",
        f"p.gx BETWEEN :{box}_left AND :{box}_right",
        f"p.gy BETWEEN :{box}_top AND :{box}_bottom",
    ]


def reached(box: str = "box") -> str:
    """Return that a place is as near as the edge of the circle in a box."""
    return f"{CHORD} <= :{box}_reach"


def numbers(box: str = "box") -> str:
    """Return the numbers of the listings in a box, some of them more than once."""
    return f"SELECT p.number FROM listing_text_place p WHERE {' AND '.join(within(box))}"


def view(turns: int, of: str = "p", name: str = "") -> list[str]:
    """Return that a place is in a box, whose edges are values called by `name`."""
    spans = [f"{of}.gx BETWEEN :{name}first{n} AND :{name}last{n}" for n in range(turns)]
    rows = f"{of}.gy BETWEEN :{name}top AND :{name}bottom"
    return [rows, f"({' OR '.join(spans)})"] if turns else []
