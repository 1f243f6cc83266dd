"""From what was typed to a question: where a postcode is, and what to say when nobody knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from asset_hub.communities.queries import Place, locate
from asset_hub.search import queries
from asset_hub.search.geo import MILE, Box, Point, around, distance
from asset_hub.search.queries import words
from asset_hub.search.queries.towns import town
from asset_hub.search.question import understanding
from asset_hub.search.question.asking import Asked

UNKNOWN = (
    "We do not know where “{}” is. Enter a postcode, like M33 7XX, a town or a community, "
    "or choose the place on a map"
)
FAR_MILES = 50  # from here on a place has none of our communities around it
ISLANDS = Box(-8.2, 49.8, 1.9, 59.0)
CLOSEST = 800.0  # metres around a point that a map shows at least
FITS = 0.48  # of a perfect fit: a best that comes to less is not what was meant …
FEW = 3  # … then so many are offered as the nearest to it
SQUARE = 85.0  # degrees; a map in Web Mercator ends here


@dataclass(frozen=True)
class Understood:
    """A question that can be answered; `problem` says why the postcode is not part of it."""

    question: queries.Question
    place: Place | None = None
    problem: str = ""
    community: bool = False  # the place is a community or a town's name: measured from its middle
    is_far: bool = False  # none of our communities is anywhere near
    meant: Mapping[str, Any] = field(default_factory=dict)  # the topics asked for, by slug
    heard: understanding.Heard = field(default_factory=understanding.Heard)
    every: bool = False  # also what hardly fits is wanted
    is_poor: bool = False  # even the best fits little: these are the nearest few
    is_cut: bool = False  # … and there are more that fit still less

    @property
    def is_urgent(self) -> bool:
        """Return whether somebody who asks this may be in danger."""
        return any(topic.urgent for topic in self.meant.values())


def understand(
    connection: Connection,
    asked: Asked,
    *,
    today: date,
    homes: Sequence[queries.Home] | None = None,
) -> Understood:
    """Find where the question is asked from: its postcode or community, else its pin.

    Whether that is far from us is only known when our communities are given (`homes`).
    """
    place = locate(connection, asked.near) if asked.near else None
    named = None
    if asked.near and place is None:
        named = _named(asked.near, homes if homes is not None else queries.homes(connection))
        named = named or town(connection, asked.near)
    place = place or named
    point = Point(place.latitude, place.longitude) if place else asked.pin
    meant = queries.meant(connection, (*asked.topics, *asked.suits, *asked.about))
    heard = understanding.hear(connection, asked.q, (_now(slug, meant) for slug in asked.about))
    about, also = _sorted_out(asked.topics, meant)
    question = queries.Question(
        asked.q, point, asked.metres, about, asked.community, asked.page, also,
        tuple(dict.fromkeys(one for slug in asked.suits for one in (_now(slug, meant), slug))),
        words=heard.words, leaning=heard.leaning,
        said_age=heard.age if asked.filters.age is None else None,
        area=asked.area,
        facets=asked.filters.sets, age=asked.filters.age, room=asked.filters.needs_room,
        today=today, on=asked.filters.on, hours=asked.filters.hours,
    )  # fmt: skip
    question = queries.weighed(connection, question, heard.census)
    unknown = asked.near and point is None
    problem = UNKNOWN.format(asked.near) if unknown else ""
    is_far = point is not None and _is_far(point, homes or ())
    every = asked.every or bool(asked.about)
    return Understood(question, place, problem, named is not None, is_far, meant, heard, every)


def answer(connection: Connection, understood: Understood) -> tuple[Understood, queries.Answer]:
    """Answer a question; when even the best fits little, only the few that are nearest to it."""
    question, least = understood.question, 0.0 if understood.every else FITS
    found = queries.find(connection, question, least=least, few=FEW)
    if found.fitting >= least or not found.total:
        return understood, found
    less = replace(question, floor=max(question.floor, found.floor))
    poor = replace(understood, question=less, is_poor=True, is_cut=found.left_out > 0)
    return poor, found


def settled(connection: Connection, understood: Understood) -> Understood:
    """Return the question as its list answers it: with what hardly fits left out."""
    if understood.every:
        return understood
    question = queries.settled(connection, understood.question, least=FITS, few=FEW)
    return replace(understood, question=question)


def area(asked: Asked, understood: Understood, communities: Mapping[str, str]) -> str:
    """Return roughly where somebody asked from: a community of ours, the district of a postcode.

    `communities` has the name of each by its slug. Nothing that anybody can make up is an area.
    """
    if asked.community:
        return asked.community if asked.community in communities else ""
    if understood.place is None:
        return ""
    if understood.community:
        named = (slug for slug, name in communities.items() if name == understood.place.code)
        return next(named, "")
    return understood.place.code.split(" ")[0]


def _now(slug: str, meant: Mapping[str, Any]) -> str:
    return str(meant[slug].slug) if slug in meant else slug


def _sorted_out(
    slugs: Iterable[str], meant: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return topics of which one is enough, and sets of which one each has to be there.

    It helps with this or that, for these or those people, and has every way in that was asked.
    """
    kinds: dict[str, list[str]] = {}
    for slug in slugs:
        now, kind = _now(slug, meant), meant[slug].kind if slug in meant else ""
        name = {"audience": "audience", "access": f"access {now}"}.get(kind, "about")
        kinds.setdefault(name, []).extend((now, slug))  # a copy not yet renewed has the old one
    about = tuple(dict.fromkeys(kinds.pop("about", ())))
    return about, tuple(tuple(dict.fromkeys(some)) for some in kinds.values())


