"""Two listings that may be one group: side by side, merged, said to be different, put apart."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.errors import RuleBroken
from asset_hub.core.forms import posted_version
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import MergeForm, merge_form
from asset_hub.directory.models import Duplicate, DuplicateState, Merge, Service
from asset_hub.directory.views.blueprint import bp

DECIDED = "Somebody has decided about these two already."


def _pair(key: UUID) -> Duplicate:
    return queries.pair(db.session(), key, me())


def _form(found: queries.Pair) -> MergeForm:
    kept, gone = (side.service for side in found.sides)
    return merge_form(found.rows, kept.id, (kept.version, gone.version), (kept.name, gone.name))


@bp.get("/duplicates/<uuid:duplicate_id>")
@needs(Can.APPROVE_LISTING)
def duplicate(duplicate_id: UUID) -> ResponseReturnValue:
    """Show two listings beside each other, and what can be done about them."""
    pair = _pair(duplicate_id)
    if pair.state is DuplicateState.MERGED:
        return _merged(pair)
    found = queries.side_by_side(db.session(), pair, me(), keep=request.args.get("keep", ""))
    return _side_by_side(pair, found, _form(found))


def _merged(pair: Duplicate) -> ResponseReturnValue:
    gone = pair.one if pair.one.merged_into_id else pair.other
    done = queries.merge_of(db.session(), gone)
    return redirect(url_for(".merged", merge_id=done.id) if done else url_for(".queue"))


def _side_by_side(pair: Duplicate, found: queries.Pair, form: MergeForm) -> ResponseReturnValue:
    kept, gone = (side.service for side in found.sides)
    page = render_template(
        "directory/duplicate.html",
        pair=pair, found=found, form=form,
        may_merge=queries.may_merge(me(), kept, gone),
    )  # fmt: skip
    return page, form.status


@bp.post("/duplicates/<uuid:duplicate_id>/merge")
@needs(Can.APPROVE_LISTING)
def merge(duplicate_id: UUID) -> ResponseReturnValue:
    """Make two listings one."""
    pair = _pair(duplicate_id)
    keep = request.form.get("keep", "")
    found = queries.side_by_side(db.session(), pair, me(), keep=keep)
    form, (kept, gone) = _form(found), (side.service for side in found.sides)
    if form.validate_on_submit():
        with form.saving() as session:
            done = service.merge(
                session, kept, gone, choices=form.choices(), versions=_seen(),
                by=me(), now=clock.now(),
            )  # fmt: skip
            return redirect(url_for(".merged", merge_id=done.id))
    return _side_by_side(pair, queries.side_by_side(db.session(), pair, me(), keep=keep), form)


def _seen() -> tuple[int, int]:
    kept, gone = (posted_version(f"{one}_version") or 0 for one in ("kept", "gone"))
    return kept, gone


@bp.post("/duplicates/<uuid:duplicate_id>/different")
@needs(Can.APPROVE_LISTING)
def different(duplicate_id: UUID) -> ResponseReturnValue:
    """Remember that they are different groups."""
    pair = _pair(duplicate_id)
    with db.transaction() as session:
        done = service.different(session, pair, by=me(), now=clock.now())
    flash("They are different. We will not ask again." if done else DECIDED)
    return redirect(url_for(".duplicate", duplicate_id=pair.id) if done else url_for(".queue"))


@bp.post("/duplicates/<uuid:duplicate_id>/again")
@needs(Can.APPROVE_LISTING)
def ask_again(duplicate_id: UUID) -> ResponseReturnValue:
    """Take back that they are different."""
    pair = _pair(duplicate_id)
    with db.transaction() as session:
        service.ask_again(session, pair, by=me(), now=clock.now())
    return redirect(url_for(".duplicate", duplicate_id=pair.id))


@bp.post("/to-approve/<uuid:service_id>/compare")
@needs(Can.APPROVE_LISTING)
def compare(service_id: UUID) -> ResponseReturnValue:
    """Put another listing beside this one."""
    listing = load(Service, service_id)
    key = request.form.get("other", type=UUID)
    other = db.session().get(Service, key) if key else None
    if other is None or not queries.may_see(me(), other):
        return redirect(url_for(".queue"))
    with db.transaction() as session:
        pair = service.compare(session, listing, other, now=clock.now())
    return redirect(url_for(".duplicate", duplicate_id=pair.id))


@bp.get("/merges")
@needs(Can.APPROVE_LISTING)
def merges() -> ResponseReturnValue:
    """Show what was merged lately."""
    found = queries.merges(db.session(), me())
    open_to = {one.id for one in found if service.may_part(one, clock.now())}
    return render_template("directory/merges.html", merges=found, open_to=open_to)


def _merge(key: UUID) -> Merge:
    return queries.merge(db.session(), key, me())


@bp.get("/merges/<uuid:merge_id>")
@needs(Can.APPROVE_LISTING)
def merged(merge_id: UUID) -> ResponseReturnValue:
    """Say what was merged, and offer to undo it while that can be done."""
    done = _merge(merge_id)
    may_undo = service.may_part(done, clock.now())
    stays = service.changed_since_merge(done) if may_undo else []
    return render_template("directory/merged.html", done=done, may_undo=may_undo, stays=stays)


@bp.post("/merges/<uuid:merge_id>/undo")
@needs(Can.APPROVE_LISTING)
def undo_merge(merge_id: UUID) -> ResponseReturnValue:
    """Put two listings apart again."""
    done = _merge(merge_id)
    try:
        with db.transaction() as session:
            stays = service.part(session, done, by=me(), now=clock.now())
    except RuleBroken as broken:
        flash(broken.message)
        return redirect(url_for(".merged", merge_id=merge_id))
    said = f" These stay as they were changed since: {', '.join(stays).lower()}." if stays else ""
    flash(f"They are two listings again.{said}")
    return redirect(url_for(".merged", merge_id=merge_id))
