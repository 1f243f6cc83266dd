"""Is this still right? By a lasting mailed link without an account, and for owners with one."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs, public
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.models import Asker, LinkFor, ListingLink, Service
from asset_hub.directory.views import parts
from asset_hub.directory.views.blueprint import bp


def _link(token: str) -> ListingLink:
    return queries.link(db.session(), token, LinkFor.KEEP)


def _link_of(session: Session, token: str) -> ListingLink:
    """Return the link for the listing that the button pressed was about: one mail may hold many."""
    about = request.form.get("of", type=UUID)
    return service.link_of(session, _link(token), about, now=clock.now())


def _address() -> str:
    return request.remote_addr or ""


def _back(token: str) -> ResponseReturnValue:
    page = ".keep_all" if request.form.get("of") else ".keep"
    return redirect(url_for(page, token=token))


@bp.get("/list-a-group/keep/<string:token>")
@public
def keep(token: str) -> ResponseReturnValue:
    """Ask those who run a group whether its listing is still right; looking changes nothing."""
    found = _link(token)
    alive = service.is_alive(found, clock.now())
    return render_template(
        "directory/keep.html",
        listing=found.service,
        token=token,
        alive=alive,
        undo=queries.closed_by_link(db.session(), found.service),
        sections=parts.everything(found.service, own=True) if alive else [],
        message=queries.last_message(db.session(), found.service),
        room=parts.room_in_words(found.service),
        known=parts.freshness([found.service])[found.service.id],
        ladder=queries.upkeep(db.session(), found.service),
        sent=queries.waiting_of(db.session(), found.service, asker=Asker.CONTACT),
    )


@bp.post("/list-a-group/keep/<string:token>/right")
@public
def keep_right(token: str) -> ResponseReturnValue:
    """Note that it is still right."""
    with db.transaction() as session:
        found = _link_of(session, token)
        if service.keep_right(session, found, now=clock.now()):
            flash(f"Thank you. {found.service.name} is confirmed: you confirmed it today.")
    return _back(token)


@bp.post("/list-a-group/keep/<string:token>/change")
@public
def keep_change(token: str) -> ResponseReturnValue:
    """Open its answers in the same steps it was made with."""
    with db.transaction() as session:
        found = _link_of(session, token)
        draft = service.change(session, found, now=clock.now())
    return parts.go(url_for(".check"), draft)


@bp.post("/list-a-group/keep/<string:token>/stopped")
@public
def keep_stopped(token: str) -> ResponseReturnValue:
    """Take a group that has stopped out of finding."""
    with db.transaction() as session:
        found = _link_of(session, token)
        service.keep_stopped(session, found, now=clock.now())
    return _back(token)


@bp.post("/list-a-group/keep/<string:token>/undo")
@public
def keep_running(token: str) -> ResponseReturnValue:
    """Undo that."""
    with db.transaction() as session:
        found = _link_of(session, token)
        if service.keep_running(session, found, now=clock.now()):
            flash(f"{found.service.name} is listed again.")
    return _back(token)


@bp.get("/list-a-group/keep/<string:token>/all")
@public
def keep_all(token: str) -> ResponseReturnValue:
    """Ask about all the listings of one mail; looking changes nothing."""
    found = _link(token)
    alive = service.is_alive(found, clock.now())
    listings = service.kept_by(db.session(), found) if alive else []
    return render_template(
        "directory/keep_all.html",
        token=token,
        alive=alive,
        listings=listings,
        known=parts.freshness(listings),
        undo=queries.closed_by_links(db.session(), listings),
    )


@bp.post("/list-a-group/keep/<string:token>/all")
@public
def keep_all_right(token: str) -> ResponseReturnValue:
    """Note that all of them are still right."""
    with db.transaction() as session:
        kept = service.keep_all_right(session, _link(token), now=clock.now())
        names = f"{len(kept)} listings are" if len(kept) > 1 else "It is"
        flash(f"Thank you. {names} confirmed today." if kept else "None of them is listed now.")
    return redirect(url_for(".keep_all", token=token))


@bp.post("/list-a-group/keep/<string:token>/again")
@public
def keep_again(token: str) -> ResponseReturnValue:
    """Mail a new link in place of one that has ended."""
    found = _link(token)
    with db.transaction() as session:
        service.mail_keep_link(
            session, found.service, address=_address(), now=clock.now(), stranger=False
        )
    return render_template("directory/keep_sent.html")


@bp.get("/groups/<uuid:service_id>/keep")
@public
def keep_ask(service_id: UUID) -> ResponseReturnValue:
    """Offer the people who run a listed group their link."""
    group = queries.lasting(db.session(), service_id)
    return render_template("directory/keep_ask.html", group=group)


@bp.post("/groups/<uuid:service_id>/keep")
@public
def keep_mail(service_id: UUID) -> ResponseReturnValue:
    """Mail it, to the address the group left and to no other."""
    group = queries.lasting(db.session(), service_id)
    with db.transaction() as session:
        service.mail_keep_link(session, group, address=_address(), now=clock.now())
    return render_template("directory/keep_sent.html")


@bp.get("/your-groups")
@needs(Can.EDIT_LISTING)
def mine() -> ResponseReturnValue:
    """Show an owner the listings of what they run."""
    groups, session = queries.mine(db.session(), me()), db.session()
    sent = queries.sent_by_owner(session, groups, by=me())
    return render_template(
        "directory/mine.html",
        groups=groups,
        sent=sent,
        known=parts.freshness(groups),
        ladder=queries.upkeeps(session, groups),
    )


@bp.post("/groups/<uuid:service_id>/still-right")
@needs(Can.EDIT_LISTING)
def still_right(service_id: UUID) -> ResponseReturnValue:
    """Note an owner's word that a listing is still right."""
    group = load(Service, service_id)
    with db.transaction() as session:
        done = service.still_right(session, group, by=me(), now=clock.now())
    flash(f"Thank you. {group.name} is confirmed today." if done else "It is not listed now.")
    return redirect(url_for(".mine"))
