"""One import: sent, looked at, decided, undone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.errors import RuleBroken
from asset_hub.core.powers import Can
from asset_hub.directory import service as directory
from asset_hub.interop import queries, service
from asset_hub.interop.forms import GoForm, UploadForm, columns_form, community_of
from asset_hub.interop.models import ImportRun, Outcome, Stage
from asset_hub.interop.reading import mapping as mappings
from asset_hub.interop.run import deciding
from asset_hub.interop.views.bp import bp
from asset_hub.interop.views.words import FACTS, STAGE_COLOURS, STAGES, TITLES, WORDS, progress

SENT = "This file was sent already. Here is what became of it."

OPEN = "open_all"
DECIDED = "The columns of this import are decided. Here is how it stands."


@bp.get("/import")
@needs(Can.IMPORT_LISTINGS)
def index() -> ResponseReturnValue:
    """Show the imports and feeds of one's own communities."""
    session, actor = db.session(), me()
    runs = queries.runs(session, actor)
    waiting = [one for one in runs if one.feed_id and one.stage is Stage.READY]
    return render_template(
        "interop/index.html", undecided={one.feed_id: one.id for one in waiting},
        runs=runs, feeds=queries.feeds(session, actor),
        communities=queries.communities(session, actor), stages=STAGES, colours=STAGE_COLOURS,
    )  # fmt: skip


@bp.route("/import/file", methods=["GET", "POST"])
@needs(Can.IMPORT_LISTINGS)
def upload() -> ResponseReturnValue:
    """Send a file to be looked at."""
    form = UploadForm()
    form.offer(queries.communities(db.session(), me()))
    file: Any = form.file.data
    if form.validate_on_submit():
        with form.saving() as session:
            run = service.start(
                session, file.stream, file_name=file.filename or "",
                source=form.source.data or "", community_id=community_of(form), by=me().id,
                now=clock.now(), once=form.once.data,
            )  # fmt: skip
            if run is None:
                raise RuleBroken(SENT)
            return redirect(url_for(".show", run_id=run.id), 303)
    return render_template("interop/upload.html", form=form), form.status


@bp.get("/import/<uuid:run_id>")
@needs(Can.IMPORT_LISTINGS)
def show(run_id: UUID) -> ResponseReturnValue:
    """Show how far an import is, what it would change or has changed, row by row."""
    run = load(ImportRun, run_id)
    asked = request.args.get("show", "")
    outcome = Outcome(asked) if asked in set(Outcome) else None
    page = queries.rows(db.session(), run, outcome, request.args.get("page", 1, type=int))
    return render_template(
        "interop/show.html",
        run=run, found=page, outcome=outcome, words=WORDS, titles=TITLES, facts=FACTS,
        stages=STAGES, colours=STAGE_COLOURS, progress=progress(run), form=GoForm(),
        can_undo=service.can_undo(run, clock.now()), compared=directory.compared,
        doubles=queries.listed_already(db.session(), run, page.rows, me()),
        earlier=queries.earlier(db.session(), run), most_gone=deciding.most_gone(run.counts),
    )  # fmt: skip


@bp.route("/import/<uuid:run_id>/columns", methods=["GET", "POST"])
@needs(Can.IMPORT_LISTINGS)
def columns(run_id: UUID) -> ResponseReturnValue:
    """Say which column of a sheet is what."""
    run = load(ImportRun, run_id)
    if run.sample is None or run.stage not in {Stage.MAPPING, Stage.READY}:
        flash(DECIDED)
        return redirect(url_for(".show", run_id=run.id), 303)
    header = run.sample["header"]
    form = columns_form(run.sample, mappings.to_start(run.mapping, header))
    all_open = OPEN in request.form  # a press that only shows every choice, and keeps them
    if not all_open and form.validate_on_submit():
        with form.saving() as session:
            service.map_columns(session, run, form.mapping, header=header, field=form.at_fault)
            return redirect(url_for(".show", run_id=run.id), 303)
    page = render_template("interop/columns.html", form=form, run=run, all_open=all_open, open=OPEN)
    return page, form.status


@bp.post("/import/<uuid:run_id>/go")
@needs(Can.IMPORT_LISTINGS)
def go(run_id: UUID) -> ResponseReturnValue:
    """Import what was looked at."""
    close = bool(GoForm().close_gone.data)
    return _decide(
        run_id,
        lambda run: service.say_yes(
            db.session(), run, close_gone=close, by=me().id, now=clock.now()
        ),
    )


@bp.post("/import/<uuid:run_id>/drop")
@needs(Can.IMPORT_LISTINGS)
def drop(run_id: UUID) -> ResponseReturnValue:
    """Import nothing of it."""
    return _decide(
        run_id, lambda run: service.say_no(db.session(), run, by=me().id, now=clock.now())
    )


@bp.post("/import/<uuid:run_id>/skip/<int:number>")
@needs(Can.IMPORT_LISTINGS)
def skip(run_id: UUID, number: int) -> ResponseReturnValue:
    """Leave a new row out, or take it in again."""
    return _decide(run_id, lambda run: service.skip(db.session(), run, number))


@bp.post("/import/<uuid:run_id>/again")
@needs(Can.IMPORT_LISTINGS)
def again(run_id: UUID) -> ResponseReturnValue:
    """Look once more at a file that was not imported."""
    return _decide(
        run_id, lambda run: service.again(db.session(), run, by=me().id, now=clock.now())
    )


@bp.post("/import/<uuid:run_id>/undo")
@needs(Can.IMPORT_LISTINGS)
def undo(run_id: UUID) -> ResponseReturnValue:
    """Put back what an import changed."""
    return _decide(run_id, lambda run: service.undo(db.session(), run, by=me().id, now=clock.now()))


def _decide(run_id: UUID, decide: Callable[[ImportRun], None]) -> ResponseReturnValue:
    """Decide about a run, once; a second press only shows it as it is."""
    run = load(ImportRun, run_id)
    try:
        with db.transaction():
            decide(run)
    except RuleBroken as broken:
        flash(broken.message)
    return redirect(url_for(".show", run_id=run_id), 303)
