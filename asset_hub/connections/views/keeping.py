"""Pages about who keeps in touch, and about agreements taken back."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.connections import queries, service
from asset_hub.connections.forms import KeeperForm, TakeBackForm
from asset_hub.connections.models import Connection
from asset_hub.connections.views.bp import bp, look, look_at_person
from asset_hub.core import clock, db
from asset_hub.core.access import me, needs
from asset_hub.core.powers import Can


@bp.route("/connections/<uuid:connection_id>/give", methods=["GET", "POST"])
@needs(Can.REASSIGN)
def give(connection_id: UUID) -> ResponseReturnValue:
    """Give a connection to somebody else."""
    connection = look(connection_id)
    keepers = queries.keepers_for(db.session(), connection.person)
    form = KeeperForm(obj=connection).offer(keepers, but=connection.owner_id)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(connection)
            to = queries.keeper(keepers, form.keeper.data)
            service.reassign(session, connection, to, by=me(), now=clock.now())
            flash("The new keeper has been told.")
            return redirect(_after_giving(connection))
    return render_template("connections/give.html", form=form, connection=connection), form.status


def _after_giving(connection: Connection) -> str:
    """Return the queue that the giver came from, else the connection."""
    queues = {"today": url_for("followups.today", who="nobody"), "list": url_for(".index")}
    here = url_for(".show", connection_id=connection.id)
    return queues.get(request.args.get("back", ""), here)


@bp.route("/people/<uuid:person_id>/keeper", methods=["GET", "POST"])
@needs(Can.REASSIGN)
def keeper(person_id: UUID) -> ResponseReturnValue:
    """Choose who keeps in touch with a person."""
    person = look_at_person(person_id)
    keepers = queries.keepers_for(db.session(), person)
    form = KeeperForm(obj=person).offer(keepers, but=person.owner_id)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(person)
            to = queries.keeper(keepers, form.keeper.data)
            service.keep_person(session, person, to, by=me(), now=clock.now())
            flash("The new keeper is saved.")
            return redirect(url_for("people.show", person_id=person.id))
    return render_template("connections/keeper.html", form=form, person=person), form.status


@bp.route("/people/<uuid:person_id>/take-back", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def take_back(person_id: UUID) -> ResponseReturnValue:
    """Take an agreement back, and the connections it carried."""
    person = look_at_person(person_id)
    form = TakeBackForm()
    if form.validate_on_submit():
        with form.saving() as session:
            ended = service.withdraw_agreement(
                session, person, form.agreed_to.data, by=me(), now=clock.now()
            )
            flash(f"The agreement is taken back. Connections ended: {ended}.")
            return redirect(url_for("people.show", person_id=person.id))
    return render_template("connections/take_back.html", form=form, person=person), form.status
