"""What the gate asks where a label alone does not decide: locked, asleep, or not sure any more."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import SignIn
from asset_hub.accounts.views import door
from asset_hub.core import clock, db
from asset_hub.core.access import Proof, me
from asset_hub.core.faults import typed
from asset_hub.core.powers import POWERS, Can


class Keeper:
    """Sends somebody to prove who they are, and keeps what they were sending."""

    def ask_in(self) -> ResponseReturnValue | None:
        """Return the way to the lock of a locked session."""
        row = door.locked()
        return _first(row, "accounts.locked") if row else None

    def wake(self, power: Can) -> ResponseReturnValue | None:
        """Return the way to a second factor for whose role with this power is asleep."""
        account, row = me(), door.sign_in()
        roles = {grant.role for grant in account.grants if grant.ended_at is None}
        sleeps = account.asleep and any(power in POWERS[role] for role in roles)
        if row is None or not sleeps:
            return None
        kept = url_for("accounts.carry_on")
        door.keep_onward(request.full_path.rstrip("?") if request.method in db.SAFE else kept)
        return _first(row, "accounts.security")

    def ask_again(self, proof: Proof) -> ResponseReturnValue | None:
        """Return the way to show again who one is, unless that was done within minutes."""
        row = door.sign_in()
        if row is None or _is_shown(row, proof):
            return None
        return _first(row, "accounts.again", by=proof.value)


def _is_shown(row: SignIn, proof: Proof) -> bool:
    by_factor = proof is Proof.FACTOR and queries.has_factor(db.session(), row.account)
    return queries.is_lately(row.factor_at if by_factor else row.shown_at, now=clock.now())


def _first(row: SignIn, endpoint: str, **how: Any) -> ResponseReturnValue | None:
    """Return a redirect to a page that comes first; what was sent is held meanwhile.

    None leaves the gate its own answer, which gives the text back.
    """
    if request.method in db.SAFE:
        return redirect(url_for(endpoint, **how, next=request.full_path.rstrip("?")))
    if door.is_scripted():
        return Response(status=401, mimetype="text/plain")
    if request.blueprint == "accounts":  # passwords, codes and buttons: nothing to keep
        return redirect(url_for(endpoint, **how, next=url_for("accounts.security")), 303)
    with db.transaction() as session:
        kept = service.hold(
            session,
            row,
            path=request.full_path.rstrip("?"),
            typed=typed(),
            files=bool(request.files),
            now=clock.now(),
        )
    if not kept:
        return None
    return redirect(url_for(endpoint, **how, next=url_for("accounts.carry_on")), 303)
