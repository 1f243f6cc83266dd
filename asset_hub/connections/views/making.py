"""Pages that make a connection: choose a group, write, check, send."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.communities.models import Community
from asset_hub.connections import queries, service
from asset_hub.connections.forms import MakeForm, QuickForm
from asset_hub.connections.models import Connection, State
from asset_hub.connections.views.bp import bp, look_at_person
from asset_hub.core import clock, db
from asset_hub.core.access import me, needs
from asset_hub.core.powers import Can
from asset_hub.directory import queries as directory
from asset_hub.people import queries as people
from asset_hub.people import service as persons
from asset_hub.people.models import AgreedTo, Person

WORDS = (AgreedTo.RECORD, AgreedTo.SHARE)


def _chosen() -> UUID | None:
    return request.args.get("service", type=UUID)


@bp.route("/people/<uuid:person_id>/connect", methods=["GET", "POST"])
@needs(Can.MAKE_CONNECTION)
def make(person_id: UUID) -> ResponseReturnValue:
    """Connect a person to a group."""
    person = look_at_person(person_id)
    key = _chosen()
    if key is None:
        return _choose(person.community, person)
    group = directory.published(db.session(), key)
    form = MakeForm(
        topic=queries.topic_of(group), message=queries.opening_words(person, group)
    ).offer(directory.topics(db.session()))
    stage = form.stage()
    if stage == "send" and (made := _save(form, person, key)):
        return redirect(url_for(".show", connection_id=made.id))
    page = {"person": person, "group": group, "form": form}
    page |= {"told": queries.told_of(person, form.message.data), "stage": stage}
    page |= {"wording": persons.words_to_read(AgreedTo.SHARE)}
    return render_template("connections/make.html", **page), form.status


def _save(form: MakeForm, person: Person, key: UUID) -> Connection | None:
    """Save the connection; None when it was refused and the form says why."""
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
        _say_sent(made)
        return made
    return None


def _say_sent(made: Connection) -> None:
    asked = made.state is not State.AGREED
    flash("The group has been asked." if asked else "It is saved. Now telephone the group.")


def _choose(community: Community | None, person: Person | None) -> ResponseReturnValue:
    """Show groups to choose from, those of the person's own community first."""
    asked = request.args.get("q", "")[:200]
    found = queries.groups(db.session(), asked, community=community)
    return render_template("connections/choose.html", groups=found, person=person, asked=asked)


@bp.route("/connect", methods=["GET", "POST"])
@needs(Can.ADD_PERSON)
def quick() -> ResponseReturnValue:
    """Add a person and connect them, in a minute."""
    homes, key = people.homes(db.session(), me()), _chosen()
    if key is None or not homes:
        return _choose(people.community_of(db.session(), homes), None)
    group = directory.published(db.session(), key)
    form = QuickForm().offer(homes)
    stage, told = form.stage(), None
    alike: Sequence[Person] = []
    if stage == "send" and (made := _save_new(form, key)):
        return redirect(url_for(".show", connection_id=made.id))
    if stage == "check":
        told = queries.told_of_new(group, **form.values())
        alike = people.doubles(db.session(), me(), name=form.name.data, phone=form.phone.data)
    page = {"group": group, "form": form, "told": told, "stage": stage, "alike": alike}
    page |= {"wordings": [persons.words_to_read(each) for each in WORDS]}
    return render_template("connections/quick.html", **page), form.status


def _save_new(form: QuickForm, key: UUID) -> Connection | None:
    """Save the person and the connection; None when it was refused and the form says why."""
    with form.saving() as session:
        group = directory.published(session, key)
        made = service.connect_new(
            session, group, by=me(), today=clock.today(), now=clock.now(), **form.values()
        )
        _say_sent(made)
        return made
    return None
