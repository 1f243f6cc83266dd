"""Who may do what: one table, one label for views, one gate. Denied unless declared.

A role carries powers, and each power says how far it reaches. The same reach decides
whether one thing may be loaded (`load`) and which rows a list may hold (`within`).
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import SQLModel

from asset_hub.core import db
from asset_hub.core.powers import POWERS, Can, Reach, Role

View = TypeVar("View", bound=Callable[..., Any])
Thing = TypeVar("Thing", bound=SQLModel)


class Proof(StrEnum):
    """What somebody has to show again before a page that asks for it."""

    ANY = "any"  # the password, or a second factor
    FACTOR = "factor"  # a second factor, where the account has one


class Doorkeeper(Protocol):
    """Whoever looks after sessions: asked by the gate where a label alone does not decide.

    Each answers with a page to go to first, or None.
    """

    def ask_in(self) -> ResponseReturnValue | None:
        """Return where somebody goes whose session is locked; None when there is no session."""

    def wake(self, power: Can) -> ResponseReturnValue | None:
        """Return where somebody goes whose role with this power waits for a second factor."""

    def ask_again(self, proof: Proof) -> ResponseReturnValue | None:
        """Return where somebody shows again who they are; None when they did so just now."""


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


Scope = tuple[tuple[str, UUID], ...]
EVERYTHING: Scope = ()


def scopes(actor: Actor, power: Can) -> set[Scope]:
    """Return what a thing must match: all the (column, value) pairs of any one of these.

    What one keeps oneself must also lie where the role was given: a navigator whose role in a
    community has ended reaches nobody there, even while navigating elsewhere.
    """
    found: set[Scope] = set()
    for grant in actor.given:
        reach = POWERS[grant.role].get(power)
        if reach is Reach.SITE:
            found.add(EVERYTHING)
        elif reach is Reach.ASSIGNED and grant.community_id is not None:
            found.add((("owner_id", actor.id), ("community_id", grant.community_id)))
        elif reach in COLUMN:
            value = getattr(grant, COLUMN[reach])
            found |= {((COLUMN[reach], value),)} if value is not None else set()
    return found


def allows(actor: Actor, power: Can) -> bool:
    """Return whether any of the actor's roles carries the power, anywhere."""
    return any(power in POWERS[grant.role] for grant in actor.given)


def reaches(actor: Actor, thing: Any, power: Can) -> bool:
    """Return whether the actor may use the power on this thing.

    A thing that has `keeps_out` says itself whom it is kept from, whatever their role.
    """
    if hasattr(thing, "keeps_out") and thing.keeps_out(actor.id):
        return False
    return any(
        all(getattr(thing, column, None) == value for column, value in scope)
        for scope in scopes(actor, power)
    )


def within(kind: Any, actor: Actor, power: Can) -> ColumnElement[bool]:
    """Return the same rule as a WHERE, for lists."""
    conditions: list[ColumnElement[bool]] = []
    for scope in sorted(scopes(actor, power), key=str):
        if scope == EVERYTHING:
            return true()
        if all(hasattr(kind, column) for column, _ in scope):
            conditions.append(and_(*(_column(kind, column) == value for column, value in scope)))
    if conditions and hasattr(kind, "kept_from"):
        return and_(or_(*conditions), ~kind.kept_from(actor.id))
    return or_(*conditions) if conditions else false()


def _column(kind: Any, name: str) -> Any:
    """Return the column; a property means that the thing is the scope itself (a community)."""
    found = getattr(kind, name)
    return kind.id if isinstance(found, property) else found


def places(actor: Actor, power: Can, column: str) -> set[UUID]:
    """Return the ids of one kind of place ("community_id", …) all of which the power reaches."""
    return {
        value
        for scope in scopes(actor, power)
        if len(scope) == 1
        for name, value in scope
        if name == column
    }


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


def asks_again(proof: Proof = Proof.ANY) -> Callable[[View], View]:
    """Label a view as open only to who has shown within minutes that it is really them.

    It stands beside the label that says who may, in any order.
    """

    def label(view: View) -> View:
        vars(view)["asks_again"] = proof
        return view

    return label


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


def kept_by(app: Flask, keeper: Doorkeeper) -> None:
    """Say who looks after sessions."""
    app.extensions["doorkeeper"] = keeper


def init_app(app: Flask) -> None:
    """Put the gate in front of every view."""
    login.init_app(app)
    public(app.view_functions["static"])
    app.before_request(_gate)
    app.jinja_env.globals.update(may=may, may_do=may_do)


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: let routing answer 404
    view = current_app.view_functions[request.endpoint]
    label, keeper = label_of(view), cast(Doorkeeper, current_app.extensions["doorkeeper"])
    if label is EVERYONE:
        return None
    if not current_user.is_authenticated:
        return keeper.ask_in() or _ask_to_sign_in()
    if label is not SIGNED_IN and (not isinstance(label, Can) or not allows(me(), label)):
        return _refuse(label, keeper)
    proof: Proof | None = vars(view).get("asks_again")
    return keeper.ask_again(proof) if proof else None


def _refuse(label: object, keeper: Doorkeeper) -> ResponseReturnValue:
    elsewhere = keeper.wake(label) if isinstance(label, Can) else None
    if elsewhere is None:
        abort(403)
    return elsewhere


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method not in db.SAFE:
        abort(401)  # its page gives back what was typed
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
