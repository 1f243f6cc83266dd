"""Letting somebody in who lost every second step, having met them."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import Account
from asset_hub.accounts.views.bp import bp
from asset_hub.core import clock, db
from asset_hub.core.access import asks_again, me, needs
from asset_hub.core.errors import Missing
from asset_hub.core.forms import Form
from asset_hub.core.powers import Can


@bp.route("/team/accounts/<uuid:account_id>/help-in", methods=["GET", "POST"])
@needs(Can.HELP_IN)
@asks_again()
def help_in(account_id: UUID) -> ResponseReturnValue:
    """Say what to make sure of, and show the code once that lets somebody in."""
    session, form = db.session(), Form()
    whose = session.get(Account, account_id)
    if whose is None or not service.may_help(me(), whose):
        raise Missing
    if form.validate_on_submit():
        with form.saving() as session:
            code = service.help_in(session, whose, by=me(), now=clock.now())
            if code:
                return render_template("accounts/helped_in.html", whose=whose, code=code)
            flash(f"Written down. A second person has to agree before {whose.name} gets a code.")
            return redirect(url_for(".help_in", account_id=whose.id), 303)
    asked = queries.help_asked(session, whose, now=clock.now())
    page = {"whose": whose, "has_factor": queries.has_factor(session, whose), "asked": asked}
    page["alone"] = service.helps_alone(session, me(), whose, now=clock.now())
    return render_template("accounts/help_in.html", form=form, **page), form.status
