"""A list behind a short code: shown, kept, printed, handed over. Whoever has the code may look."""

from urllib.parse import quote

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.config import current_settings
from asset_hub.core import clock, db, qr
from asset_hub.core.access import public
from asset_hub.core.pages import csrf
from asset_hub.search.shortlist import codes, cookie, queries, service
from asset_hub.search.shortlist.forms import LETTERS, PAPER, Sheet
from asset_hub.search.shortlist.shelf import Shelf
from asset_hub.search.views import bp

TEXT = "Your list from {}: {}"


@bp.get("/s")
@public
def code() -> ResponseReturnValue:
    """Ask for the code that stands on a sheet of paper, or in a text."""
    typed = request.args.get("code", "").strip()
    found = codes.plain(typed)
    if found:
        return redirect(url_for(".shared", code=codes.said(found)))
    return render_template("search/shortlist/code.html", typed=typed[:20], wrong=bool(typed))


@bp.get("/s/<string:code>")
@public
def shared(code: str) -> ResponseReturnValue:
    """Show the groups behind a code."""
    kept = _opened(code)
    with db.reading() as connection:
        entries = queries.entries(connection, kept.keys)
    address = _address(code)
    text = quote(TEXT.format(current_settings().site_name, address))
    page = render_template(
        "search/shortlist/shared.html",
        entries=entries,
        code=codes.said(codes.plain(code)),
        address=address,
        text=f"sms:?&body={text}",
        mine=kept == cookie.shelf(),
    )
    return cookie.own(page)


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/s/<string:code>/keep")
@public
@cookie.from_here
def shared_keep(code: str) -> ResponseReturnValue:
    """Put the groups behind a code on this browser's own list."""
    kept, mine = _opened(code), cookie.shelf()
    return cookie.put(redirect(url_for(".shortlist"), 303), mine.with_(*kept.keys))


@bp.get("/s/<string:code>/print")
@public
def shared_print(code: str) -> ResponseReturnValue:
    """Show the groups behind a code as one sheet: to print, or to hand over as a leaflet."""
    kept, sheet = _opened(code), Sheet.asked(request.args)
    with db.reading() as connection:
        entries = queries.entries(connection, kept.keys)
        givers = queries.givers(connection)
    page = render_template(
        "search/shortlist/print.html",
        entries=entries,
        code=codes.said(codes.plain(code)),
        qr_code=qr.code(_address(code)),
        sheet=sheet,
        giver=dict(givers).get(sheet.giver, ""),
        givers=givers,
        letters=LETTERS,
        papers=PAPER,
    )
    return cookie.own(page)


def _opened(code: str) -> Shelf:
    """Return the list behind a code; count a wrong one, and refuse whoever guesses."""
    now, address = clock.now(), request.remote_addr or ""
    found = service.open_code(db.session(), code, address=address, now=now)
    if found is None:
        with db.transaction() as session:
            service.count_wrong(session, address=address, now=now)
    return Shelf(tuple(service.must_be_there(found)))


def _address(code: str) -> str:
    """Return what the code of a phone's camera says."""
    short = codes.said(codes.plain(code))
    return current_settings().site_url + url_for("search.shared", code=short)
