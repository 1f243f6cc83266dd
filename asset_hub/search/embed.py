"""Our map inside other sites' pages. Nobody is signed in here, and nothing is remembered."""

from dataclasses import replace
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.core.access import public
from asset_hub.core.cookieless import cookieless
from asset_hub.core.pages import framed
from asset_hub.search import queries
from asset_hub.search.question import asking, leading, looking, saying
from asset_hub.search.views import KEPT, bp, on_map

TITLE = "Map of community groups"
SHOWN = 10  # groups under the map; a link leads to all
PLACE = ("near", "lat", "lng", "within")  # what an embedded map leaves out unless it is wanted


@bp.get("/embed/find")
@public
@cookieless
def embedded() -> ResponseReturnValue:
    """Show the map and a short list, for a frame in somebody else's page."""
    asked = replace(asking.asked(request.args), view="map", page=1)
    with db.reading() as connection:
        understood = looking.understand(connection, asked, today=clock.today())
        understood, answer = looking.answer(connection, understood)
        topics, communities = queries.topics(connection), queries.communities(connection)
        drawn = on_map(connection, understood, answer)
    said = _said(asked, understood, answer, topics, communities) | drawn
    # drawn without what every page knows of its reader: no cookie is as much as looked at
    page = current_app.jinja_env.get_template("search/embed.html").render(said)
    response = framed(page, by=current_settings().embed_on)
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    return response


@bp.get("/embed")
@public
def embed() -> ResponseReturnValue:
    """Give the code that places our map in another site."""
    asked = asking.asked(request.args)
    keep = request.args.get("place") == "yes"
    params = leading.params(asked)
    shown = {name: value for name, value in params.items() if keep or name not in PLACE}
    address = url_for("search.embedded", **shown)
    return render_template(
        "search/embedding.html",
        placed=bool(asked.near or asked.pin),
        keep=keep,
        params=shown,
        fields=_fields(params),
        address=address,
        code=code(current_settings().site_url.rstrip("/") + address),
        back_url=leading.address(asked, view="map"),
    )


def code(address: str) -> str:
    """Return what a site's own page needs to hold the map at an address."""
    allowed = "allow-scripts allow-same-origin allow-top-navigation-by-user-activation"
    return (
        f'<iframe src="{escape(address)}" title="{TITLE}" width="100%" height="700" '
        f'loading="lazy" referrerpolicy="no-referrer" sandbox="{allowed}"></iframe>'
    )


def _fields(params: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the question as hidden fields of a form."""
    listed = (
        (name, value if isinstance(value, list) else [value]) for name, value in params.items()
    )
    return [(name, str(one)) for name, values in listed for one in values]


def _said(
    asked: asking.Asked,
    understood: looking.Understood,
    answer: queries.Answer,
    topics: list[Any],
    communities: list[Any],
) -> dict[str, Any]:
    """Return what the frame says around the map."""
    names = {row.slug: row.name for row in communities}
    kinds = {topic.slug: topic.kind for topic in topics}
    community = names.get(asked.community, "")
    near = understood.question.near is not None
    found = answer.found[:SHOWN]
    return {
        "title": saying.title(asked, understood, topics, community),
        "count": saying.say_count(answer, asked, near=near, community=community),
        "results": [saying.result(each, today=clock.today(), kinds=kinds) for each in found],
        "params": leading.params(asked),
        "everything": leading.address(asked, view="list"),
    }
