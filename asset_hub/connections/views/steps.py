"""Pages by which a keeper takes a connection one step on."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.connections import queries, service
from asset_hub.connections.forms import AnswerForm, CloseForm, DateForm, ReopenForm, TakeOutForm
from asset_hub.connections.models import Connection, State
from asset_hub.connections.views.bp import bp, look
from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can


def _back(connection: Connection, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for(".show", connection_id=connection.id))


@bp.route("/connections/<uuid:connection_id>/answer", methods=["GET", "POST"])
@needs(Can.KEEP_CONNECTION)
def answer(connection_id: UUID) -> ResponseReturnValue:
    """Write down what the group said."""
    connection = look(connection_id)
    form = AnswerForm(obj=connection)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(connection)
            service.record_answer(session, connection, by=me(), now=clock.now(), **form.values())
            return _back(connection, "The group’s answer is written down.")
    return render_template("connections/answer.html", form=form, connection=connection), form.status


@bp.post("/connections/<uuid:connection_id>/ask")
@needs(Can.KEEP_CONNECTION)
def ask(connection_id: UUID) -> ResponseReturnValue:
    """Ask the group by email, for the first time or again."""
    connection = load(Connection, connection_id)
    with db.transaction() as session:
        asked = service.ask(session, connection, by=me(), now=clock.now())
    return _back(connection, "The group has been asked." if asked else "There is no email address.")


@bp.route("/connections/<uuid:connection_id>/date", methods=["GET", "POST"])
@needs(Can.KEEP_CONNECTION)
def date(connection_id: UUID) -> ResponseReturnValue:
    """Promise another day."""
    connection = look(connection_id)
    form = DateForm(obj=connection)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(connection)
            service.look_again(
                session, connection, by=me(), today=clock.today(), now=clock.now(), **form.values()
            )
            return _back(connection, "The next date is saved.")
    return render_template("connections/date.html", form=form, connection=connection), form.status


@bp.route("/connections/<uuid:connection_id>/close", methods=["GET", "POST"])
@needs(Can.KEEP_CONNECTION)
def close(connection_id: UUID) -> ResponseReturnValue:
    """Close a connection, with how it ended."""
    connection = look(connection_id)
    form = CloseForm(obj=connection).offer(queries.endings(connection))
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(connection)
            service.close(session, connection, by=me(), now=clock.now(), **form.values())
            return _back(connection, "The connection is closed.")
    return render_template("connections/close.html", form=form, connection=connection), form.status


@bp.route("/connections/<uuid:connection_id>/reopen", methods=["GET", "POST"])
@needs(Can.KEEP_CONNECTION)
def reopen(connection_id: UUID) -> ResponseReturnValue:
    """Open a connection again, with the reason."""
    connection = look(connection_id)
    form = ReopenForm(obj=connection)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(connection)
            reason = form.reason.data
            service.reopen(session, connection, reason=reason, by=me(), now=clock.now())
            return _back(connection, "The connection is open again.")
    return render_template("connections/reopen.html", form=form, connection=connection), form.status


@bp.route("/connections/<uuid:connection_id>/withdraw", methods=["GET", "POST"])
@needs(Can.KEEP_CONNECTION)
def withdraw(connection_id: UUID) -> ResponseReturnValue:
    """Withdraw a request."""
    connection = look(connection_id)
    form = TakeOutForm(obj=connection)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(connection)
            note = form.note.data
            service.move(session, connection, State.WITHDRAWN, by=me(), now=clock.now(), note=note)
            return _back(connection, "The request is withdrawn.")
    return render_template(
        "connections/withdraw.html", form=form, connection=connection
    ), form.status


@bp.post("/connections/<uuid:connection_id>/wait")
@needs(Can.KEEP_CONNECTION)
def wait(connection_id: UUID) -> ResponseReturnValue:
    """Write down whether the person wants to wait until the group can."""
    connection = load(Connection, connection_id)
    wants = request.form.get("wants") == "yes"
    with db.transaction() as session:
        service.want_to_wait(session, connection, wants, by=me(), now=clock.now())
    return _back(connection, "The wait is saved." if wants else "Saved. Find another group.")
