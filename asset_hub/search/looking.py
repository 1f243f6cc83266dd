"""From what was typed to a question: where a postcode is, and what to say when nobody knows."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlmodel import Session

from asset_hub.communities.queries import Place, locate
from asset_hub.search import queries
from asset_hub.search.asking import Asked
from asset_hub.search.geo import Box, Point, around

UNKNOWN = (
    "We do not know where “{}” is. Enter a postcode, like M33 7XX, or choose the place on a map"
)
ISLANDS = Box(-8.2, 49.8, 1.9, 59.0)
CLOSEST = 800.0  # metres around a point that a map shows at least
SQUARE = 85.0  # degrees; a map in Web Mercator ends here


@dataclass(frozen=True)
class Understood:
    """A question that can be answered; `problem` says why the postcode is not part of it."""

    question: queries.Question
    place: Place | None = None
    problem: str = ""


def understand(connection: Connection, asked: Asked) -> Understood:
    """Find where the question is asked from: its postcode, else its pin."""
    place = None
    if asked.near:
        with Session(connection) as session:
            place = locate(session, asked.near)
    point = Point(place.latitude, place.longitude) if place else asked.pin
    question = queries.Question(
        asked.q, point, asked.metres, asked.topics, asked.community, asked.page
    )
    unknown = asked.near and point is None
    return Understood(question, place, UNKNOWN.format(asked.near) if unknown else "")


def view_of(
    connection: Connection, question: queries.Question, answer: queries.Answer
) -> list[list[float]]:
    """Return the corners a map opens on: around the point asked about, else around every match."""
    matches = queries.bounds(connection, question)
    if question.near and question.within:
        box = _joined(around(question.near, CLOSEST), matches)
    elif question.near:
        farthest = max((found.metres or 0 for found in answer.found), default=0)
        box = around(question.near, max(farthest, CLOSEST))
    else:
        box = matches or ISLANDS
    south, north = max(-SQUARE, box.south), min(SQUARE, box.north)
    return [[south, box.west], [north, box.east]]


def _joined(one: Box, other: Box | None) -> Box:
    """Return the box that holds both."""
    if other is None:
        return one
    return Box(
        min(one.west, other.west), min(one.south, other.south),
        max(one.east, other.east), max(one.north, other.north),
    )  # fmt: skip
