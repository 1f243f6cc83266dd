"""The topics all communities share, for those who look after them."""

from uuid import UUID

from flask import Response, after_this_request, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import AddTopic, ChangeTopic, MergeTopic
from asset_hub.directory.models import TERM_KIND_WORDS, THEME_WORDS, TaxonomyTerm, TermKind
from asset_hub.directory.views.blueprint import bp

AT_ONCE = 4  # steps done before whoever pressed the button gets an answer; a job does the rest


@bp.get("/topics")
@needs(Can.EDIT_TOPICS)
def topics() -> ResponseReturnValue:
    """Show every topic by kind, with how many listings have it."""
    q = request.args.get("q", "")[:100]
    kind = next((one for one in TermKind if one == request.args.get("kind")), None)
    found = queries.topics_like(db.session(), q, kind)
    return render_template(
        "directory/topics.html", found=found, q=q, kind=kind, kinds=TERM_KIND_WORDS,
        themes=THEME_WORDS,
    )  # fmt: skip


@bp.route("/topics/add", methods=["GET", "POST"])
@needs(Can.EDIT_TOPICS)
def add_topic() -> ResponseReturnValue:
    """Add a topic."""
    form = AddTopic()
    if form.validate_on_submit():
        with form.saving() as session:
            term = service.add_topic(session, by=me(), now=clock.now(), **form.values())
            flash(f"{term.name} can be chosen now.")
            return redirect(url_for(".change_topic", topic_id=term.id))
    return render_template("directory/topic_add.html", form=form), form.status


@bp.route("/topics/<uuid:topic_id>", methods=["GET", "POST"])
@needs(Can.EDIT_TOPICS)
def change_topic(topic_id: UUID) -> ResponseReturnValue:
    """Change what a topic is called and found by."""
    term = load(TaxonomyTerm, topic_id)
    form = ChangeTopic(obj=term)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(term)
            service.change_topic(session, term, by=me(), now=clock.now(), **form.values())
            flash(f"{term.name} is saved.")
            after_this_request(_carry_on)
            return redirect(url_for(".change_topic", topic_id=term.id))
    return _page(term, form)


def _carry_on(response: Response) -> Response:
    """Change the first listings at once, now that the topic itself is saved."""
    for _ in range(AT_ONCE):
        with db.transaction() as session:
            if not service.carry_on(session, now=clock.now()):
                break
    return response


def _page(term: TaxonomyTerm, form: ChangeTopic) -> ResponseReturnValue:
    session = db.session()
    page = render_template(
        "directory/topic.html",
        form=form,
        term=term,
        tally=queries.tallies(session)[term.id],
        taken_in=queries.merges_of(session, term),
        kinds=TERM_KIND_WORDS,
        themes=THEME_WORDS,
    )
    return page, form.status


@bp.post("/topics/<uuid:topic_id>/retire")
@needs(Can.EDIT_TOPICS)
def retire_topic(topic_id: UUID) -> ResponseReturnValue:
    """Let nothing new choose a topic."""
    term = load(TaxonomyTerm, topic_id)
    with db.transaction() as session:
        if service.retire_topic(session, term, by=me(), now=clock.now()):
            flash(f"{term.name} is not offered any more. Listings that have it keep it.")
    return redirect(url_for(".change_topic", topic_id=topic_id))


@bp.post("/topics/<uuid:topic_id>/restore")
@needs(Can.EDIT_TOPICS)
def restore_topic(topic_id: UUID) -> ResponseReturnValue:
    """Offer a retired topic again."""
    term = load(TaxonomyTerm, topic_id)
    form = ChangeTopic(obj=term, formdata=None)
    with form.saving() as session:
        if service.restore_topic(session, term, by=me(), now=clock.now()):
            flash(f"{term.name} can be chosen again.")
        return redirect(url_for(".change_topic", topic_id=topic_id))
    return _page(term, form)


@bp.route("/topics/<uuid:topic_id>/merge", methods=["GET", "POST"])
@needs(Can.EDIT_TOPICS)
def merge_topic(topic_id: UUID) -> ResponseReturnValue:
    """Make a topic another."""
    term, session = load(TaxonomyTerm, topic_id), db.session()
    form = MergeTopic(obj=term)
    form.choose_from(term, queries.topics(session))
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(term)
            kept = session.get_one(TaxonomyTerm, form.kept_id.data)
            service.merge_topic(session, term, kept, by=me(), now=clock.now())
            flash(f"{term.name} is {kept.name} now. You can undo this for 30 days.")
            after_this_request(_carry_on)
            return redirect(url_for(".change_topic", topic_id=kept.id))
    tally = queries.tallies(session)[term.id]
    return render_template("directory/topic_merge.html", form=form, tally=tally), form.status


@bp.post("/topics/<uuid:topic_id>/undo")
@needs(Can.EDIT_TOPICS)
def undo_topic_merge(topic_id: UUID) -> ResponseReturnValue:
    """Take the merge of a topic back."""
    term = load(TaxonomyTerm, topic_id)
    form = ChangeTopic(obj=term, formdata=None)
    with form.saving() as session:
        if service.undo_merge(session, term, by=me(), now=clock.now()):
            flash(f"{term.name} is a topic of its own again.")
        after_this_request(_carry_on)
        return redirect(url_for(".change_topic", topic_id=topic_id))
    return _page(term, form)


@bp.get("/topics/<uuid:topic_id>/history")
@needs(Can.EDIT_TOPICS)
def topic_history(topic_id: UUID) -> ResponseReturnValue:
    """Show what happened to a topic."""
    term = load(TaxonomyTerm, topic_id)
    events = queries.topic_history(db.session(), term)
    return render_template(
        "directory/topic_history.html", term=term, events=events, themes=THEME_WORDS
    )
