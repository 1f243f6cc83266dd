"""Who may do what: one table, one label for views, one gate. Denied unless declared.

A role carries powers, and each power says how far it reaches. The same reach decides
whether one thing may be loaded (`load`) and which rows a list may hold (`within`).
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy import ColumnElement, false, or_, true
from sqlmodel import SQLModel

from asset_hub.core import db
from asset_hub.core.powers import POWERS, Can, Reach, Role

View = TypeVar("View", bound=Callable[..., Any])
Thing = TypeVar("Thing", bound=SQLModel)

EVERYONE = object()
SIGNED_IN = object()
login = LoginManager()


class Given(Protocol):
    """A role given to an account, somewhere."""

    role: Role
    community_id: UUID | None
    practice_id: UUID | None
    organization_id: UUID | None


class Actor(Protocol):
    """The part of an account that decisions are made on."""

    id: UUID

    @property
    def given(self) -> Iterable[Given]:
        """Return every role this account holds now."""


COLUMN = {
    Reach.PATCH: "community_id",
    Reach.PRACTICE: "practice_id",
    Reach.GROUP: "organization_id",
}


def scopes(actor: Actor, power: Can) -> set[tuple[str, UUID | None]]:
    """Return the (column, value) pairs a thing must match one of; ("*", None) is everything."""
    found: set[tuple[str, UUID | None]] = set()
    for grant in actor.given:
        reach = POWERS[grant.role].get(power)
        if reach is Reach.SITE:
            found.add(("*", None))
        elif reach is Reach.ASSIGNED:
            found.add(("owner_id", actor.id))
        elif reach is not None:
            column = COLUMN[reach]
            found.add((column, getattr(grant, column)))
    return found


def allows(actor: Actor, power: Can) -> bool:
    """Return whether any of the actor's roles carries the power, anywhere."""
    return any(power in POWERS[grant.role] for grant in actor.given)


def reaches(actor: Actor, thing: Any, power: Can) -> bool:
    """Return whether the actor may use the power on this thing."""
    for column, value in scopes(actor, power):
        if column == "*" or (value is not None and getattr(thing, column, None) == value):
            return True
    return False


def within(kind: Any, actor: Actor, power: Can) -> ColumnElement[bool]:
    """Return the same rule as a WHERE, for lists."""
    conditions: list[ColumnElement[bool]] = []
    for column, value in sorted(scopes(actor, power), key=str):
        if column == "*":
            return true()
        if value is not None and hasattr(kind, column):
            found = getattr(kind, column)
            # a property means that the thing is the scope itself: a community, an organisation
            conditions.append((kind.id if isinstance(found, property) else found) == value)
    return or_(*conditions) if conditions else false()


def places(actor: Actor, power: Can, column: str) -> set[UUID]:
    """Return the ids of one kind of scope ("community_id", …) the power reaches."""
    return {value for name, value in scopes(actor, power) if name == column and value is not None}


def needs(power: Can) -> Callable[[View], View]:
    """Label a view with the power it needs; the gate below enforces the label."""

    def label(view: View) -> View:
        vars(view)["access"] = power
        return view

    return label


def public(view: View) -> View:
    """Label a view as open to everyone, signed in or not."""
    vars(view)["access"] = EVERYONE
    return view


def signed_in(view: View) -> View:
    """Label a view as open to anyone with an account: it shows only what is their own."""
    vars(view)["access"] = SIGNED_IN
    return view


def label_of(view: Callable[..., Any]) -> object:
    """Return the power a view needs, EVERYONE, SIGNED_IN, or None when nobody said."""
    return vars(view).get("access")


def me() -> Any:
    """Return the account that is signed in; views pass it to services as `by`."""
    return current_user._get_current_object()


def may(power: Can | str) -> bool:
    """Return whether the signed-in person has a power anywhere (for menus and buttons)."""
    return bool(current_user.is_authenticated) and allows(me(), Can(power))


def may_do(power: Can | str, thing: Any) -> bool:
    """Return whether the signed-in person may use a power on this thing."""
    return bool(current_user.is_authenticated) and reaches(me(), thing, Can(power))


def load(kind: type[Thing], key: UUID, power: Can | None = None) -> Thing:
    """Fetch a thing within reach of the view's own power; anything else does not exist (404)."""
    wanted = power or label_of(current_app.view_functions[request.endpoint or ""])
    thing = db.session().get(kind, key)
    if thing is None or not reaches(me(), thing, cast(Can, wanted)):
        abort(404)
    return thing


def init_app(app: Flask) -> None:
    """Put the gate in front of every view."""
    login.init_app(app)
    public(app.view_functions["static"])
    app.before_request(_gate)
    app.jinja_env.globals.update(may=may, may_do=may_do)


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: let routing answer 404
    label = label_of(current_app.view_functions[request.endpoint])
    if label is EVERYONE:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if label is SIGNED_IN:
        return None
    if not isinstance(label, Can) or not allows(me(), label):
        abort(403)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method not in db.SAFE:
        abort(401)  # its page gives back what was typed
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
