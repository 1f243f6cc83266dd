"""The list's cookie in a browser, and whether a press of a button came from this site."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Response, abort, make_response, request
from flask.typing import ResponseReturnValue

from asset_hub.config import current_settings
from asset_hub.core import clock
from asset_hub.search.shortlist.shelf import LIFE, Seal, Shelf

NAME = "hub-shelf"  # read by static/js/shelf.js, too
BEFORE = "hub-shelf-before"  # what the list was before the last change, to undo it
UNDO_LIFE = 60 * 60  # seconds
ROOM = "/shortlist"


def shelf() -> Shelf:
    """Return this browser's list."""
    return _seal().read(request.cookies.get(NAME))


def before() -> Shelf | None:
    """Return the list as it was before something was taken away, if that was lately."""
    text = request.cookies.get(BEFORE)
    return _seal().read(text) if text else None


def put(answer: ResponseReturnValue, shelf: Shelf, *, undo: Shelf | None = None) -> Response:
    """Return an answer that leaves a list in the browser, and the one before it to go back to."""
    found = make_response(answer)
    secure = current_settings().production
    if shelf.keys:
        # The site's own script reads it, to draw the count and which groups are kept
        found.set_cookie(
            NAME, _seal().write(shelf), max_age=LIFE, path="/", samesite="Lax", secure=secure
        )
    else:
        found.delete_cookie(NAME, path="/")
    if undo is None:
        found.delete_cookie(BEFORE, path=ROOM)
    else:
        found.set_cookie(
            BEFORE, _seal().write(undo), max_age=UNDO_LIFE, path=ROOM, httponly=True,
            samesite="Lax", secure=secure,
        )  # fmt: skip
    return own(found)


def own(answer: ResponseReturnValue) -> Response:
    """Return an answer that nobody keeps: it depends on the reader, or on a code."""
    found = make_response(answer)
    found.headers["Cache-Control"] = "private, no-store"
    found.headers["X-Robots-Tag"] = "noindex"
    return found


def from_here(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Return a view that refuses what another site's page sends (instead of a form's token).

    A token would need a session cookie on every page with a "Keep" button, and no page could be
    kept for everybody. Every browser of today says where a POST comes from, by Sec-Fetch-Site or
    by Origin; one that says neither is old, and no page can make another one hold its tongue.
    """

    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        said = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        foreign = said not in {None, "same-origin", "none"}
        if origin is not None and said is None:
            foreign = urlsplit(origin).netloc != request.host
        if foreign:
            abort(403)
        return view(*args, **kwargs)

    guarded.__name__, guarded.__doc__ = view.__name__, view.__doc__
    vars(guarded).update(vars(view))
    return guarded


def _seal() -> Seal:
    return Seal(current_settings().secret_key, clock.now())
