"""Pages for follow-ups: what is due, what was heard, how they were introduced, how it ended."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.connections import queries as connections
from asset_hub.connections.models import Connection
from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can
from asset_hub.followups import queries, service
from asset_hub.followups.forms import FinishForm, IntroduceForm, RecordForm
from asset_hub.followups.models import Outcome
from asset_hub.followups.queries import Who

bp = Blueprint("followups", __name__)


@bp.get("/today")
@needs(Can.KEEP_CONNECTION)
def today() -> ResponseReturnValue:
    """Show somebody whom to get in touch with: their own, or everybody's within reach."""
    keeps = queries.keeps_anybody(db.session(), me())
    many = queries.reaches_many(me())
    usual = Who.MINE if keeps or not many else Who.ALL
    who = request.args.get("who", default=usual, type=Who)
    if who is Who.MINE:
        agenda = queries.agenda(db.session(), me(), who=who, today=clock.today())
    else:
        with db.transaction() as session:
            agenda = service.look_over(
                session, who=who, by=me(), today=clock.today(), now=clock.now()
            )
    waiting = queries.waiting(db.session(), me())
    page = {"agenda": agenda, "who": who, "many": many, "keeps": keeps, "waiting": waiting}
    page["hellos"] = connections.count_hellos(db.session(), me())
    return render_template("followups/today.html", **page)


@bp.route("/connections/<uuid:connection_id>/follow-up", methods=["GET", "POST"])
@needs(Can.KEEP_CONNECTION)
def record(connection_id: UUID) -> ResponseReturnValue:
    """Record what was heard."""
    connection = load(Connection, connection_id)
    service.must_be_recordable(connection)
    form = RecordForm()
    form.foretell(
        service.foresee(db.session(), connection, today=clock.today()),
        last_try=service.is_last_try(db.session(), connection),
    )
    if form.validate_on_submit():
        by, now = me(), clock.now()
        with form.saving() as session:
            attempt = service.record(
                session, connection, by=by, today=clock.today(), now=now, **form.values()
            )
            return _after(connection, attempt.outcome)
    return _page("record", connection, form)


@bp.route("/connections/<uuid:connection_id>/introduce", methods=["GET", "POST"])
@needs(Can.KEEP_CONNECTION)
def introduce(connection_id: UUID) -> ResponseReturnValue:
    """Write down that the person and the group were brought together."""
    connection = load(Connection, connection_id)
    form = IntroduceForm(on=clock.today())
    if form.validate_on_submit():
        by, now = me(), clock.now()
        with form.saving() as session:
            service.begin(session, connection, by=by, today=clock.today(), now=now, **form.values())
            flash("Saved. The follow-ups are planned.")
            return redirect(url_for("connections.show", connection_id=connection_id))
    return _page("introduce", connection, form)


@bp.route("/connections/<uuid:connection_id>/finish", methods=["GET", "POST"])
@needs(Can.KEEP_CONNECTION)
def finish(connection_id: UUID) -> ResponseReturnValue:
    """Close a connection in the person's own words."""
    connection = load(Connection, connection_id)
    form = FinishForm(ending=service.may_end(db.session(), connection))
    if form.validate_on_submit():
        with form.saving() as session:
            service.finish(session, connection, by=me(), now=clock.now(), **form.values())
            flash("Closed. Thank you for staying in touch.")
            if form.another.data:
                return redirect(url_for("connections.make", person_id=connection.person_id))
            return redirect(url_for(".today"))
    return _page("finish", connection, form)


@bp.get("/connections/<uuid:connection_id>/something-more")
@needs(Can.KEEP_CONNECTION)
def more(connection_id: UUID) -> ResponseReturnValue:
    """Offer what can be done for somebody who needs something more."""
    connection = load(Connection, connection_id)
    to_ask = queries.to_ask(db.session(), connection, me())
    with db.transaction() as session:
        service.look_at(session, connection, by=me(), now=clock.now())
    return render_template("followups/more.html", connection=connection, to_ask=to_ask)


def _page(
    name: str, connection: Connection, form: RecordForm | IntroduceForm | FinishForm
) -> ResponseReturnValue:
    """Render a page about one person, and write down that it was looked at."""
    with db.transaction() as session:
        service.look_at(session, connection, by=me(), now=clock.now())
        heard = queries.heard(session, connection)
    page = render_template(
        f"followups/{name}.html",
        form=form,
        connection=connection,
        heard=heard,
        ways=service.ways_to_reach(connection),
    )
    return page, form.status


def _after(connection: Connection, outcome: Outcome) -> ResponseReturnValue:
    """Go on to what the answer asks for, else back to Today with the next date said."""
    if service.may_end(db.session(), connection):
        return redirect(url_for(".finish", connection_id=connection.id))
    flash(service.said(connection))
    if outcome is Outcome.NEEDS_MORE:
        return redirect(url_for(".more", connection_id=connection.id))
    return redirect(url_for(".today"))
