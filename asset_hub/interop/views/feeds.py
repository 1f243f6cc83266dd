"""Feeds: addresses the site reads by itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can
from asset_hub.interop import queries, service
from asset_hub.interop.forms import FeedForm, community_of
from asset_hub.interop.models import Feed
from asset_hub.interop.views.bp import bp

SOON = "{} will be read within the next minute. What it would change appears below."
GONE = "{} is forgotten. Its groups stay, and so do the reports."


@bp.route("/import/feeds/add", methods=["GET", "POST"])
@needs(Can.IMPORT_LISTINGS)
def add_feed() -> ResponseReturnValue:
    """Add a feed."""
    form = FeedForm()
    form.offer(queries.communities(db.session(), me()))
    if form.validate_on_submit():
        with form.saving() as session:
            feed = service.add_feed(
                session, by=me().id, now=clock.now(),
                **{**form.values(), "community_id": community_of(form)},
            )  # fmt: skip
            flash(SOON.format(feed.name))
            return redirect(url_for(".index"), 303)
    return render_template("interop/feed.html", form=form, feed=None), form.status


@bp.route("/import/feeds/<uuid:feed_id>", methods=["GET", "POST"])
@needs(Can.IMPORT_LISTINGS)
def feed(feed_id: UUID) -> ResponseReturnValue:
    """Change a feed."""
    one = load(Feed, feed_id)
    form = FeedForm(obj=one)
    form.offer([one.community])
    if form.validate_on_submit():
        with form.saving() as session:
            said = {name: value for name, value in form.values().items() if name != "community_id"}
            service.change_feed(session, one, by=me().id, now=clock.now(), **said)
            flash("The feed is saved.")
            return redirect(url_for(".index"), 303)
    return render_template("interop/feed.html", form=form, feed=one), form.status


@bp.post("/import/feeds/<uuid:feed_id>/pause")
@needs(Can.IMPORT_LISTINGS)
def pause_feed(feed_id: UUID) -> ResponseReturnValue:
    """Read it no more until somebody says so."""
    return _do(feed_id, service.pause, "{} is paused.")


@bp.post("/import/feeds/<uuid:feed_id>/read")
@needs(Can.IMPORT_LISTINGS)
def read_feed(feed_id: UUID) -> ResponseReturnValue:
    """Read it now."""
    return _do(feed_id, service.read_now, SOON)


@bp.post("/import/feeds/<uuid:feed_id>/delete")
@needs(Can.IMPORT_LISTINGS)
def delete_feed(feed_id: UUID) -> ResponseReturnValue:
    """Forget it."""
    return _do(feed_id, service.delete_feed, GONE)


def _do(feed_id: UUID, verb: Callable[..., Any], words: str) -> ResponseReturnValue:
    one = load(Feed, feed_id)
    name = one.name
    with db.transaction() as session:
        verb(session, one, by=me().id, now=clock.now())
    flash(words.format(name))
    return redirect(url_for(".index"), 303)
