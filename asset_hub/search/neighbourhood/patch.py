"""The champion's own room: what to check on foot, whom to welcome, what is missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from asset_hub.communities.models import Community
from asset_hub.communities.queries import locate
from asset_hub.core import clock, db
from asset_hub.core.access import load, may, me, needs
from asset_hub.core.calendar import london, say_date
from asset_hub.core.powers import Can
from asset_hub.directory import queries as directory
from asset_hub.directory import service
from asset_hub.directory.models import Service, Visibility
from asset_hub.search.geo import Point
from asset_hub.search.neighbourhood import local
from asset_hub.search.neighbourhood.walking import Walk, walk
from asset_hub.search.views import bp

SHOWN_GAPS = 8
UNKNOWN = "We do not know where “{}” is. Enter a postcode, like M33 7XX"


@dataclass(frozen=True)
class Stop:
    """A listing to look at: whom to ring, and where to go; never a place that is hidden."""

    group: Service
    at: Point | None

    @property
    def address(self) -> list[str]:
        """Return each of its places in words, with the street where the public sees an area."""
        found = []
        for place in self.group.places:
            spot = place.location
            if spot.visibility is Visibility.HIDDEN:
                continue
            parts = (spot.name, spot.address_1, spot.city, spot.postal_code)
            found.append(", ".join(dict.fromkeys(filter(None, parts))))
        return list(filter(None, found))

    @property
    def contact(self) -> tuple[str, str]:
        """Return who to ask for and their number: the private one, else the public one."""
        for one in self.group.contacts:
            if one.phone or one.name:
                return one.name, one.phone or self.group.phone
        return "", self.group.phone

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
        digits = re.sub(r"[\s()\-.]", "", self.contact[1])
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
        **(_of(session, chosen, asked) if chosen else {}),
    )


def _of(session: Session, community: Community, asked: str) -> dict[str, Any]:
    """Return what one community has waiting."""
    actor = me()
    groups = directory.to_visit(session, actor, community.id)
    start = locate(session, asked) if asked else None
    begins = Point(start.latitude, start.longitude) if start else None
    stops, others, path = _route([_stop(group) for group in groups], begins)
    new = directory.lately_listed(session, actor, community.id, now=clock.now())
    with db.reading() as connection:
        gaps = local.missing(connection, community)[:SHOWN_GAPS]
    unknown = UNKNOWN.format(asked) if asked and start is None else ""
    return {
        "stops": stops,
        "others": others,
        "path": path,
        "new": [_stop(group) for group in new],
        "gaps": gaps,
        "form": {"errors": {"from": unknown} if unknown else {}},
    }


def _stop(group: Service) -> Stop:
    places = [place.location for place in group.places]
    known = [
        one
        for one in places
        if one.latitude is not None
        and one.longitude is not None
        and one.visibility is not Visibility.HIDDEN
    ]
    at = Point(known[0].latitude or 0.0, known[0].longitude or 0.0) if known else None
    return Stop(group, at)


def _route(stops: Sequence[Stop], start: Point | None) -> tuple[list[Stop], list[Stop], Walk]:
    """Return the stops in the order of a short walk, those without a place, and the walk."""
    placed = [stop for stop in stops if stop.at]
    path = walk([stop.at for stop in placed if stop.at], start)
    ordered = [placed[number] for number in path.order]
    return ordered, [stop for stop in stops if not stop.at], path


@bp.post("/my-patch/<uuid:service_id>/visited")
@needs(Can.APPROVE_LISTING)
def visited(service_id: UUID) -> ResponseReturnValue:
    """Note that somebody was there and it is right."""
    group = load(Service, service_id)
    with db.transaction() as session:
        done = service.visited(session, group, by=me(), now=clock.now())
    flash(f"Thank you. {group.name} is confirmed today." if done else "It is not listed now.")
    back = {name: request.form.get(name, "") for name in ("community", "from")}
    given: Any = {name: value for name, value in back.items() if value}
    return redirect(url_for(".patch", **given))
