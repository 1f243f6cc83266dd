"""Asking for a hello without an account, and taking one."""

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.accounts.models import Account
from asset_hub.connections import queries, service
from asset_hub.connections.forms import HelloForm
from asset_hub.connections.models import HELLO_WISH_TOLD, Connection, Hello, HelloState
from asset_hub.connections.views.bp import bp
from asset_hub.connections.views.reply import PRIVATE
from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs, public
from asset_hub.core.powers import Can
from asset_hub.directory import queries as directory
from asset_hub.people import queries as people
from asset_hub.people import service as persons
from asset_hub.people.models import Person


@bp.app_template_global()
def hello_possible(group: object) -> bool:
    """Return whether somebody is there who could say hello for a group."""
    return queries.can_be_asked(db.session(), group)  # type: ignore[arg-type]


@bp.route("/groups/<uuid:service_id>/hello", methods=["GET", "POST"])
@public
def hello(service_id: UUID) -> ResponseReturnValue:
    """Ask for a hello at a group, for oneself."""
    group = directory.published(db.session(), service_id)
    form = HelloForm()
    if form.validate_on_submit():
        who = request.remote_addr or ""
        with form.saving() as session:
            service.ask_for_hello(
                session, group, address=who, today=clock.today(), now=clock.now(), **form.values()
            )
            return redirect(url_for(".hello_asked", token=form.request_key.data))
    possible = queries.can_be_asked(db.session(), group)
    page = {"form": form, "group": group, "possible": possible, "wording": persons.words_online()}
    return make_response(render_template("connections/hello.html", **page), form.status)


@bp.get("/hello/<string:token>")
@public
def hello_asked(token: str) -> ResponseReturnValue:
    """Show whoever asked how things stand."""
    found, today = queries.hello_of(db.session(), token), clock.today()
    state = queries.state_of_hello(db.session(), found)
    page = {"hello": found, "token": token, "states": HelloState, "late": found.due_on < today}
    page |= {"progress": service.hello_progress(found, state)}
    return make_response(render_template("connections/hello_asked.html", **page), 200, PRIVATE)


@bp.post("/hello/<string:token>/take-back")
@public
def hello_take_back(token: str) -> ResponseReturnValue:
    """Take it back, as long as nobody has begun."""
    with db.transaction() as session:
        service.take_back(session, queries.hello_of(session, token), now=clock.now())
    return redirect(url_for(".hello_asked", token=token))


@bp.get("/hellos")
@needs(Can.TAKE_HELLO)
def hellos() -> ResponseReturnValue:
    """Show who would like a hello."""
    with db.transaction() as session:
        found = service.look_over_hellos(session, me(), now=clock.now())
    page = {"hellos": found, "wishes": HELLO_WISH_TOLD, "day": clock.today()}
    page |= {"closable": service.to_decline(db.session(), found, me())}
    return render_template("connections/hellos.html", **page)


@bp.post("/hellos/<uuid:hello_id>/take")
@needs(Can.TAKE_HELLO)
def hello_take(hello_id: UUID) -> ResponseReturnValue:
    """Take a hello; ask first when the person seems to be known."""
    by, today, now = me(), clock.today(), clock.now()
    found, chosen = load(Hello, hello_id), request.form.get("person", type=UUID)
    known = load(Person, chosen, Can.MAKE_CONNECTION) if chosen else None
    with db.transaction() as session:
        sure = known or "sure" in request.form or not found.is_waiting
        alike = [] if sure else service.alike(session, found, by=by, now=now)
        take = {"by": by, "known": known, "today": today, "now": now}
        made = None if alike else service.take(session, found, **take)
    if made is None:
        return render_template("connections/hello_alike.html", hello=found, alike=alike)
    flash(_who_keeps(made, by))
    return redirect(url_for(".show", connection_id=made.id))


def _who_keeps(made: Connection, by: Account) -> str:
    """Return what whoever took a hello is told: they keep it, beside who keeps the person."""
    if made.owner_id != by.id:  # taken before, and given to somebody else since
        return "You took this before. Somebody else keeps in touch now."
    told = "You keep in touch with them from now on. Get in touch first, then ask the group."
    other = made.person.owner
    if other is None or other.id == by.id or not people.can_keep(other, made.person):
        return told
    return f"{told} {other.name} keeps in touch with them too: tell them about it."


@bp.post("/hellos/<uuid:hello_id>/decline")
@needs(Can.TAKE_HELLO)
def hello_decline(hello_id: UUID) -> ResponseReturnValue:
    """Say that nobody here can."""
    found = load(Hello, hello_id)
    with db.transaction() as session:
        service.decline(session, found, by=me(), now=clock.now())
    flash("It is closed, and what they wrote is deleted.")
    return redirect(url_for(".hellos"))
