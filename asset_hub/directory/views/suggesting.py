"""Any visitor says what is not right, or that a group has gone, and sees what becomes of it."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlmodel import Session

from asset_hub.core import clock, db, ids
from asset_hub.core.access import me, public
from asset_hub.directory import queries, service
from asset_hub.directory.forms import SUGGEST, Gone, Suggest
from asset_hub.directory.models import ChangeLinkFor, Service
from asset_hub.directory.views.blueprint import bp

AUTHOR = "suggests"  # in this browser's cookie while it is open: what it sent before gives way


def _author() -> str:
    return str(session.setdefault(AUTHOR, ids.token()))


def _sender() -> dict[str, Any]:
    """Return who sends something and from where."""
    by = me() if current_user.is_authenticated else None
    return {"by": by, "address": request.remote_addr or "", "now": clock.now()}


@bp.get("/groups/<uuid:service_id>/suggest")
@public
def suggest(service_id: UUID) -> ResponseReturnValue:
    """Ask which part is not right."""
    group = queries.published(db.session(), service_id)
    return render_template("directory/suggest.html", group=group, told=service.as_now(group))


@bp.route("/groups/<uuid:service_id>/suggest/<string:part>", methods=["GET", "POST"])
@public
def suggest_part(service_id: UUID, part: str) -> ResponseReturnValue:
    """Ask what is right instead; the present words are there to be changed."""
    group = queries.published(db.session(), service_id)
    form = SUGGEST[part](data=service.as_now(group)) if part in SUGGEST else abort(404)
    if form.validate_on_submit():
        with form.saving() as writing:
            return _sent(_suggested(writing, group, form))
    return render_template("directory/suggest_part.html", form=form, group=group), form.status


def _suggested(writing: Session, group: Service, form: Suggest) -> str:
    more = {name: form[name].data for name in ("comment", "reply", "once")}
    service.suggest(writing, group, form.parts(), author=_author(), **more, **_sender())
    return str(form.once.data)


def _sent(token: str) -> ResponseReturnValue:
    return redirect(url_for(".followed", token=token))


@bp.route("/groups/<uuid:service_id>/gone", methods=["GET", "POST"])
@public
def gone(service_id: UUID) -> ResponseReturnValue:
    """Hear that a group does not run any more."""
    group = queries.published(db.session(), service_id)
    form = Gone()
    if form.validate_on_submit():
        with form.saving() as writing:
            service.report_gone(writing, group, **form.values(), **_sender())
            return _sent(str(form.once.data))
    return render_template("directory/gone.html", form=form, group=group), form.status


@bp.get("/suggested/<string:token>")
@public
def followed(token: str) -> ResponseReturnValue:
    """Show whoever asked what became of it."""
    link = queries.change_link(db.session(), token, ChangeLinkFor.FOLLOW)
    if link.expires_at <= clock.now():
        abort(404)
    found = service.review_for_author(db.session(), link.change, today=clock.today())
    return render_template("directory/followed.html", change=link.change, found=found, token=token)


@bp.post("/suggested/<string:token>/withdraw")
@public
def take_back(token: str) -> ResponseReturnValue:
    """Take a suggestion back."""
    link = queries.change_link(db.session(), token, ChangeLinkFor.FOLLOW)
    with db.transaction() as writing:
        if service.withdraw_change(writing, link.change, by=link.change.by_id, now=clock.now()):
            flash("You have taken it back.")
    return redirect(url_for(".followed", token=token))
