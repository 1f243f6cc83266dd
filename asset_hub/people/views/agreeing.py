"""The page on which a person agrees again."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock
from asset_hub.core.access import me, needs
from asset_hub.core.powers import Can
from asset_hub.people import service
from asset_hub.people.forms import AgreeForm
from asset_hub.people.models import AgreedTo
from asset_hub.people.views.bp import bp, look


@bp.route("/<uuid:person_id>/agree", methods=["GET", "POST"])
@needs(Can.EDIT_PERSON)
def agree(person_id: UUID) -> ResponseReturnValue:
    """Write down that a person agreed again to be written down."""
    person = look(person_id)
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
