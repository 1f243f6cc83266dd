"""A group's photograph: shown to everybody once approved, sent and taken away by its keepers."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs, public
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import PhotoForm, Remove
from asset_hub.directory.models import Service
from asset_hub.directory.views import parts
from asset_hub.directory.views.blueprint import bp
from asset_hub.directory.views.sections import editable, save

SELECT_AGAIN = "Select the photograph again: a browser does not keep it"
FOR_EVER = "public, max-age=31536000, immutable"  # another picture has another address


@bp.get("/groups/<uuid:service_id>/photo/<string:digest>.jpg")
@public
def photo(service_id: UUID, digest: str) -> ResponseReturnValue:
    """Show the approved photograph of a listed group."""
    return _published(service_id, digest, small=False)


@bp.get("/groups/<uuid:service_id>/photo/640/<string:digest>.jpg")
@public
def small_photo(service_id: UUID, digest: str) -> ResponseReturnValue:
    """Show the same for a card."""
    return _published(service_id, digest, small=True)


def _published(service_id: UUID, digest: str, *, small: bool) -> Response:
    found = queries.published_photo(db.session(), service_id, digest, small=small)
    answer = _jpeg(found)
    answer.headers["Cache-Control"] = FOR_EVER
    answer.set_etag(f"{digest}-{'small' if small else 'large'}")
    answer.make_conditional(request)
    return answer


def _jpeg(found: bytes | None) -> Response:
    if found is None:
        raise Missing
    answer = Response(found, mimetype="image/jpeg")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = "inline; filename=photograph.jpg"
    return answer


@bp.get("/groups/<uuid:service_id>/edit/photo/<uuid:photo_id>.jpg")
@needs(Can.EDIT_LISTING)
def waiting_photo(service_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """Show a photograph that waits to those who look it over, and to those who sent it."""
    group = load(Service, service_id)
    return _jpeg(queries.photo_bytes(db.session(), group, photo_id))


@bp.route("/groups/<uuid:service_id>/edit/photo", methods=["GET", "POST"])
@needs(Can.EDIT_LISTING)
def change_photo(service_id: UUID) -> ResponseReturnValue:
    """Send a photograph, another one, or other words for the one that is there."""
    group = editable(service_id)
    now = queries.photo_of(db.session(), group)
    form = PhotoForm(data=parts.photo_words(now) | {"version": group.version})
    if form.is_submitted() and _is_right(group, form):
        with form.saving() as session:
            words = form.words()
            made = service.keep_photo(session, group, by=me(), now=clock.now(), **words)
            return save(group, form, {"photo_id": str(made.id)})
    waits = queries.waiting_photo(db.session(), group)
    seen = parts.as_people_see(group)
    return render_template("directory/photo.html", form=form, waits=waits, **seen), form.status


def _is_right(group: Service, form: PhotoForm) -> bool:
    """Check everything that was sent, the picture too, before anything waits for a transaction.

    A picture is counted first, even when it turns out to be none: drawing costs a second.
    """
    form.validate()
    if form.photo.data and not form.photo.errors:
        with db.transaction() as session:
            service.count_photo(session, group, by=me(), now=clock.now())
        try:
            form.picture = service.drawn_anew(form.photo.data.read())
        except RuleBroken as broken:
            form.refuse(broken)
    elif not form.photo.errors and group.photo_id is None:
        form.refuse(RuleBroken(service.SELECT_A_PHOTO, field="photo"))
    if form.errors and form.picture:  # no browser keeps a file
        form.refuse(RuleBroken(SELECT_AGAIN, field="photo"))
    return not form.errors


@bp.post("/groups/<uuid:service_id>/edit/photo/remove")
@needs(Can.EDIT_LISTING)
def remove_photo(service_id: UUID) -> ResponseReturnValue:
    """Take the photograph away."""
    group, form = editable(service_id), Remove()
    if form.validate_on_submit():
        with form.saving():
            return save(group, form, {"photo_id": None})
    for message in form.form_errors:
        flash(message)
    return redirect(url_for(".change_photo", service_id=group.id))
