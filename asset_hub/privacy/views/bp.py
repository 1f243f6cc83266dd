"""The blueprint, and what its pages share: the links, and the proof that a page was opened."""

from flask import Blueprint, Response, current_app, make_response, request
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from asset_hub.core import clock, db, ids
from asset_hub.core.errors import Missing
from asset_hub.privacy import queries
from asset_hub.privacy.models import OwnLink

bp = Blueprint("privacy", __name__)
PRIVATE = {
    "Cache-Control": "no-store",
    # The token stays out of every Referer. "no-referrer" would fail the form's own origin check.
    "Referrer-Policy": "strict-origin",
}


class ClosedError(Exception):
    """The page of a link was open for longer than its proof lasts."""


def private(page: str, status: int = 200) -> Response:
    """Answer with a page that no browser and no proxy keeps, and that no link tells of."""
    return make_response(page, status, PRIVATE)


def link_of(token: str) -> OwnLink:
    """Return the link that a token opens; raise Missing when it is over."""
    found = queries.link_of(db.session(), token, now=clock.now())
    if found is None:
        raise Missing
    return found


def proof(token: str) -> str:
    """Return what shows, for half an hour, that a link's page was opened with the last digits."""
    return _signer().sign(ids.digest(token)).decode()


def proven(token: str) -> OwnLink:
    """Return the link when the form carries the proof of its page; raise Missing otherwise.

    Raise ClosedError when the proof was right, and is over.
    """
    link = link_of(token)
    try:
        lasts = int(queries.PROOF_LASTS.total_seconds())
        said = _signer().unsign(request.form.get("proof", ""), max_age=lasts).decode()
    except SignatureExpired as over:
        if over.payload == ids.digest(token).encode():
            raise ClosedError from None
        raise Missing from None
    except BadSignature:
        raise Missing from None
    if said != ids.digest(token):
        raise Missing
    return link


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.secret_key or "", salt="own-page")
