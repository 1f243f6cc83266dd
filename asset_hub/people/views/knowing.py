"""Pages about how to talk with a person, and what matters to them."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock
from asset_hub.core.access import me, needs
from asset_hub.core.powers import Can
from asset_hub.people import service
from asset_hub.people.forms import MattersForm, TalkForm
from asset_hub.people.models import Person
from asset_hub.people.views.bp import bp, look


def _back(person: Person, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for(".show", person_id=person.id))


@bp.route("/<uuid:person_id>/talk", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def talk(person_id: UUID) -> ResponseReturnValue:
    """Write down how to talk with somebody, so that it arrives."""
    person = look(person_id)
    form = TalkForm(obj=person)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(person)
            service.learn_to_talk(
                session, person, by=me(), today=clock.today(), now=clock.now(), **form.values()
            )
            return _back(person, "How to talk with them is saved.")
    return render_template("people/talk.html", form=form, person=person), form.status


@bp.route("/<uuid:person_id>/matters", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def matters(person_id: UUID) -> ResponseReturnValue:
    """Write down what matters to somebody, and what they are good at."""
    person = look(person_id)
    form = MattersForm(obj=person)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(person)
            service.learn_what_matters(session, person, by=me(), now=clock.now(), **form.values())
            return _back(person, "What matters to them is saved.")
    return render_template("people/matters.html", form=form, person=person), form.status
