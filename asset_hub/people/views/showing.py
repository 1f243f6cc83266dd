"""Pages that show people."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can
from asset_hub.people import queries, service
from asset_hub.people.forms import FindForm
from asset_hub.people.models import Person
from asset_hub.people.views.bp import bp, chosen_key


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
        return redirect(url_for(".index", service=chosen_key()))
    # Names are sealed and opened one by one: that must not hold the lock the note needs.
    page = queries.people(db.session(), me(), name=form.name.data)
    with db.transaction() as session:
        service.note_search(session, page, by=me(), now=clock.now())
    return render_template("people/index.html", found=page, form=form, asked=form.name.data)


@bp.get("/<uuid:person_id>")
@needs(Can.READ_PERSON)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show a person: how to reach them safely first, then what matters."""
    with db.transaction() as session:
        person = service.look_at(session, load(Person, person_id), by=me(), now=clock.now())
        agreements = queries.agreements(session, person.id)
        wants = queries.wants(session, person)
    return render_template(
        "people/show.html",
        person=person,
        agreements=agreements,
        words={consent.id: service.words_read(consent) for consent in agreements},
        wants=wants,
        today=clock.today(),
    )
