"""Pages about what somebody would like help with, and the topics to look under."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.connections import queries
from asset_hub.connections.forms import NeedForm
from asset_hub.connections.views.bp import bp, look_at_person
from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can
from asset_hub.people import service as persons
from asset_hub.people.models import Person


def _back(person: Person, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("people.show", person_id=person.id))


@bp.route("/people/<uuid:person_id>/needs", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def need(person_id: UUID) -> ResponseReturnValue:
    """Add something somebody would like help with."""
    person = look_at_person(person_id)
    form = NeedForm().offer(queries.topics_to_choose(db.session()))
    if form.validate_on_submit():
        with form.saving() as session:
            given = form.values()
            name = queries.topic_name(session, given["topic"])
            persons.add_need(session, person, by=me(), now=clock.now(), topic_name=name, **given)
            return _back(person, "It is written down.")
    return render_template("connections/need.html", form=form, person=person), form.status


@bp.post("/people/<uuid:person_id>/needs/<uuid:need_id>")
@needs(Can.EDIT_PERSON)
def settle(person_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Say that a need was met, that it was not after all, or take it out."""
    person, asked = load(Person, person_id), request.form.get("do", "met")
    with db.transaction() as session:
        if asked == "drop":
            persons.drop_need(session, person, need_id, by=me(), now=clock.now())
        else:
            met = asked == "met"
            persons.settle_need(session, person, need_id, met=met, by=me(), now=clock.now())
    return _back(person, {"drop": "It is taken out."}.get(asked, "It is saved."))
