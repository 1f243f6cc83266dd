"""A poster about one topic in one community: who meets, when and where, and how to find more."""

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from asset_hub.config import current_settings
from asset_hub.core import db, qr
from asset_hub.core.access import public
from asset_hub.core.errors import Missing
from asset_hub.search import queries
from asset_hub.search.neighbourhood import local
from asset_hub.search.views import bp

SHOWN = 8  # groups that can be read from a step away


@bp.get("/topics/<string:slug>/poster")
@public
def topic_poster(slug: str) -> ResponseReturnValue:
    """Show a topic's groups in few large words, with a code for the search, to hang up."""
    with db.reading() as connection:
        term = queries.meant(connection, (slug,)).get(slug)
        if term is None:
            raise Missing
        place = request.args.get("community", "")
        community = local.about(connection, place).community if place else None
        groups = of_topic(connection, community.id if community else None, (term.slug, slug))
    asked = {"topic": term.slug, "community": community.slug if community else None}
    return render_template(
        "search/topic_poster.html",
        topic=term,
        community=community,
        groups=groups[:SHOWN],
        more=len(groups) > SHOWN,
        code=qr.code(current_settings().site_url + url_for(".find", **asked)),
        search=url_for(".find", **asked),
    )


def of_topic(
    connection: Connection, community_id: UUID | None, slugs: tuple[str, str]
) -> list[Any]:
    """Return published groups about a topic, the surest first, then by name."""
    listing = local.LISTING.c
    wanted = select(listing.name, listing.card)
    if community_id is not None:
        wanted = wanted.where(listing.community_id == community_id)
    about = [listing.topic_slugs.contains(f"|{slug}|", autoescape=True) for slug in slugs]
    ordered = wanted.where(about[0] | about[1]).order_by(listing.stage, listing.name)
    return list(connection.execute(ordered.limit(SHOWN + 1)))
