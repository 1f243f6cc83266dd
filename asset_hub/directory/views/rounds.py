"""One press for several listings: what a champion knows, saw on one walk, heard in one talk."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.communities.models import Community
from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs
from asset_hub.core.pages import safe_next
from asset_hub.core.powers import Can
from asset_hub.directory import queries, service
from asset_hub.directory.forms import RoundForm
from asset_hub.directory.models import Service, Step
from asset_hub.directory.queries import OnRound
from asset_hub.directory.service import Round
from asset_hub.directory.views.blueprint import bp


@bp.route("/my-patch/known/<uuid:community_id>", methods=["GET", "POST"])
@needs(Can.APPROVE_LISTING)
def known(community_id: UUID) -> ResponseReturnValue:
    """Ask a champion which of what nobody has tried to reach yet they know to be running."""
    place = load(Community, community_id)
    rows = queries.known(db.session(), me(), place.id)
    home = url_for("search.patch", community=place.slug)
    return _round(Round.KNOW, rows, home, community=place)


@bp.route("/groups/<uuid:service_id>/same-hall", methods=["GET", "POST"])
@needs(Can.APPROVE_LISTING)
def same_hall(service_id: UUID) -> ResponseReturnValue:
    """Ask about all that meets in a building, on one walk."""
    group = load(Service, service_id)
    rows = queries.in_hall(db.session(), me(), group, today=clock.today())
    return _round(Round.HALL, rows, _patch_of(group), group=group)


@bp.route("/groups/<uuid:service_id>/same-people", methods=["GET", "POST"])
@needs(Can.APPROVE_LISTING)
def same_people(service_id: UUID) -> ResponseReturnValue:
    """Ask about all that the same people run, in one talk."""
    group = load(Service, service_id)
    rows = queries.of_the_same(db.session(), me(), group, today=clock.today())
    return _round(Round.TALK, rows, _patch_of(group), group=group)


def _patch_of(group: Service) -> str:
    return url_for("search.patch", community=group.community.slug if group.community else None)


def _round(
    how: Round,
    rows: Sequence[OnRound],
    home: str,
    *,
    group: Service | None = None,
    community: Community | None = None,
) -> ResponseReturnValue:
    form = RoundForm()
    form.running.choices = [(row.service.id, row.service.name, _said(row)) for row in rows]
    home = safe_next(request.args.get("next", "")) or home
    if request.method == "POST":
        keys = request.form.getlist("running", type=UUID)
        with form.saving() as session:
            done = service.say_running(session, keys, how=how, by=me(), now=clock.now())
            flash(_thanks(len(done)))
            return redirect(home)
    about = {"group": group, "community": community, "rows": rows, "how": how.value}
    return render_template("directory/round.html", form=form, home=home, **about), form.status


def _said(row: OnRound) -> str:
    return "Hidden: nobody has confirmed it" if row.step is Step.HIDDEN else row.when


def _thanks(count: int) -> str:
    if not count:
        return "None of them is listed or hidden now."
    return f"Thank you. {count} {'listing is' if count == 1 else 'listings are'} confirmed today."
