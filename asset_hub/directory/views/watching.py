"""Being told by mail when a listing or a community's listings change; easy to stop."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.core import clock, db
from asset_hub.core.access import public
from asset_hub.core.pages import csrf
from asset_hub.directory import queries, service
from asset_hub.directory.forms import WatchForm
from asset_hub.directory.models import Service
from asset_hub.directory.views.blueprint import bp


@bp.route("/groups/<uuid:service_id>/watch", methods=["GET", "POST"])
@public
def watch(service_id: UUID) -> ResponseReturnValue:
    """Offer to be told when a group changes."""
    group = queries.published(db.session(), service_id)
    return _watch(group, url_for(".show", service_id=group.id))


@bp.route("/communities/<string:slug>/watch", methods=["GET", "POST"])
@public
def watch_community(slug: str) -> ResponseReturnValue:
    """Offer to be told when something changes in a community."""
    community = communities.by_slug(db.session(), slug)
    return _watch(community, url_for("search.community", slug=community.slug))


def _watch(of: Service | Community, home: str) -> ResponseReturnValue:
    form = WatchForm()
    if form.validate_on_submit():
        with form.saving() as session:
            address = request.remote_addr or ""
            service.watch(session, of, address=address, now=clock.now(), **form.values())
            return redirect(url_for(".watch_sent"))
    group = isinstance(of, Service)
    page = render_template("directory/watch.html", form=form, of=of, group=group, home=home)
    return page, form.status


@bp.get("/watching/sent")
@public
def watch_sent() -> ResponseReturnValue:
    """Say that a mail is on its way, whoever's address it was."""
    return render_template("directory/watch_sent.html")


@bp.get("/watching/<string:token>")
@public
def watch_begin(token: str) -> ResponseReturnValue:
    """Ask somebody, by their mailed link, whether to begin; looking changes nothing."""
    found = queries.watch_of(db.session(), token)
    what = service.what_is_watched(db.session(), found)
    return render_template("directory/watch_begin.html", watch=found, what=what, token=token)


@bp.post("/watching/<string:token>/begin")
@public
def watch_yes(token: str) -> ResponseReturnValue:
    """Begin."""
    found = queries.watch_of(db.session(), token)
    with db.transaction() as session:
        service.begin_watching(session, found, now=clock.now())
    return redirect(url_for(".watch_begin", token=token))


@bp.get("/watching/<string:token>/stop")
@public
def watch_stop(token: str) -> ResponseReturnValue:
    """Show the one button that stops the mails; nothing is stopped by looking."""
    found = queries.watch_if_any(db.session(), token)
    what = service.what_is_watched(db.session(), found) if found else ""
    return render_template("directory/watch_stop.html", watch=found, what=what, token=token)


@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/watching/<string:token>/stop")
@public
def watch_end(token: str) -> ResponseReturnValue:
    """Stop; mail programs press this button for their readers (RFC 8058), without a cookie."""
    found = queries.watch_if_any(db.session(), token)
    if found is not None:
        with db.transaction() as session:
            service.stop(session, found, everything=bool(request.values.get("everything")))
    return render_template("directory/watch_stop.html", watch=None, what="", token=token)
