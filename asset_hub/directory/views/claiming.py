"""Who runs a group: claimed with an account, and mail that goes to another address."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import me, public, signed_in
from asset_hub.directory import queries, service
from asset_hub.directory.forms import Claim
from asset_hub.directory.models import Asks, ChangeLink, ChangeLinkFor, Service
from asset_hub.directory.views.blueprint import bp


def _link(token: str, purpose: ChangeLinkFor, asks: Asks) -> ChangeLink:
    return queries.change_link(db.session(), token, purpose, asks)


@bp.get("/groups/<uuid:service_id>/claim")
@public
def claim(service_id: UUID) -> ResponseReturnValue:
    """Say what claiming is and who is asked; with an account, one can do it there."""
    return _claim_page(queries.published(db.session(), service_id), Claim())


def _claim_page(group: Service, form: Claim) -> ResponseReturnValue:
    asked = bool(queries.contact_email(group))
    page = render_template("directory/claim.html", form=form, group=group, asked=asked)
    return page, form.status


@bp.post("/groups/<uuid:service_id>/claim")
@signed_in
def claim_now(service_id: UUID) -> ResponseReturnValue:
    """Say that one runs a group: the address it already has is asked."""
    group = queries.published(db.session(), service_id)
    form = Claim()
    if form.validate_on_submit():
        with form.saving() as session:
            service.claim(session, group, by=me(), now=clock.now(), **form.values())
            return redirect(url_for(".claim_sent", service_id=group.id))
    return _claim_page(group, form)


@bp.get("/groups/<uuid:service_id>/claim/sent")
@signed_in
def claim_sent(service_id: UUID) -> ResponseReturnValue:
    """Say what happens next."""
    group = queries.published(db.session(), service_id)
    asked = bool(queries.contact_email(group))
    return render_template("directory/claim_sent.html", group=group, asked=asked)


class _Proof(NamedTuple):
    """A mailed link that asks its reader one thing: its page, and what their word does."""

    page: str  # the name of the page and of its template
    purpose: ChangeLinkFor
    asks: Asks
    take: Callable[..., object]


CLAIM = _Proof("claim_link", ChangeLinkFor.PROVE, Asks.CLAIM, service.prove_claim)
ADDRESS = _Proof("address_link", ChangeLinkFor.PROVE, Asks.ADDRESS, service.prove_address)
NOT_US = _Proof("not_us", ChangeLinkFor.STOP, Asks.ADDRESS, service.stop_address)


def _ask(token: str, proof: _Proof, **more: object) -> ResponseReturnValue:
    """Show what a link asks; looking changes nothing."""
    link = _link(token, proof.purpose, proof.asks)
    alive = link.expires_at > clock.now()
    page = f"directory/{proof.page}.html"
    return render_template(page, change=link.change, token=token, alive=alive, **more)


def _take(token: str, proof: _Proof) -> ResponseReturnValue:
    """Take its reader's word."""
    link = _link(token, proof.purpose, proof.asks)
    with db.transaction() as session:
        proof.take(session, link, now=clock.now())
    return redirect(url_for(f".{proof.page}", token=token))


@bp.get("/list-a-group/claim/<string:token>")
@public
def claim_link(token: str) -> ResponseReturnValue:
    """Show the group's own address who says that they run it."""
    change = _link(token, CLAIM.purpose, CLAIM.asks).change
    return _ask(token, CLAIM, found=service.review(db.session(), change, today=clock.today()))


@bp.post("/list-a-group/claim/<string:token>/yes")
@public
def claim_yes(token: str) -> ResponseReturnValue:
    """Take that address's word."""
    return _take(token, CLAIM)


@bp.get("/list-a-group/address/<string:token>")
@public
def address_link(token: str) -> ResponseReturnValue:
    """Show a new address what it is asked."""
    return _ask(token, ADDRESS)


@bp.post("/list-a-group/address/<string:token>/yes")
@public
def address_yes(token: str) -> ResponseReturnValue:
    """Take the new address's word that it is right."""
    return _take(token, ADDRESS)


@bp.get("/list-a-group/not-us/<string:token>")
@public
def not_us(token: str) -> ResponseReturnValue:
    """Ask the old address whether it was not them."""
    return _ask(token, NOT_US)


@bp.post("/list-a-group/not-us/<string:token>/stop")
@public
def not_us_stop(token: str) -> ResponseReturnValue:
    """Stop the change of address on the old one's word."""
    return _take(token, NOT_US)
