"""One's own account: name, password, roles, sessions."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.accounts import queries, service
from asset_hub.accounts.forms import NameForm, PasswordForm
from asset_hub.accounts.models import SHOWN_WORDS
from asset_hub.accounts.views import door
from asset_hub.accounts.views.bp import bp
from asset_hub.core import clock, db
from asset_hub.core.access import me, public, signed_in
from asset_hub.core.ids import digest
from asset_hub.core.powers import POWERS, REACH_WORDS, ROLE_WORDS, WORDS


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Show what is kept of somebody's account."""
    return render_template(
        "accounts/account.html",
        account=me(),
        held=queries.held(me()),
        sessions=queries.sessions_of(db.session(), me(), now=clock.now()),
        this=digest(door.token()),
    )


@bp.route("/account/name", methods=["GET", "POST"])
@signed_in
def name() -> ResponseReturnValue:
    """Change one's name."""
    form = NameForm(obj=me())
    if form.validate_on_submit():
        with form.saving() as session:
            service.rename(session, me(), now=clock.now(), **form.values())
            flash("Your name is changed.")
            return redirect(url_for(".account"), 303)
    return render_template("accounts/name.html", form=form), form.status


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Change one's password; every other session ends."""
    form = PasswordForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            service.count_password(session, account_id=str(me().id), now=clock.now())
        with form.saving() as session:
            service.change_password(
                session, me(), token=door.token(), now=clock.now(), **form.values()
            )
            flash("Your password is changed. Other devices are signed out.")
            return redirect(url_for(".account"), 303)
    return render_template("accounts/password.html", form=form), form.status


@bp.post("/account/sessions/<uuid:sign_in_id>/end")
@signed_in
def end_session(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign one device out."""
    with db.transaction() as session:
        service.end_session(session, me(), sign_in_id, now=clock.now())
    flash("That device is signed out.")
    return redirect(url_for(".account"), 303)


@bp.post("/account/sessions/end-others")
@signed_in
def end_others() -> ResponseReturnValue:
    """Sign out every device but this one."""
    with db.transaction() as session:
        service.end_others(session, me(), door.token(), now=clock.now())
    flash("Every other device is signed out.")
    return redirect(url_for(".account"), 303)


@bp.post("/account/roles/<uuid:grant_id>/named")
@signed_in
def named(grant_id: UUID) -> ResponseReturnValue:
    """Choose whether a community's page names one as its champion, and how."""
    with db.transaction() as session:
        row = service.show_as(
            session, me(), grant_id, request.form.get("shown", ""), now=clock.now()
        )
    flash(f"{row.words}: {SHOWN_WORDS[row.shown]}.")
    return redirect(url_for(".account"), 303)


@bp.get("/roles")
@public
def roles() -> ResponseReturnValue:
    """Show what each role can do, drawn from the table of powers."""
    return render_template(
        "accounts/roles.html",
        roles=ROLE_WORDS,
        powers=POWERS,
        words=WORDS,
        reach=REACH_WORDS,
    )
