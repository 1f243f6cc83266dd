"""A poster about one topic in one community: who meets, when and where, and how to find more."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

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
        key = community.id if community else None
        groups = local.of_topic(connection, key, (term.slug, slug), most=SHOWN + 1)
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
