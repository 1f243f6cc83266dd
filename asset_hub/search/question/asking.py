"""What a reader asked for, read from an address. Anything may be typed there; nothing raises.

The page shows `problems` beside its fields and answers what is left; the JSON answers refuse.
"""

import math
import re
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from asset_hub.search.geo import MILE, WORLD, Box, Point
from asset_hub.search.question import filters
from asset_hub.search.question.filters import NOTHING, Filters

MOST_PAGES = 5_000
MOST_TOPICS = 20
MOST_LETTERS = 1_000  # every link of a page says the question once more
FARTHEST = 12_500  # miles: half way round
DISTANCES = (1, 3, 5, 10, 20)  # miles, offered on the page
VIEWS = ("list", "map")
MOST_ZOOM = 22
WINDOW = {"bbox", "zoom"}  # what says which piece of the map
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


Arguments = MultiDict[str, str]


@dataclass(frozen=True)
class Asked:
    """A question as it was typed. `problems` says, by field, what could not be understood."""

    q: str = ""
    near: str = ""
    pin: Point | None = None
    within: float | None = None  # miles
    topics: tuple[str, ...] = ()
    about: tuple[str, ...] = ()  # topics that were tapped to say what the words mean
    every: bool = False  # also what hardly fits
    suits: tuple[str, ...] = ()  # leaves out what is not for them
    community: str = ""
    filters: Filters = NOTHING
    view: str = "list"
    page: int = 1
    area: Box | None = None  # the piece of the map it has to be in
    choosing: bool = False  # a place, with a pin on a map
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def metres(self) -> float | None:
        """Return how far it may be."""
        return None if self.within is None else self.within * MILE


def asked(arguments: Arguments) -> Asked:
    """Read a question from an address."""
    problems: dict[str, str] = {}
    view = arguments.get("view", "")
    return Asked(
        q=_line(arguments.get("q", ""))[:MOST_LETTERS].strip(),
        near=_line(arguments.get("near", ""))[:40],
        pin=_pin(arguments, problems),
        within=_within(arguments.get("within", ""), problems),
        topics=_topics(arguments.getlist("topic"), problems),
        about=_topics(arguments.getlist("about"), problems),
        every=arguments.get("all", "") == "1",
        suits=_topics(arguments.getlist("for"), problems),
        community=_slug(arguments.get("community", ""), "community", problems),
        filters=filters.read(arguments, problems),
        view=view if view in VIEWS else "list",
        page=_page(arguments.get("page", ""), problems),
        area=_area(arguments.get("area", ""), problems),
        choosing=arguments.get("pin", "") == "choose",
        problems=problems,
    )


def window(arguments: Arguments) -> tuple[Box, int, dict[str, str]]:
    """Return the piece of the map that was asked for, its zoom, and what could not be understood.

    Without a bbox it is the whole world; without a zoom, zoom 10.
    """
    problems: dict[str, str] = {}
    box, zoom = WORLD, 10
    if typed := arguments.get("bbox", "").strip():
        try:
            box = _box(typed)
        except ValueError as wrong:
            problems["bbox"] = str(wrong)
    if typed := arguments.get("zoom", "").strip():
        number = _number(typed)
        if number is None or not 0 <= number <= MOST_ZOOM:
            problems["zoom"] = f"Give zoom as a number from 0 to {MOST_ZOOM}"
        else:
            zoom = int(number)
    return box, zoom, problems


def _area(text: str, problems: dict[str, str]) -> Box | None:
    if not text.strip():
        return None
    try:
        return _box(text)
    except ValueError:
        problems["area"] = "Choose the piece of the map again"
        return None


def _box(text: str) -> Box:
    """Return the box "west,south,east,north"; raise ValueError, in words, for anything else."""
    numbers = [_number(part) for part in text.split(",")]
    found = [number for number in numbers if number is not None]
    if len(numbers) != 4 or len(found) != 4:
        raise ValueError("Give bbox as four numbers: west,south,east,north")
    west, south, east, north = found
    if south > north:
        raise ValueError("The south of bbox must be below its north")
    if south > 90 or north < -90 or max(abs(west), abs(east)) > 3600:
        raise ValueError("The bbox is not on this earth")
    return Box(west, max(-90.0, south), east, min(90.0, north))


def _line(text: str) -> str:
    """Return a text as one line that any database takes."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:10_000]).split())


def _number(text: str) -> float | None:
    """Return a finite number, or None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _pin(arguments: Arguments, problems: dict[str, str]) -> Point | None:
    typed = arguments.get("lat", "").strip(), arguments.get("lng", "").strip()
    if typed == ("", ""):
        return None
    latitude, longitude = (_number(text) for text in typed)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        problems["near"] = "Place the pin on the map again, or enter a postcode"
        return None
    return Point(latitude, longitude)


def _within(text: str, problems: dict[str, str]) -> float | None:
    if not text.strip():
        return None
    miles = _number(text)
    if miles is None or not 0 < miles <= FARTHEST:
        problems["within"] = "Choose how far to look, in miles"
        return None
    return miles


def _topics(texts: list[str], problems: dict[str, str]) -> tuple[str, ...]:
    slugs = dict.fromkeys(_slug(text, "topic", problems) for text in texts[:MOST_TOPICS])
    return tuple(slug for slug in slugs if slug)


def _slug(text: str, name: str, problems: dict[str, str]) -> str:
    slug = text.strip().lower()
    if slug and not _SLUG.fullmatch(slug):
        problems[name] = f"Choose a {name} from the list"
        return ""
    return slug


def _page(text: str, problems: dict[str, str]) -> int:
    if not text.strip():
        return 1
    number = _number(text)
    if number is None or number != int(number) or not 1 <= number <= MOST_PAGES:
        problems["page"] = f"Choose a page from 1 to {MOST_PAGES}"
        return 1
    return int(number)
