"""Pages that add a person, and change their details."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import me, needs
from asset_hub.core.powers import Can
from asset_hub.people import queries, service
from asset_hub.people.forms import AddForm, PersonEditForm
from asset_hub.people.models import AgreedTo, Person
from asset_hub.people.views.bp import bp, chosen_key, look


@bp.route("/add", methods=["GET", "POST"])
@needs(Can.ADD_PERSON)
def add() -> ResponseReturnValue:
    """Add a person; show those who look like them first."""
    homes = queries.homes(db.session(), me())
    form = AddForm().offer(homes, queries.keepers_to_choose(db.session(), me(), homes))
    alike: Sequence[Person] = []
    if form.validate_on_submit():
        if not form.sure.data:
            alike = _look_alikes(form)
        if not alike:
            with form.saving() as session:
                person = service.add_person(session, by=me(), now=clock.now(), **form.values())
                return _after_adding(person)
    form.sure.data = "yes" if alike else form.sure.data
    words = service.words_to_read(AgreedTo.RECORD)
    return render_template(
        "people/add.html", form=form, homes=homes, alike=alike, wording=words
    ), form.status


def _after_adding(person: Person) -> ResponseReturnValue:
    """Go on to the group that was chosen before, else to the person."""
    flash("The person is added.")
    if key := chosen_key():
        return redirect(url_for("connections.make", person_id=person.id, service=key))
    return redirect(url_for(".show", person_id=person.id))


def _look_alikes(form: AddForm) -> Sequence[Person]:
    """Return those who have the same name or number, each noted as looked at."""
    name, phone = form.name.data, form.phone.data
    with db.transaction() as session:
        return service.look_alikes(session, name=name, phone=phone, by=me(), now=clock.now())


@bp.route("/<uuid:person_id>/change", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def edit(person_id: UUID) -> ResponseReturnValue:
    """Change a person's details."""
    person = look(person_id)
    form = PersonEditForm(obj=person)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(person)
            service.change(session, person, by=me(), now=clock.now(), **form.values())
            flash("The changes are saved.")
            return redirect(url_for(".show", person_id=person.id))
    return render_template("people/edit.html", form=form, person=person), form.status
