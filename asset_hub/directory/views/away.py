"""When a group does not meet for a while: said by those who keep its listing, with no approval."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs, public
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import AwayForm
from asset_hub.directory.models import LinkFor, Service
from asset_hub.directory.views.blueprint import bp

SAID = "People can read it now."
TAKEN_BACK = "It is taken back."


@bp.route("/groups/<uuid:service_id>/away", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def away(service_id: UUID) -> ResponseReturnValue:
    """Show when a group does not meet; say more of it."""
    group = queries.editable(db.session(), load(Service, service_id))
    form = AwayForm()
    if form.validate_on_submit():
        with form.saving() as session:
            service.go_away(session, group, by=me(), now=clock.now(), **form.values())
            flash(SAID)
            return redirect(url_for(".away", service_id=group.id))
    return _page(group, form)


def _page(group: Service, form: AwayForm, token: str = "") -> ResponseReturnValue:
    coming = queries.coming(db.session(), group, today=clock.today())
    page = render_template(
        "directory/away.html", group=group, form=form, coming=coming, token=token
    )
    return page, form.status


@bp.post("/groups/<uuid:service_id>/away/<uuid:closure_id>/take-back")
@needs(Can.EDIT_LISTING)
def come_back(service_id: UUID, closure_id: UUID) -> ResponseReturnValue:
    """Take one back."""
    group = load(Service, service_id)
    with db.transaction() as session:
        service.come_back(session, group, closure_id, by=me(), now=clock.now())
    flash(TAKEN_BACK)
    return redirect(url_for(".away", service_id=service_id))


@bp.route("/list-a-group/keep/<string:token>/away", methods=["GET", "POST"])
@public
def keep_away(token: str) -> ResponseReturnValue:
    """Do the same by the lasting mailed link, without an account."""
    found = queries.link(db.session(), token, LinkFor.KEEP)
    if not service.is_alive(found, clock.now()):
        return redirect(url_for(".keep", token=token))
    form = AwayForm()
    if form.validate_on_submit():
        with form.saving() as session:
            group = service.must_be_kept_by(found, now=clock.now())
            service.go_away(session, group, by=None, now=clock.now(), **form.values())
            flash(SAID)
            return redirect(url_for(".keep_away", token=token))
    return _page(found.service, form, token)


@bp.post("/list-a-group/keep/<string:token>/away/<uuid:closure_id>/take-back")
@public
def keep_come_back(token: str, closure_id: UUID) -> ResponseReturnValue:
    """Take one back by the link."""
    found = queries.link(db.session(), token, LinkFor.KEEP)
    with db.transaction() as session:
        group = service.must_be_kept_by(found, now=clock.now())
        service.come_back(session, group, closure_id, by=None, now=clock.now())
    flash(TAKEN_BACK)
    return redirect(url_for(".keep_away", token=token))
