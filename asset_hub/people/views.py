"""Pages about people. Each look is written down in the transaction that shows it."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can
from asset_hub.people import queries, service
from asset_hub.people.forms import AddForm, AgreeForm, FindForm, PersonEditForm
from asset_hub.people.models import (
    AGREED_HOW_WORDS,
    AGREED_TO_WORDS,
    CONTACT_WORDS,
    AgreedTo,
    Person,
)

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "contact_words": CONTACT_WORDS,
        "agreed_to_words": AGREED_TO_WORDS,
        "agreed_how_words": AGREED_HOW_WORDS,
    }


def _chosen() -> UUID | None:
    """Return the id of the group that the address carries along to the connecting."""
    return request.args.get("service", type=UUID)


@bp.get("")
@needs(Can.READ_PERSON)
def index() -> ResponseReturnValue:
    """Show the people within reach, newest first."""
    number = request.args.get("page", 1, type=int)
    with db.transaction() as session:
        page = service.browse(session, number, by=me(), now=clock.now())
    return render_template("people/index.html", found=page, form=FindForm(), asked="")


@bp.post("")
@needs(Can.READ_PERSON)
def find() -> ResponseReturnValue:
    """Find people within reach by a part of their name."""
    form = FindForm()
    if not form.validate_on_submit() or not form.name.data:
        return redirect(url_for(".index", service=_chosen()))
    # Names are sealed and opened one by one: that must not hold the lock the note needs.
    page = queries.people(db.session(), me(), name=form.name.data)
    with db.transaction() as session:
        service.note_search(session, page, by=me(), now=clock.now())
    return render_template("people/index.html", found=page, form=form, asked=form.name.data)


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
    if key := _chosen():
        return redirect(url_for("connections.make", person_id=person.id, service=key))
    return redirect(url_for(".show", person_id=person.id))


def _look_alikes(form: AddForm) -> Sequence[Person]:
    """Return those who have the same name or number, each noted as looked at."""
    name, phone = form.name.data, form.phone.data
    with db.transaction() as session:
        return service.look_alikes(session, name=name, phone=phone, by=me(), now=clock.now())


@bp.get("/<uuid:person_id>")
@needs(Can.READ_PERSON)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show a person: how to reach them safely first, then what matters."""
    with db.transaction() as session:
        person = service.look_at(session, load(Person, person_id), by=me(), now=clock.now())
        agreements = queries.agreements(session, person.id)
    words = {consent.id: service.words_read(consent) for consent in agreements}
    return render_template("people/show.html", person=person, agreements=agreements, words=words)


@bp.route("/<uuid:person_id>/change", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def edit(person_id: UUID) -> ResponseReturnValue:
    """Change a person's details."""
    with db.transaction() as session:
        person = service.look_at(session, load(Person, person_id), by=me(), now=clock.now())
    form = PersonEditForm(obj=person)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(person)
            service.change(session, person, by=me(), now=clock.now(), **form.values())
            flash("The changes are saved.")
            return redirect(url_for(".show", person_id=person.id))
    return render_template("people/edit.html", form=form, person=person), form.status


@bp.route("/<uuid:person_id>/agree", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def agree(person_id: UUID) -> ResponseReturnValue:
    """Write down that a person agreed again to be written down."""
    with db.transaction() as session:
        person = service.look_at(session, load(Person, person_id), by=me(), now=clock.now())
    form = AgreeForm()
    if form.validate_on_submit():
        with form.saving() as session:
            service.agree(
                session, person, AgreedTo.RECORD, how=form.how.data, by=me(), now=clock.now()
            )
            flash("The agreement is written down.")
            return redirect(url_for(".show", person_id=person.id))
    words = service.words_to_read(AgreedTo.RECORD)
    return render_template(
        "people/agree.html", form=form, person=person, wording=words
    ), form.status
