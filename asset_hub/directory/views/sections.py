"""Changing a listing, one section at a time."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, may, may_do, me, needs
from asset_hub.core.forms import EditForm, posted_version
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import SECTION_FORMS, rows_of, section_form
from asset_hub.directory.models import Parts, Service, Standing
from asset_hub.directory.views import parts
from asset_hub.directory.views.blueprint import bp

WAITS = "Thank you. A champion looks at what you changed. Until then the page stays as it is."
CHANGED = "{} is changed."
LOOKED_AT = "{} is changed. A champion looks at it before it can be found."


def editable(service_id: UUID) -> Service:
    """Return the listing that is to be changed."""
    return queries.editable(db.session(), load(Service, service_id))


@bp.get("/groups/<uuid:service_id>/edit")
@needs(Can.EDIT_LISTING)
def edit(service_id: UUID) -> ResponseReturnValue:
    """Show what a listing says, section by section, each with the way to change it."""
    group = editable(service_id)
    answers, seen = parts.current_answers(group), parts.as_people_see(group)
    forms = {name: section_form(name, answers, group.version) for name in SECTION_FORMS}
    told = {name: rows_of(form, gaps=False, own=False) for name, form in forms.items()}
    return render_template(
        "directory/edit.html",
        told=told,
        places=parts.places_in_words(group),
        waits=service.sections_of(queries.parts_waiting(db.session(), group)),
        home=page_of(group),
        **seen,
    )


@bp.route("/groups/<uuid:service_id>/edit/<string:section>", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def section(service_id: UUID, section: str) -> ResponseReturnValue:
    """Change one section of a listing."""
    group = editable(service_id)
    if section not in SECTION_FORMS:
        abort(404)
    form = section_form(section, parts.current_answers(group), group.version)
    if form.validate_on_submit():
        with form.saving():
            return save(group, form, service.section_parts(group, section, form.values()))
    since = service.changed_since(db.session(), group, _opened(), today=clock.today())
    page = render_template(
        "directory/section.html",
        form=form,
        group=group,
        title=service.TITLES[section],
        since=since,
    )
    return page, form.status


def _opened() -> int | None:
    """Return the version of the listing on which a posted form was opened."""
    return posted_version()


def save(group: Service, form: EditForm, wanted: Parts) -> ResponseReturnValue:
    """Save some parts inside `form.saving()`, and send the browser on.

    What waits for a look may be older than the listing: whoever looks compares the two.
    """
    version, now = _opened() or group.version, clock.now()
    if not service.must_wait(group, me()):
        form.must_be_current(group)
    agreed = "address_agreed" in form and bool(form["address_agreed"].data)
    done = service.save_parts(
        db.session(), group, wanted, by=me(), now=now, version=version, address_agreed=agreed
    )
    return saved(group, done)


def saved(group: Service, done: service.Saved) -> ResponseReturnValue:
    """Say what came of a save, and show the sections again to whoever still keeps the listing."""
    if done is service.Saved.WAITS:
        flash(WAITS)
    elif done is service.Saved.DONE:
        words = CHANGED if group.standing is Standing.LISTED else LOOKED_AT
        flash(words.format(group.name))
    stays = may_do(Can.EDIT_LISTING, group)
    return redirect(url_for(".edit", service_id=group.id) if stays else page_of(group))


def page_of(group: Service) -> str:
    """Return where somebody who keeps a listing looks at it: its page, the queue or their own."""
    if group.standing is Standing.LISTED:
        return url_for(".show", service_id=group.id)
    if may_do(Can.APPROVE_LISTING, group):
        return url_for(".review", service_id=group.id)
    return url_for(".queue" if may(Can.APPROVE_LISTING) else ".mine")
