"""The champion's own room: what to check on foot, whom to welcome, what is missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from asset_hub.communities.models import Community
from asset_hub.communities.queries import locate
from asset_hub.core import clock, db
from asset_hub.core.access import may, me, needs, reaches
from asset_hub.core.calendar import london, say_date
from asset_hub.core.powers import Can
from asset_hub.directory import queries as directory
from asset_hub.directory import service
from asset_hub.directory.models import Service, Visibility, WordGiven
from asset_hub.directory.queries import ToCheck
from asset_hub.search.geo import Point
from asset_hub.search.neighbourhood import local, register
from asset_hub.search.neighbourhood.walking import Walk, walk
from asset_hub.search.views import bp

SHOWN_GAPS = 8
UNKNOWN = "We do not know where “{}” is. Enter a postcode, like M33 7XX"


@dataclass(frozen=True)
class Stop:
    """A listing to look at: whom to ring, and where to go; never a place that is hidden."""

    group: Service
    at: Point | None
    name: str  # whom to ask for: the private contact, for those who may read it
    phone: str  # the private number, else the public one
    todo: ToCheck | None = None  # why it is on the list, and until when
    beside: tuple[str, ...] = ()  # what else of the same organisation is on the list
    in_hall: int = 0  # how many others of the list meet in the same building

    @property
    def address(self) -> list[str]:
        """Return each of its places in words, with the street where the public sees an area."""
        said = (service.say_on_the_way(place.location) for place in self.group.places)
        return list(filter(None, said))

    @property
    def confirmed(self) -> str:
        """Return the day it was last confirmed, in words; empty when it never was."""
        at = self.group.confirmed_at
        return say_date(london(at).date()) if at else ""

    @property
    def listed(self) -> str:
        """Return the day it was listed, in words."""
        at = self.group.approved_at
        return say_date(london(at).date()) if at else ""

    @property
    def dial(self) -> str:
        """Return what a telephone dials, or nothing when it is not one number."""
        digits = re.sub(r"[\s()\-.]", "", self.phone)
        return digits if re.fullmatch(r"\+?[0-9]{3,15}", digits) else ""

    @property
    def geo(self) -> str:
        """Return a link that a phone opens in a map of its own: nothing leaves this site."""
        return f"geo:{self.at.latitude:.6f},{self.at.longitude:.6f}" if self.at else ""


@bp.get("/my-patch")
@needs(Can.APPROVE_LISTING)
def patch() -> ResponseReturnValue:
    """Show a champion what to do next in one community of theirs, on a phone."""
    session, actor = db.session(), me()
    mine = directory.patches(session, actor)
    chosen = next((one for one in mine if one.slug == request.args.get("community")), None)
    chosen = chosen or (mine[0] if mine else None)
    asked = request.args.get("from", "").strip()[:20]
    return render_template(
        "search/patch.html",
        patches=mine,
        community=chosen,
        asked=asked,
        volunteers=may(Can.WELCOME_VOLUNTEER),
        mail=directory.patch_mail(session, actor.id),
        **(_of(session, chosen, asked) if chosen else {}),
    )


def _of(session: Session, community: Community, asked: str) -> dict[str, Any]:
    """Return what one community has waiting."""
    actor = me()
    waiting = directory.to_check(session, actor, community.id)
    start = locate(session, asked) if asked else None
    begins = Point(start.latitude, start.longitude) if start else None
    stops, others, path = _route(_stops(waiting), begins)
    new = directory.lately_listed(session, actor, community.id, now=clock.now())
    with db.reading() as connection:
        asks = register.read(connection, today=clock.today())
        gaps = local.missing(connection, community, asks)[:SHOWN_GAPS]
    unknown = UNKNOWN.format(asked) if asked and start is None else ""
    return {
        "stops": stops,
        "others": others,
        "path": path,
        "said": _said_today(session, community),
        "hidden": _stops(directory.hidden(session, actor, community.id)),
        "untried": sum(not row.tries for row in waiting),
        "new": [_stop(group, *_contact(group)) for group in new],
        "gaps": gaps,
        "form": {"errors": {"from": unknown} if unknown else {}},
    }


def _said_today(session: Session, community: Community) -> list[WordGiven]:
    """Return the reader's own words of today about what is listed here: each can be taken back."""
    words = directory.words_given(session, me().id, now=clock.now())
    return [word for word in words if word.service.community_id == community.id]


def _stops(rows: Sequence[ToCheck]) -> list[Stop]:
    """Return what is to check, each with what else the same people and its building have there."""
    halls = directory.beside_on_list(db.session(), [row.service for row in rows])
    named: dict[UUID, list[Service]] = {}
    for row in rows:
        named.setdefault(row.service.organization_id, []).append(row.service)
    return [
        _stop(
            row.service,
            row.private_name,
            row.private_phone or row.phone,
            row,
            tuple(one.name for one in named[row.service.organization_id] if one is not row.service),
            halls.get(row.service.id, 0),
        )
        for row in rows
    ]


def _contact(group: Service) -> tuple[str, str]:
    """Return whom to ask for and their number, as far as whoever looks may know it."""
    if reaches(me(), group, Can.READ_PRIVATE_CONTACT):
        for one in group.contacts:
            if one.phone or one.name:
                return one.name, one.phone or group.phone
    return "", group.phone


def _stop(
    group: Service, name: str, phone: str, todo: ToCheck | None = None,
    beside: tuple[str, ...] = (), in_hall: int = 0,
) -> Stop:  # fmt: skip
    places = [place.location for place in group.places]
    known = [
        one
        for one in places
        if one.latitude is not None
        and one.longitude is not None
        and one.visibility is not Visibility.HIDDEN
    ]
    at = Point(known[0].latitude or 0.0, known[0].longitude or 0.0) if known else None
    return Stop(group, at, name, phone, todo, beside, in_hall)


def _route(stops: Sequence[Stop], start: Point | None) -> tuple[list[Stop], list[Stop], Walk]:
    """Return the stops in the order of a short walk, those without a place, and the walk."""
    placed = [stop for stop in stops if stop.at]
    path = walk([stop.at for stop in placed if stop.at], start)
    ordered = [placed[number] for number in path.order]
    return ordered, [stop for stop in stops if not stop.at], path