def _named(near: str, homes: Sequence[queries.Home]) -> Place | None:
    """Return the middle of the community that goes by a name."""
    wanted = words.words(near)
    for home in homes:
        if wanted and words.words(home.name) == wanted:
            return Place(home.name, home.centre.latitude, home.centre.longitude, exact=True)
    return None


def _is_far(point: Point, homes: Sequence[queries.Home]) -> bool:
    """Return whether every community begins farther away than FAR_MILES."""
    nearest = (
        Point(
            min(max(point.latitude, home.box.south), home.box.north),
            min(max(point.longitude, home.box.west), home.box.east),
        )
        for home in homes
    )
    return bool(homes) and min(distance(point, edge) for edge in nearest) > FAR_MILES * MILE


def extent(connection: Connection) -> list[list[float]]:
    """Return the corners a map without a question opens on: around all our communities."""
    box = _ours(connection)
    return [[box.south, box.west], [box.north, box.east]]


def _ours(connection: Connection) -> Box:
    """Return the box around all our communities; around these islands when there are none."""
    box: Box | None = None
    for home in queries.homes(connection):
        box = _joined(home.box, box)
    return box or ISLANDS


def view_of(
    connection: Connection, question: queries.Question, answer: queries.Answer
) -> list[list[float]]:
    """Return the corners a map opens on: around the point asked about, else around every match."""
    matches = queries.bounds(connection, question)
    if question.area:
        box = question.area
    elif question.near and question.within:
        box = _joined(around(question.near, CLOSEST), matches)
    elif question.near:
        farthest = max((found.metres or 0 for found in answer.found), default=0)
        box = _joined(
            around(question.near, CLOSEST), _shared(around(question.near, farthest), matches)
        )
    else:
        box = matches or _ours(connection)
    south, north = max(-SQUARE, box.south), min(SQUARE, box.north)
    return [[south, box.west], [north, box.east]]


def _shared(one: Box, other: Box | None) -> Box | None:
    """Return the box that is in both, or None when none is."""
    if other is None:
        return None
    west, south = max(one.west, other.west), max(one.south, other.south)
    east, north = min(one.east, other.east), min(one.north, other.north)
    return Box(west, south, east, north) if west <= east and south <= north else None


def _joined(one: Box, other: Box | None) -> Box:
    """Return the box that holds both."""
    if other is None:
        return one
    return Box(
        min(one.west, other.west), min(one.south, other.south),
        max(one.east, other.east), max(one.north, other.north),
    )  # fmt: skip
