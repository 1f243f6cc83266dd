"""Pages that make a connection: choose a group, write, check, send.

What was written is kept sealed while it is checked, so that the check is a page of its own: going
back, or loading it again, asks nothing of the browser and sends nothing.
"""

import json
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from asset_hub.communities.models import Community
from asset_hub.connections import queries, service
from asset_hub.connections.forms import CheckedForm, MakeForm, QuickForm
from asset_hub.connections.models import Connection, ConnectionDraft, State
from asset_hub.connections.views.bp import bp, chosen_key, look_at_person
from asset_hub.core import clock, db
from asset_hub.core.access import me, needs
from asset_hub.core.powers import Can
from asset_hub.directory import queries as directory
from asset_hub.people import queries as people
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedTo, Person
from asset_hub.search import service as search

Checked = TypeVar("Checked", bound=CheckedForm)


@bp.route("/people/<uuid:person_id>/connect", methods=["GET", "POST"])
@needs(Can.MAKE_CONNECTION)
def make(person_id: UUID) -> ResponseReturnValue:
    """Connect a person to a group."""
    person = look_at_person(person_id)
    if (key := chosen_key()) is None:
        return _choose(person.community, person)
    group = directory.published(db.session(), key)
    kept = _kept(key, person)
    if kept and not kept.answers:
        return _sent_before(kept)
    preset = {"topic": queries.topic_of(group), "message": queries.opening_words(person, group)}
    form = _fill(MakeForm, kept, **preset).offer(queries.topics_to_choose(db.session()))
    stage = form.stage()
    if (stage == "send" and (away := _save(form, person, key))) or (
        stage == "keep" and (away := _keep(form, key, person))
    ):
        return away
    page = {"person": person, "group": group, "form": form, "stage": stage, "draft": kept}
    page |= {"told": queries.told_of(person, form.message.data)}
    page |= {"wording": persons.words_to_read(AgreedTo.SHARE)}
    return render_template("connections/make.html", **page), form.status


def _kept(key: UUID, person: Person | None) -> ConnectionDraft | None:
    """Return what the address says was kept; None when it names nothing."""
    draft = request.args.get("draft", type=UUID)
    if draft is None:
        return None
    person_id = person.id if person else None
    return queries.draft(db.session(), draft, me(), service_id=key, person_id=person_id)


def _fill(kind: type[Checked], kept: ConnectionDraft | None, **preset: Any) -> Checked:
    """Return a form with what was posted, else with what was kept, else as it begins."""
    if kept is None or request.method == "POST":
        return kind(**preset)
    return kind(MultiDict(json.loads(kept.answers)), meta={"csrf": False}, **preset)


def _keep(form: CheckedForm, key: UUID, person: Person | None) -> ResponseReturnValue | None:
    """Keep what was written and go on to the check; None when it was refused."""
    with form.saving() as session:
        person_id = person.id if person else None
        draft = service.keep_draft(
            session,
            form.answers(),
            service_id=key,
            person_id=person_id,
            by=me(),
            now=clock.now(),
        )
        away = ".make" if person else ".quick"
        return redirect(url_for(away, person_id=person_id, service=key, draft=draft.id))
    return None


def _sent_before(draft: ConnectionDraft) -> ResponseReturnValue:
    """Go to what was sent already."""
    made = queries.by_request_key(db.session(), draft.request_key)
    return redirect(url_for(".show", connection_id=made.id) if made else url_for(".index"))


def _save(form: MakeForm, person: Person, key: UUID) -> ResponseReturnValue | None:
    """Save the connection and show it; None when it was refused and the form says why."""
    with form.saving() as session:
        made = service.make(
            session,
            person,
            directory.published(session, key),
            route=queries.route_of(me(), person),
            by=me(),
            today=clock.today(),
            now=clock.now(),
            **form.values(),
        )
        service.empty_draft(session, made.request_key)
        return _say_sent(made)
    return None


def _say_sent(made: Connection) -> ResponseReturnValue:
    asked = made.state is not State.AGREED
    flash("The group has been asked." if asked else "It is saved. Now telephone the group.")
    return redirect(url_for(".show", connection_id=made.id))


def _choose(community: Community | None, person: Person | None) -> ResponseReturnValue:
    """Show groups to choose from, those that fit and are near the person first, each with why."""
    typed, taps = request.args.get("q", "")[:200], request.args.getlist("about")
    found = search.suited(
        db.session(),
        typed,
        community=community,
        about=taps,
        every="all" in request.args,
        pages=request.args.get("more", 1, type=int),
        today=clock.today(),
    )
    asked = {"q": typed or None, "about": list(found.asked.about)}
    asked |= {"all": "1" if found.asked.every else None}
    return render_template("connections/choose.html", found=found, person=person, asked=asked)


@bp.route("/connect", methods=["GET", "POST"])
@needs(Can.ADD_PERSON)
def quick() -> ResponseReturnValue:
    """Add a person and connect them, in a minute."""
    homes, key = people.homes(db.session(), me()), chosen_key()
    if key is None or not homes:
        return _choose(people.community_of(db.session(), homes), None)
    kept = _kept(key, None)
    if kept and not kept.answers:
        return _sent_before(kept)
    group = directory.published(db.session(), key)
    said = request.args.get("q", "")[:200]  # what matters to them, as it was looked for
    words = queries.opening_words(None, group)
    form = _fill(QuickForm, kept, message=words, matters=said).offer(homes)
    stage = form.stage()
    if (stage == "send" and (away := _save_new(form, key))) or (
        stage == "keep" and (away := _keep(form, key, None))
    ):
        return away
    page = {"group": group, "form": form, "stage": stage, "draft": kept}
    page |= _to_check(form) if stage == "check" else {}
    page |= {"wording": persons.words_for_both()}
    return render_template("connections/quick.html", **page), form.status


def _to_check(form: QuickForm) -> dict[str, Any]:
    """Return what the group would see, and who looks like them, each noted as looked at."""
    name, phone = form.name.data, form.phone.data
    with db.transaction() as session:
        alike: Sequence[Person] = persons.look_alikes(
            session, name=name, phone=phone, by=me(), now=clock.now()
        )
    return {"told": queries.told_of_new(**form.values()), "alike": alike}


def _save_new(form: QuickForm, key: UUID) -> ResponseReturnValue | None:
    """Save the person and the connection; None when it was refused and the form says why."""
    with form.saving() as session:
        group = directory.published(session, key)
        made = service.connect_new(
            session, group, by=me(), today=clock.today(), now=clock.now(), **form.values()
        )
        service.empty_draft(session, made.request_key)
        return _say_sent(made)
    return None
