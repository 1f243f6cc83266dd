"""The pages and the answers of finding. Everyone may ask; no answer depends on who asks."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.core.access import public
from asset_hub.core.cookieless import cookieless
from asset_hub.core.hatches import Arguments, Handed, hatch, refused
from asset_hub.core.pages import asset
from asset_hub.search import feeds, queries, service
from asset_hub.search.ground import ground
from asset_hub.search.queries import everything, towns, words
from asset_hub.search.queries.finding import PAGE
from asset_hub.search.queries.spots import spots
from asset_hub.search.question import asking, asking_back, leading, looking, narrowing, saying

bp = Blueprint("search", __name__)
KEPT = 60  # seconds that anybody may keep an answer


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """Open the door: ask, tap a topic, or list a group."""
    with db.reading() as connection:
        topics, communities = queries.topics(connection), queries.communities(connection)
    asked = asking.Asked()
    return render_template(
        "search/home.html",
        asked=asked,
        topics=topics,
        themed=saying.themed,
        communities=communities,
        distances=saying.distances(asked),
        leading=leading,
    )


@bp.get("/find")
@public
def find() -> ResponseReturnValue:
    """Show the results as a list, or as a map and the same list."""
    asked = asking.asked(request.args)
    with db.reading() as connection:
        communities = queries.communities(connection)
        homes = queries.placed(communities)
        understood = looking.understand(connection, asked, today=clock.today(), homes=homes)
        understood, answer = looking.answer(connection, understood)
        topics, excluded = queries.topics(connection), queries.excluded(connection)
        counts = narrowing.counted(connection, asked, understood, answer, topics, communities)
        spoken = asking_back.spoken(connection, asked, understood, answer)
        if asked.view == "map":
            map_too = on_map(connection, understood, answer)
        else:
            map_too = {"extent": looking.extent(connection)} if asked.choosing else {}
    _count(asked, understood, answer, {row.slug: row.name for row in communities})
    context = _around(asked, understood, answer, topics, communities, spoken["whys"]) | map_too
    context |= _narrowing(asked, understood, topics, excluded, communities, counts) | spoken
    return render_template("search/find.html", **context)


@bp.get("/find.json")
@public
@hatch
def find_json(arguments: Arguments) -> Handed:
    """Answer the same as the page, for programs."""
    asked = asking.asked(arguments)
    if asked.problems:
        return refused(asked.problems)
    with db.reading() as connection:
        understood = looking.understand(connection, asked, today=clock.today())
        understood, answer = looking.answer(connection, understood)
    notices = {"near": understood.problem} if understood.problem else {}
    if saying.is_respelt(understood, answer):
        notices["q"] = saying.RESPELT.format(asked.q)
    return Handed(feeds.listing(answer, notices).encode(), kept=KEPT)


@bp.get("/find.geojson")
@public
@hatch
def find_geojson(arguments: Arguments) -> Handed:
    """Answer what a piece of the map shows: groups, or circles that stand for several."""
    box, zoom, problems = asking.window(arguments)
    if not problems and arguments.keys() <= asking.WINDOW:
        return _on_the_map(everything.places(box, zoom))
    asked = asking.asked(arguments)
    if problems | asked.problems:
        return refused(problems | asked.problems)
    with db.reading() as connection:
        understood = looking.understand(connection, asked, today=clock.today())
        understood = looking.settled(connection, understood)
        return _on_the_map(queries.places(connection, understood.question, box, zoom))


def _on_the_map(view: queries.View) -> Handed:
    return Handed(feeds.collection(view).encode(), "application/geo+json", KEPT)


@bp.get("/places.geojson")
@public
@cookieless
def places() -> ResponseReturnValue:
    """Answer where our communities are, for the ground of every map."""
    with db.reading() as connection:
        homes, outlines = queries.homes(connection), queries.outlines(connection)
        named = towns.named(connection)
    pages = [(home, url_for("search.community", slug=home.slug)) for home in homes]
    return _kept(feeds.neighbourhoods(pages, outlines, named), "application/geo+json")


def on_map(
    connection: Connection, understood: looking.Understood, answer: queries.Answer
) -> dict[str, Any]:
    """Return what the map needs beside the list."""
    near = understood.question.near
    return {
        "view": looking.view_of(connection, understood.question, answer),
        "here": [near.latitude, near.longitude] if near else None,
        "unplaced": queries.unplaced(connection, understood.question, answer),
        "spots": spots(connection, answer, 1 + (answer.page - 1) * PAGE),
        "kinds": saying.KINDS,
        "frame": _frame(),
        "tiles": ground(current_settings()),
    }


def _count(
    asked: asking.Asked,
    understood: looking.Understood,
    answer: queries.Answer,
    known: Mapping[str, str],
) -> None:
    """Count an ask in words, and once more when nothing here fits it.

    A database that is busy may forget that nothing fitted.
    """
    if not asked.q or asked.page > 1 or asked.about or request.method == "HEAD":
        return
    topics, area = asking_back.guesses(understood), looking.area(asked, understood, known)
    tally, now = current_app.extensions["asks"], clock.now()
    tally.note(topics[: service.MOST_TOPICS], area, today=clock.today(), now=now)
    if taken := tally.due(now):
        try:
            with db.hurried() as session:
                service.asked(session, taken)
        except OperationalError:
            tally.give_back(taken, now=now)
    if answer.total and not understood.is_poor:
        return
    with suppress(OperationalError), db.hurried() as session:
        service.unmet(
            session,
            topics=topics,
            area=area,
            words=" ".join(words.words(asked.q)) if understood.heard.plain else "",
            little=answer.total > 0,
            today=clock.today(),
        )


def _around(
    asked: asking.Asked,
    understood: looking.Understood,
    answer: queries.Answer,
    topics: list[Any],
    communities: list[Any],
    whys: list[str],
) -> dict[str, Any]:
    """Return what the page of results says around the results themselves."""
    names = {row.slug: row.name for row in communities}
    near = understood.question.near is not None
    kinds = {topic.slug: topic.kind for topic in topics}
    problems = dict(asked.problems)
    if understood.problem:
        problems["near"] = understood.problem
    return {
        "asked": asked,
        "answer": answer,
        "title": saying.title(asked, understood, topics, names.get(asked.community, "")),
        "notices": saying.notices(asked, understood, answer),
        "form": {"errors": problems},
        "near": near,
        "count": saying.say_count(
            answer, asked, near=near, community=names.get(asked.community, "")
        ),
        "results": [
            saying.result(found, today=clock.today(), kinds=kinds, why=why)
            for found, why in zip(answer.found, whys, strict=True)
        ],
        "distances": saying.distances(asked),
        "wider": saying.wider(asked) if near else None,
        "say_miles": saying.say_miles,
        "leading": leading,
        "tiles": ground(current_settings()),
    }


def _narrowing(
    asked: asking.Asked,
    understood: looking.Understood,
    topics: list[Any],
    excluded: list[Any],
    communities: list[Any],
    counts: narrowing.Counts,
) -> dict[str, Any]:
    """Return what was chosen, and the panel to choose more from."""
    names = {topic.slug: topic.name for topic in topics}
    names |= {slug: topic.name for slug, topic in understood.meant.items()}
    homes = {row.slug: row.name for row in communities}
    return {
        "understood": understood,
        "chosen": narrowing.taken(asked, names, homes.get(asked.community, "")),
        "offers": narrowing.panel(asked, topics, excluded, communities, counts, clock.today()),
        "keep": leading.kept(asked, "age"),
    }


def _frame() -> Any:
    from asset_hub.search.map import frame  # folium takes half a second to import

    tiled = bool(ground(current_settings())["url"])
    return frame(
        url_for("search.find_geojson"),
        url_for("search.places"),
        asset("geo/outline.geojson"),
        tiled=tiled,
    )


def _kept(text: str, kind: str) -> Response:
    """Return an answer that may be kept for a minute, or 304 when the asker has it."""
    response = Response(text, mimetype=kind)
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.set_etag(blake2b(text.encode(), digest_size=12).hexdigest())
    response.make_conditional(request)
    return response
