"""A visitor's own list: kept, put in order, taken along. No account, no row about the visitor."""

from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.core.access import public
from asset_hub.core.pages import csrf, safe_next
from asset_hub.search.shortlist import cookie, queries, service
from asset_hub.search.shortlist.codes import said
from asset_hub.search.shortlist.forms import MailForm
from asset_hub.search.shortlist.shelf import MOST, Shelf
from asset_hub.search.views import bp

MOST_IN_A_TEXT = 4  # groups whose addresses a text holds; a longer list goes by its code
TO: dict[str, tuple[str, dict[str, Any]]] = {  # where a list with a code is wanted for
    "page": (".shared", {}),
    "paper": (".shared_print", {}),
    "leaflet": (".shared_print", {"paper": "a5", "notes": 1}),
}


@bp.get("/shortlist")
@public
def shortlist() -> ResponseReturnValue:
    """Show the list, what can be done with it, and how to undo what was just taken away."""
    kept, before = cookie.shelf(), cookie.before()
    gone = [key for key in before.keys if key not in kept.keys] if before else []
    with db.reading() as connection:
        entries = queries.entries(connection, kept.keys)
        taken = queries.entries(connection, gone)
    page = render_template(
        "search/shortlist/shortlist.html",
        entries=entries,
        unlisted=len(kept.keys) - len(entries),
        taken=[entry.name for entry in taken],
        text=_as_text(entries),
        mail=MailForm(),
        full=kept.is_full,
        most=MOST,
        back=_came_from(),
    )
    return cookie.own(page)


def _as_text(entries: list[Any]) -> str:
    """Return the address that opens a phone's own messages with a short list; "" for a long one."""
    if not 0 < len(entries) <= MOST_IN_A_TEXT:
        return ""
    site = current_settings().site_url
    told = (f"{entry.name}: {site}{entry.card['url']}" for entry in entries)
    return f"sms:?&body={quote(' '.join(told))}"


def _came_from() -> str:
    """Return the page of ours that led here, when it is one to go back to."""
    seen = urlsplit(request.referrer or "")
    if seen.netloc != request.host or seen.path.startswith((cookie.ROOM, "/s/", "/sign-")):
        return ""
    return safe_next(f"{seen.path}?{seen.query}" if seen.query else seen.path) or ""


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/shortlist/keep")
@public
@cookie.from_here
def shortlist_keep() -> ResponseReturnValue:
    """Put a group on the list."""
    return _changed(cookie.shelf().with_(_group()))


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/shortlist/remove")
@public
@cookie.from_here
def shortlist_remove() -> ResponseReturnValue:
    """Take a group off the list; it can be put back."""
    kept = cookie.shelf()
    return _changed(kept.without(_group()), undo=kept)


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/shortlist/up")
@public
@cookie.from_here
def shortlist_up() -> ResponseReturnValue:
    """Move a group one place up."""
    return _changed(cookie.shelf().moved(_group(), -1))


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/shortlist/down")
@public
@cookie.from_here
def shortlist_down() -> ResponseReturnValue:
    """Move a group one place down."""
    return _changed(cookie.shelf().moved(_group(), 1))


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/shortlist/clear")
@public
@cookie.from_here
def shortlist_clear() -> ResponseReturnValue:
    """Empty the list; it can be put back."""
    return _changed(Shelf(), undo=cookie.shelf())


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/shortlist/put-back")
@public
@cookie.from_here
def shortlist_put_back() -> ResponseReturnValue:
    """Undo what was just taken away; what was kept since stays."""
    before = cookie.before() or Shelf()
    return _changed(before.with_(*cookie.shelf().keys))


def _group() -> UUID:
    try:
        return UUID(request.form.get("group", ""))
    except ValueError:
        abort(400)


def _changed(kept: Shelf, *, undo: Shelf | None = None) -> ResponseReturnValue:
    """Answer with the list's page; a script that asks for it is told what is on the list."""
    if request.accept_mimetypes.best == "application/json":
        answer: Any = {"kept": [key.hex for key in kept.keys], "full": kept.is_full}
    else:
        answer = redirect(url_for(".shortlist"), 303)
    return cookie.put(answer, kept, undo=undo)


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/shortlist/share")
@public
@cookie.from_here
def shortlist_share() -> ResponseReturnValue:
    """Put the list behind a short code, and go on to what it was wanted for."""
    keys = cookie.shelf().keys
    if not keys:
        return redirect(url_for(".shortlist"), 303)
    with db.transaction() as session:
        address = request.remote_addr or ""
        code = service.share(session, keys, address=address, now=clock.now())
    page, more = TO.get(request.form.get("to", ""), TO["page"])
    return cookie.own(redirect(url_for(page, code=said(code), **more), 303))


@bp.route("/shortlist/mail", methods=["GET", "POST"])
@public
def shortlist_mail() -> ResponseReturnValue:
    """Mail the list to an address that is not kept."""
    form, keys = MailForm(), cookie.shelf().keys
    if form.validate_on_submit():
        with form.saving() as session:
            address = request.remote_addr or ""
            service.mail(session, keys, address=address, now=clock.now(), **form.values())
            return redirect(url_for(".shortlist_mailed"), 303)
    with db.reading() as connection:
        entries = queries.entries(connection, keys)
    page = render_template("search/shortlist/mail.html", form=form, entries=entries)
    return cookie.own((page, form.status))


@bp.get("/shortlist/mailed")
@public
def shortlist_mailed() -> ResponseReturnValue:
    """Say that the mail is on its way."""
    return cookie.own(render_template("search/shortlist/mailed.html"))
