"""Who holds a role in my places: invited, ended, given back; accounts disabled and enabled."""

from itertools import groupby
from types import SimpleNamespace
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.accounts import queries, service
from asset_hub.accounts.forms import InviteForm
from asset_hub.accounts.models import Account, Grant, Invitation
from asset_hub.accounts.views.bp import bp
from asset_hub.accounts.views.words import being
from asset_hub.core import clock, db
from asset_hub.core.access import allows, load, me, needs
from asset_hub.core.errors import Missing
from asset_hub.core.forms import Form
from asset_hub.core.powers import ROLE_WORDS, Can


def _page() -> int:
    return max(1, min(request.args.get("page", 1, type=int), 10_000))


def _to_team(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for(".team"), 303)


@bp.get("/team")
@needs(Can.SEE_TEAM)
def team() -> ResponseReturnValue:
    """Show who holds which role in my places, and who was invited."""
    session, page = db.session(), _page()
    grants, pages = queries.team(session, me(), page=page)
    return render_template(
        "accounts/team.html",
        people=[(who, list(held)) for who, held in groupby(grants, key=lambda row: row.account)],
        ended=queries.ended_lately(session, me(), now=clock.now()),
        invitations=queries.pending_invitations(session, me()),
        mine=lambda row: service.may_end(me(), row.role, row.place),
        helps=lambda account: service.may_help(me(), account),
        now=clock.now(),
        page=page,
        pages=pages,
    )


@bp.route("/invite", methods=["GET", "POST"])
@needs(Can.SEE_TEAM)
def invite() -> ResponseReturnValue:
    """Invite somebody to a role."""
    form = InviteForm()
    form.role.choices = [(role, ROLE_WORDS[role]) for role in service.givable(me())]
    form.place.choices = queries.places_to_invite_to(db.session(), me())
    if len(form.place.choices) == 1:
        form.place.blank = None
    if form.validate_on_submit():
        with form.saving() as session:
            made = service.invite(session, by=me(), now=clock.now(), **form.values())
            flash(f"{made.name} is invited to be {being(made)}.")
            return redirect(url_for(".team"), 303)
    return render_template("accounts/invite.html", form=form), form.status


@bp.post("/team/invitations/<uuid:invitation_id>/send-again")
@needs(Can.SEE_TEAM)
def send_invitation_again(invitation_id: UUID) -> ResponseReturnValue:
    """Send an invitation once more."""
    invitation = load(Invitation, invitation_id)
    with db.transaction() as session:
        service.send_again(session, invitation, by=me(), now=clock.now())
    return _to_team(f"The invitation to {invitation.email} is sent again.")


@bp.post("/team/invitations/<uuid:invitation_id>/withdraw")
@needs(Can.SEE_TEAM)
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    invitation = load(Invitation, invitation_id)
    with db.transaction() as session:
        service.withdraw(session, invitation, by=me(), now=clock.now())
    return _to_team(f"The invitation to {invitation.email} is withdrawn.")


@bp.route("/team/roles/<uuid:grant_id>/end", methods=["GET", "POST"])
@needs(Can.SEE_TEAM)
def end_grant(grant_id: UUID) -> ResponseReturnValue:
    """Say what follows when a role ends, and end it at once with one button."""
    role = load(Grant, grant_id)
    if not service.may_end(me(), role.role, role.place):
        raise Missing
    form, over_people = Form(), allows(SimpleNamespace(given=[role]), Can.READ_PERSON)
    if form.validate_on_submit():
        with form.saving() as session:
            service.end_grant(session, role, by=me(), now=clock.now())
            left = " People they kept in touch with need an owner now." if over_people else ""
            return _to_team(f"{role.account.name} is no longer {being(role)}.{left}")
    page = {"form": form, "role": role, "being": being(role), "over_people": over_people}
    page |= {"others": len(queries.held(role.account)) > 1}
    return render_template("accounts/end_role.html", **page), form.status


@bp.post("/team/roles/<uuid:grant_id>/give-back")
@needs(Can.SEE_TEAM)
def give_back(grant_id: UUID) -> ResponseReturnValue:
    """Give a role back that was ended by mistake."""
    grant = load(Grant, grant_id)
    with db.transaction() as session:
        service.give_back(session, grant, by=me(), now=clock.now())
    return _to_team(f"{grant.account.name} is {being(grant)} again.")


def _asked_for() -> str:
    return request.args.get("q", "").replace("\x00", "").strip()  # PostgreSQL refuses it


@bp.get("/accounts")
@needs(Can.MANAGE_ACCOUNTS)
def accounts() -> ResponseReturnValue:
    """Find any account by its name or address."""
    words, page = _asked_for()[:100], _page()
    found, pages = queries.accounts(db.session(), words, page=page)
    return render_template(
        "accounts/accounts.html", accounts=found, q=words, page=page, pages=pages
    )


@bp.get("/accounts/<uuid:account_id>")
@needs(Can.MANAGE_ACCOUNTS)
def one(account_id: UUID) -> ResponseReturnValue:
    """Show an account and the roles it holds."""
    found = load(Account, account_id)
    return render_template("accounts/one.html", account=found, held=queries.held(found))


@bp.post("/accounts/<uuid:account_id>/disable")
@needs(Can.MANAGE_ACCOUNTS)
def disable(account_id: UUID) -> ResponseReturnValue:
    """Shut an account: its sessions and roles end with this request."""
    account = load(Account, account_id)
    with db.transaction() as session:
        service.disable(session, account, by=me(), now=clock.now())
    flash(f"{account.name}’s account is disabled. They are signed out everywhere.")
    return redirect(url_for(".one", account_id=account.id), 303)


@bp.post("/accounts/<uuid:account_id>/enable")
@needs(Can.MANAGE_ACCOUNTS)
def enable(account_id: UUID) -> ResponseReturnValue:
    """Open a disabled account again."""
    account = load(Account, account_id)
    with db.transaction() as session:
        service.enable(session, account, by=me(), now=clock.now())
    flash(f"{account.name} can sign in again. Give back their roles on the team page.")
    return redirect(url_for(".one", account_id=account.id), 303)
