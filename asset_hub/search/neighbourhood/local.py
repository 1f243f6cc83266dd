"""Questions about one community and what is published there. A plain connection in, rows out.

Of the tables that hold private things only public columns are read: kind, dates, phone and the
like of a listed service, and the names of champions who agreed to be named.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select
from sqlmodel import SQLModel

from asset_hub.accounts.models import ShownAs
from asset_hub.communities.models import Community
from asset_hub.core.errors import Missing
from asset_hub.core.powers import Role
from asset_hub.search.geo import MILE, Box, Point, around, columns, rows
from asset_hub.search.neighbourhood import gaps
from asset_hub.search.neighbourhood.picture import Spot
from asset_hub.search.neighbourhood.register import Register

_TABLES = SQLModel.metadata.tables
COMMUNITY, LOCALITY, BOROUGH = (_TABLES[n] for n in ("community", "locality", "borough"))
LISTING, PLACE, SERVICE = (_TABLES[n] for n in ("listing", "listing_place", "service"))
SCHEDULE = _TABLES["schedule"]
TERM, ABOUT = _TABLES["taxonomy_term"], _TABLES["service_term"]
GRANT, ACCOUNT = _TABLES["role_grant"], _TABLES["account"]
PRACTICE, LOOKED_AFTER = _TABLES["practice"], _TABLES["practice_community"]

NEWS = 3  # of each kind
NEWS_SINCE = timedelta(days=60)
MOST = 2_000  # listings, places or schedules that one page looks through
REACH = 2 * MILE  # how far around a community something still counts as near
ORDER = ("need", "interest", "audience", "access")  # of the kinds of topics


@dataclass(frozen=True)
class About:
    """A community as its page tells it, and what it lies in."""

    community: Community
    locality: str
    borough: str

    @property
    def lies_in(self) -> str:
        """Return the locality and the borough, in words."""
        return ", ".join(filter(None, [self.locality, self.borough]))


def about(connection: Connection, slug: str) -> About:
    """Return the community of an address; raise Missing when there is none."""
    if "\x00" in slug:
        raise Missing
    places = COMMUNITY.outerjoin(LOCALITY, LOCALITY.c.id == COMMUNITY.c.locality_id).outerjoin(
        BOROUGH, BOROUGH.c.id == LOCALITY.c.borough_id
    )
    wanted = select(
        *COMMUNITY.c, LOCALITY.c.name.label("in_locality"), BOROUGH.c.name.label("in_borough")
    )
    row = connection.execute(wanted.select_from(places).where(COMMUNITY.c.slug == slug)).first()
    if row is None:
        raise Missing
    values = row._asdict()
    locality, borough = values.pop("in_locality"), values.pop("in_borough")
    return About(Community(**values), locality or "", borough or "")


def practices(connection: Connection, community_id: UUID) -> list[str]:
    """Return the names of the practices that look after a community."""
    both = PRACTICE.join(LOOKED_AFTER, LOOKED_AFTER.c.practice_id == PRACTICE.c.id)
    wanted = select(PRACTICE.c.name).select_from(both).order_by(PRACTICE.c.name)
    return list(
        connection.execute(wanted.where(LOOKED_AFTER.c.community_id == community_id)).scalars()
    )


def champions(connection: Connection, community_id: UUID) -> list[str]:
    """Return the champions who agreed to be named, as much of their names as they chose."""
    both = GRANT.join(ACCOUNT, ACCOUNT.c.id == GRANT.c.account_id)
    wanted = (
        select(ACCOUNT.c.name, GRANT.c.shown)
        .select_from(both)
        .where(
            GRANT.c.community_id == community_id,
            GRANT.c.role == Role.CHAMPION,
            GRANT.c.ended_at.is_(None),
            GRANT.c.shown != ShownAs.NOBODY,
            ACCOUNT.c.disabled_at.is_(None),
            ACCOUNT.c.confirmed_at.is_not(None),
        )
    )
    named = (
        name if shown is ShownAs.WHOLE_NAME else name.split(maxsplit=1)[0]
        for name, shown in connection.execute(wanted)
    )
    return sorted(named)


def kinds(connection: Connection, community_id: UUID) -> dict[str, int]:
    """Return how many published groups of each kind a community has."""
    wanted = (
        select(SERVICE.c.kind, func.count())
        .select_from(LISTING.join(SERVICE, SERVICE.c.id == LISTING.c.service_id))
        .where(LISTING.c.community_id == community_id)
        .group_by(SERVICE.c.kind)
    )
    return {kind.value: count for kind, count in connection.execute(wanted)}


def topics(connection: Connection, community_id: UUID) -> list[Any]:
    """Return (slug, name, kind, count) of the topics published groups have, the fullest first."""
    joined = LISTING.join(ABOUT, ABOUT.c.service_id == LISTING.c.service_id).join(
        TERM, TERM.c.id == ABOUT.c.term_id
    )
    count = func.count().label("count")
    wanted = (
        select(TERM.c.slug, TERM.c.name, TERM.c.kind, count)
        .select_from(joined)
        .where(LISTING.c.community_id == community_id)
        .group_by(TERM.c.slug, TERM.c.name, TERM.c.kind)
        .order_by(count.desc(), TERM.c.name)
    )
    return list(connection.execute(wanted))


def newest(connection: Connection, community_id: UUID, column: str, *, now: datetime) -> list[Any]:
    """Return the cards last approved (or confirmed: `column` says which), within sixty days."""
    at = SERVICE.c[column]
    wanted = (
        select(LISTING.c.service_id, LISTING.c.card, at.label("at"))
        .select_from(LISTING.join(SERVICE, SERVICE.c.id == LISTING.c.service_id))
        .where(LISTING.c.community_id == community_id, at > now - NEWS_SINCE)
        .order_by(at.desc(), LISTING.c.name)
        .limit(2 * NEWS)
    )
    return list(connection.execute(wanted))


def spots(connection: Connection, community_id: UUID) -> list[Spot]:
    """Return where everybody may know that groups of a community meet."""
    wanted = (
        select(PLACE.c.service_id, PLACE.c.latitude, PLACE.c.longitude, PLACE.c.area)
        .select_from(PLACE.join(LISTING, LISTING.c.service_id == PLACE.c.service_id))
        .where(LISTING.c.community_id == community_id)
        .order_by(PLACE.c.gy, PLACE.c.gx, PLACE.c.id)
        .limit(MOST)
    )
    return [Spot(*row) for row in connection.execute(wanted)]


def entries(connection: Connection, community_id: UUID) -> list[Any]:
    """Return what the booklet says of each published group, by name."""
    wanted = (
        select(
            LISTING.c.service_id, LISTING.c.name, LISTING.c.summary, LISTING.c.topic_slugs,
            LISTING.c.card, SERVICE.c.access, SERVICE.c.how_to_join, SERVICE.c.phone,
            SERVICE.c.email, SERVICE.c.eligibility,
        )
        .select_from(LISTING.join(SERVICE, SERVICE.c.id == LISTING.c.service_id))
        .where(LISTING.c.community_id == community_id)
        .order_by(func.lower(LISTING.c.name), LISTING.c.service_id)
        .limit(MOST)
    )  # fmt: skip
    return list(connection.execute(wanted))


def missing(
    connection: Connection, community: Community, asks: Register, *, least: int = 1
) -> list[gaps.Gap]:
    """Return what a community does not have, within two miles of it (see `gaps`).

    What was asked for in vain around there comes first, when it was so at `least` so many times.
    """
    heard = asks.around(community.slug, _around(community))
    asked = {slug: times for slug, times in heard.items() if times >= least}
    offers: dict[UUID, gaps.Offer] = {}
    near = _near(community)
    both = LISTING.outerjoin(SCHEDULE, SCHEDULE.c.service_id == LISTING.c.service_id)
    wanted = (
        select(LISTING.c.service_id, LISTING.c.topic_slugs, SCHEDULE.c.byday, SCHEDULE.c.opens_at)
        .select_from(both)
        .where(near)
        .order_by(LISTING.c.number)
        .limit(2 * MOST)
    )
    for key, slugs, byday, opens_at in connection.execute(wanted):
        topics = frozenset(filter(None, slugs.split("|")))
        offers.setdefault(key, gaps.Offer(topics)).slots.update(gaps.slots(byday or "", opens_at))
    in_use = select(TERM.c.slug, TERM.c.name, TERM.c.kind).where(
        TERM.c.kind.in_(("need", "audience")), TERM.c.retired_at.is_(None)
    )
    known = [gaps.Topic(slug, name, kind.value) for slug, name, kind in connection.execute(in_use)]
    return gaps.gaps(list(offers.values()), known, asked=asked)


def _near(community: Community) -> Any:
    """Return the condition for listings of a community, or placed within two miles of it."""
    own = LISTING.c.community_id == community.id
    box = _around(community)
    if box is None:
        return own
    left, right = columns(box)[0]
    top, bottom = rows(box)
    inside = and_(PLACE.c.gx.between(left, right), PLACE.c.gy.between(top, bottom))
    return or_(own, LISTING.c.service_id.in_(select(PLACE.c.service_id).where(inside)))


def _around(community: Community) -> Box | None:
    """Return the box two miles around a community's boundary, or around its middle."""
    if community.west is not None and community.south is not None:
        first = around(Point(community.south, community.west), REACH)
        last = around(Point(community.north or 0.0, community.east or 0.0), REACH)
        return Box(first.west, first.south, last.east, last.north)
    if community.latitude is None or community.longitude is None:
        return None
    return around(Point(community.latitude, community.longitude), REACH)


def of_topic(
    connection: Connection, community_id: UUID | None, slugs: tuple[str, str], *, most: int
) -> list[Any]:
    """Return published groups about a topic, the surest first, then by name."""
    listing = LISTING.c
    wanted = select(listing.name, listing.card)
    if community_id is not None:
        wanted = wanted.where(listing.community_id == community_id)
    about = [listing.topic_slugs.contains(f"|{slug}|", autoescape=True) for slug in slugs]
    ordered = wanted.where(about[0] | about[1]).order_by(listing.stage, listing.name)
    return list(connection.execute(ordered.limit(most)))
