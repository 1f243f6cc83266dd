"""A community's own page, and what is printed of it. Everyone may look; nothing private is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlmodel import Session

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.config import current_settings
from asset_hub.core import clock, db, qr
from asset_hub.core.access import public
from asset_hub.directory import queries as directory
from asset_hub.search.neighbourhood import local, picture, register
from asset_hub.search.neighbourhood.gaps import FEW, Gap
from asset_hub.search.question import saying
from asset_hub.search.views import bp

SHOWN_TOPICS, SHOWN_GAPS = 12, 5
MOST_A_DAY = 40  # things that are on; nobody reads more, and there is a link to everything
WIDE = (800, 520)  # units of a picture's own box
# On A3 across a map leaves room for a list beside it, or, where that is long, fills a sheet itself.
BESIDE, ALONE, MOST_BESIDE = (860, 800), (1300, 800), 48
PLURALS = {
    "group": ("group", "groups"),
    "activity": ("activity", "activities"),
    "place": ("place to be", "places to be"),
    "advice": ("source of advice or help", "sources of advice or help"),
    "gift": ("person’s skill", "people’s skills"),
    "exchange": ("swap or share", "swaps and shares"),
}
MORE = "More"  # what a booklet calls groups without a topic


@bp.get("/communities/<string:slug>")
@public
def community(slug: str) -> ResponseReturnValue:
    """Show who a community is, what it has, and what it would love to have."""
    with db.reading() as connection:
        about = local.about(connection, slug)
        key = about.community.id
        spots = local.spots(connection, key)
        page = _life(connection, about)
    return render_template(
        "search/community.html",
        about=about,
        community=about.community,
        headings=saying.HEADINGS,
        shown=SHOWN_TOPICS,
        most_a_day=MOST_A_DAY,
        picture=_picture(about, spots, WIDE, numbered=False),
        canonical=_address(slug),
        opening=communities.openings([about.community])[key],
        **page,
    )


def _life(connection: Connection, about: local.About) -> dict[str, Any]:
    """Return what there is in a community, what is on and new there, and what is missing."""
    today, now, key = clock.today(), clock.now(), about.community.id
    with Session(connection) as session:
        days = directory.whats_on(session, community_id=key, start=today)
    listed = local.newest(connection, key, "approved_at", now=now)
    return {
        "days": [day for day in days if day.events],
        "practices": local.practices(connection, key),
        "champions": local.champions(connection, key),
        "kinds": _kinds(local.kinds(connection, key)),
        "topics": local.topics(connection, key),
        "listed": listed[: local.NEWS],
        "confirmed": _others(local.newest(connection, key, "confirmed_at", now=now), listed),
        "gaps": _openly(connection, about.community, today),
    }


def _openly(connection: Connection, community: Community, today: date) -> list[Gap]:
    """Return the few things a community asks its readers for; few asks are nobody's to guess at."""
    asks = register.read(connection, today=today)
    missing = local.missing(connection, community, asks, least=FEW)
    return [gap for gap in missing if gap.openly][:SHOWN_GAPS]


def _kinds(counts: dict[str, int]) -> list[str]:
    """Return how many there are of each kind, in words."""
    words = [(counts.get(kind, 0), one, many) for kind, (one, many) in PLURALS.items()]
    return [f"{count:,} {one if count == 1 else many}" for count, one, many in words if count]


def _others(rows: list[Any], already: list[Any]) -> list[Any]:
    shown = {row.service_id for row in already[: local.NEWS]}
    return [row for row in rows if row.service_id not in shown][: local.NEWS]


def _picture(
    about: local.About, spots: Sequence[picture.Spot], size: tuple[int, int], *, numbered: bool
) -> picture.Picture | None:
    width, height = size
    return picture.draw(
        about.community.boundary, spots, width=width, height=height, numbered=numbered
    )


Read = Callable[[Connection, local.About], dict[str, Any]]


def _printed(template: str, slug: str, read: Read) -> ResponseReturnValue:
    """Show something about a community to print: what is read of it, and a code for a phone."""
    with db.reading() as connection:
        about = local.about(connection, slug)
        page = read(connection, about)
    return render_template(
        template, about=about, community=about.community, code=_code(slug), **page
    )


@bp.get("/communities/<string:slug>/poster")
@public
def poster(slug: str) -> ResponseReturnValue:
    """Show a community in few large words, with a code for a phone, to print and hang up."""

    def read(connection: Connection, about: local.About) -> dict[str, Any]:
        topics = local.topics(connection, about.community.id)
        told = [topic for topic in topics if topic.kind.value in local.ORDER[:2]]
        counts = local.kinds(connection, about.community.id)
        return {"kinds": _kinds(counts), "topics": told[:SHOWN_TOPICS]}

    return _printed("search/poster.html", slug, read)


def _code(slug: str) -> qr.Code:
    return qr.code(_address(slug))


def _address(slug: str) -> str:
    return current_settings().site_url + url_for("search.community", slug=slug)


@dataclass(frozen=True)
class Chapter:
    """The groups of a booklet under one topic."""

    name: str
    entries: list[Any]


@bp.get("/communities/<string:slug>/booklet")
@public
def booklet(slug: str) -> ResponseReturnValue:
    """Show every group of a community on one long page that prints as a booklet."""

    def read(connection: Connection, about: local.About) -> dict[str, Any]:
        entries = local.entries(connection, about.community.id)
        topics = local.topics(connection, about.community.id)
        return {"chapters": _chapters(entries, topics), "count": len(entries)}

    return _printed("search/booklet.html", slug, read)


def _chapters(entries: list[Any], topics: list[Any]) -> list[Chapter]:
    """Return each group once, under its first need, else its first interest, else at the end.

    Topics come in the order they are asked, needs before interests, the fullest first.
    """
    first = [topic for kind in local.ORDER[:2] for topic in topics if topic.kind.value == kind]
    found: dict[str, list[Any]] = {topic.name: [] for topic in first} | {MORE: []}
    for entry in entries:
        mine = set(entry.topic_slugs.split("|"))
        name = next((topic.name for topic in first if topic.slug in mine), MORE)
        found[name].append(entry)
    return [Chapter(name, some) for name, some in found.items() if some]


@bp.get("/communities/<string:slug>/map-to-print")
@public
def map_to_print(slug: str) -> ResponseReturnValue:
    """Show a map of a community with numbers, and what each stands for, for a wall."""

    def read(connection: Connection, about: local.About) -> dict[str, Any]:
        entries = local.entries(connection, about.community.id)
        spots = local.spots(connection, about.community.id)
        beside = len(entries) <= MOST_BESIDE
        drawn = _picture(about, spots, BESIDE if beside else ALONE, numbered=True)
        numbers = drawn.numbers if drawn else {}
        return {
            "beside": beside,
            "picture": drawn,
            "placed": sorted(
                (numbers[e.service_id], e) for e in entries if e.service_id in numbers
            ),
            "others": [entry for entry in entries if entry.service_id not in numbers],
        }

    return _printed("search/map_to_print.html", slug, read)
