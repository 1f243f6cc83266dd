"""Pages about who must not know of a person, and about somebody who has died."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.connections import service
from asset_hub.connections.forms import DiedForm, KeepOutForm
from asset_hub.connections.views.bp import bp, look_at_person
from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can
from asset_hub.people import queries as people
from asset_hub.people import service as persons
from asset_hub.people.models import Person


def _back(person: Person, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("people.show", person_id=person.id))


@bp.route("/people/<uuid:person_id>/keep-out", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def keep_out(person_id: UUID) -> ResponseReturnValue:
    """Choose somebody who must not know of a person here."""
    person = look_at_person(person_id)
    there = people.could_keep(db.session(), person)
    form = KeepOutForm().offer(there, but=me().id)
    if form.validate_on_submit():
        with form.saving() as session:
            who = next(each for each in there if each.id == form.who.data)
            service.keep_out(session, person, who, by=me(), now=clock.now())
            return _back(person, f"{who.name} does not see {person.first_name} any more.")
    return render_template("connections/keep_out.html", form=form, person=person), form.status


@bp.post("/people/<uuid:person_id>/keep-out/<uuid:block_id>")
@needs(Can.EDIT_PERSON)
def let_in(person_id: UUID, block_id: UUID) -> ResponseReturnValue:
    """Take back that somebody is kept out."""
    person = load(Person, person_id)
    with db.transaction() as session:
        persons.let_in(session, person, block_id, by=me(), now=clock.now())
    return _back(person, "They may see this person again.")


@bp.route("/people/<uuid:person_id>/died", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def died(person_id: UUID) -> ResponseReturnValue:
    """Write down that somebody has died, and end what is open."""
    person = look_at_person(person_id)
    form = DiedForm()
    if form.validate_on_submit():
        with form.saving() as session:
            service.note_death(
                session, person, by=me(), today=clock.today(), now=clock.now(), **form.values()
            )
            return _back(person, "It is written down. Nothing more is sent.")
    return render_template("connections/died.html", form=form, person=person), form.status


@bp.post("/people/<uuid:person_id>/alive")
@needs(Can.EDIT_PERSON)
def alive(person_id: UUID) -> ResponseReturnValue:
    """Take back that somebody has died."""
    person = load(Person, person_id)
    with db.transaction() as session:
        persons.mark_alive(session, person, by=me(), now=clock.now())
    return _back(person, "It is taken back. Ask whether they may be contacted.")
