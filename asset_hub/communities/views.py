"""Pages about places, for everyone and for whoever runs the site."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.communities import queries, service
from asset_hub.communities.forms import (
    BoroughForm,
    BoundaryForm,
    CommunityForm,
    HolidayForm,
    HolidaysForm,
    LocalityForm,
    PracticeForm,
    StoryForm,
)
from asset_hub.communities.models import Borough, Community, Locality, Practice, SchoolHoliday
from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.core.access import load, me, needs, public
from asset_hub.core.forms import Form
from asset_hub.core.powers import Can

bp = Blueprint("communities", __name__)

ADDED = ("They were all there already.", "1 holiday is added.", "{} holidays are added.")
UNKNOWN = "Nobody here knows where {} is. Check that postcode, or load it with the others."


@bp.get("/communities")
@public
def index() -> ResponseReturnValue:
    """Show every community."""
    communities = queries.all_communities(db.session())
    openings = queries.openings(communities)
    return render_template("communities/index.html", communities=communities, openings=openings)


@bp.route("/communities/<string:slug>/story", methods=["GET", "POST"])
@needs(Can.EDIT_COMMUNITY)
def edit(slug: str) -> ResponseReturnValue:
    """Change the story of a community."""
    community = load(Community, queries.by_slug(db.session(), slug).id)
    form = StoryForm(obj=community)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(community)
            service.tell_story(session, community, by=me().id, now=clock.now(), **form.values())
            flash("The story is saved.")
            return redirect(url_for("search.community", slug=community.slug))
    return render_template("communities/edit.html", form=form, community=community), form.status


@bp.route("/communities/<string:slug>/boundary", methods=["GET", "POST"])
@needs(Can.EDIT_COMMUNITY)
def boundary(slug: str) -> ResponseReturnValue:
    """Draw, upload or paste where a community begins and ends."""
    community = load(Community, queries.by_slug(db.session(), slug).id)
    _count_drawing()
    form = BoundaryForm(obj=community)
    if form.validate_on_submit():
        with form.saving() as session:
            form.must_be_current(community)
            service.draw_boundary(session, community, by=me().id, now=clock.now(), **form.values())
            flash(_drawn(community))
            return redirect(url_for("search.community", slug=community.slug))
    frame = _map_frame(community)
    return render_template(
        "communities/boundary.html", form=form, community=community, frame=frame
    ), form.status


def _count_drawing() -> None:
    """Count what is sent before its file is read."""
    if request.method == "POST":
        with db.transaction() as session:
            service.count_drawing(session, me().id, now=clock.now())


def _drawn(community: Community) -> str:
    """Return what is said of a boundary that was saved."""
    others = [one.name for one in queries.overlapping(db.session(), community)]
    if not community.boundary:
        return f"{community.name} has no boundary now."
    shared = f" It overlaps with {_and(others)}: fine, people may belong to both." if others else ""
    people = f" {community.people_words} people live there." if community.estimated_areas else ""
    return f"The boundary of {community.name} is saved.{shared}{people}"


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _map_frame(community: Community | None) -> dict[str, str]:
    """Return where the map to draw on opens, and tiles when there are any."""
    given = current_settings()
    known = community is not None and community.latitude is not None
    return {
        "lat": str(community.latitude) if community and known else "",
        "lng": str(community.longitude) if community and known else "",
        "tiles": given.tile_url,
        "attribution": given.tile_attribution,
    }


@bp.route("/communities/<string:slug>/school-holidays", methods=["GET", "POST"])
@needs(Can.EDIT_COMMUNITY)
def holidays(slug: str) -> ResponseReturnValue:
    """Show and add the school holidays of a community."""
    return _holidays(load(Community, queries.by_slug(db.session(), slug).id))


@bp.route("/places/school-holidays", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def holidays_everywhere() -> ResponseReturnValue:
    """Show and add the school holidays that hold everywhere."""
    return _holidays(None)


def _holidays(community: Community | None) -> ResponseReturnValue:
    pasted, one = HolidaysForm(), HolidayForm()
    form = pasted if request.method == "POST" and "lines" in request.form else one
    if form.validate_on_submit():
        with form.saving() as session:
            by, now = me().id, clock.now()
            if form is pasted:
                added = service.add_holidays(session, community, by=by, now=now, **form.values())
            else:
                added = service.add_holiday(session, community, by=by, now=now, **form.values())
            flash(ADDED[min(len(added), 2)].format(len(added)))
            return redirect(_holidays_of(community))
    return _holidays_page(community, form, one=one, pasted=pasted)


def _holidays_page(
    community: Community | None, form: Form, *, one: HolidayForm, pasted: HolidaysForm
) -> ResponseReturnValue:
    page = render_template(
        "communities/holidays.html",
        form=form,
        one=one,
        pasted=pasted,
        community=community,
        rows=queries.holidays_kept(db.session(), community.id if community else None),
        contact=current_settings().mail_from,
    )
    return page, form.status


def _holidays_of(community: Community | None) -> str:
    if community is None:
        return url_for(".holidays_everywhere")
    return url_for(".holidays", slug=community.slug)


@bp.route("/school-holidays/<uuid:holiday_id>", methods=["GET", "POST"])
@needs(Can.EDIT_COMMUNITY)
def change_holiday(holiday_id: UUID) -> ResponseReturnValue:
    """Change a school holiday."""
    holiday = load(SchoolHoliday, holiday_id)
    home, form = _home_of(holiday), HolidayForm(obj=holiday)
    if form.validate_on_submit():
        with form.saving() as session:
            service.change_holiday(session, holiday, by=me().id, now=clock.now(), **form.values())
            flash(f"{holiday.name} is saved.")
            return redirect(home)
    return render_template(
        "communities/holiday.html", form=form, holiday=holiday, home=home
    ), form.status


@bp.post("/school-holidays/<uuid:holiday_id>/delete")
@needs(Can.EDIT_COMMUNITY)
def delete_holiday(holiday_id: UUID) -> ResponseReturnValue:
    """Take a school holiday away."""
    holiday = load(SchoolHoliday, holiday_id)
    home = _home_of(holiday)
    with db.transaction() as session:
        service.delete_holiday(session, holiday, by=me().id, now=clock.now())
    flash(f"{holiday.name} is taken away.")
    return redirect(home)


def _home_of(holiday: SchoolHoliday) -> str:
    key = holiday.community_id
    return _holidays_of(queries.by_id(db.session(), key) if key else None)


@bp.get("/places")
@needs(Can.MANAGE_PLACES)
def places() -> ResponseReturnValue:
    """Show every borough, locality, community and practice."""
    session, added = db.session(), request.args.get("added", "")
    return render_template(
        "communities/places.html",
        added=queries.by_slug(session, added) if added else None,
        boroughs=queries.all_boroughs(session),
        localities=queries.all_localities(session),
        communities=queries.all_communities(session),
        practices=queries.all_practices(session),
        postcodes=queries.count_postcodes(session),
        areas=queries.count_areas(session),
    )


@bp.route("/places/boroughs/add", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def add_borough() -> ResponseReturnValue:
    """Add a borough."""
    return _borough(None)


@bp.route("/places/boroughs/<uuid:borough_id>", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def change_borough(borough_id: UUID) -> ResponseReturnValue:
    """Change a borough."""
    return _borough(load(Borough, borough_id))


def _borough(borough: Borough | None) -> ResponseReturnValue:
    form = BoroughForm(obj=borough)
    if form.validate_on_submit():
        with form.saving() as session:
            saved = service.put_borough(
                session, borough, by=me().id, now=clock.now(), **form.values()
            )
            flash(f"{saved.name} is saved.")
            return redirect(url_for(".places"))
    return _page(form, "borough", borough)


@bp.route("/places/localities/add", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def add_locality() -> ResponseReturnValue:
    """Add a locality."""
    return _locality(None)


@bp.route("/places/localities/<uuid:locality_id>", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def change_locality(locality_id: UUID) -> ResponseReturnValue:
    """Change a locality."""
    return _locality(load(Locality, locality_id))


def _locality(locality: Locality | None) -> ResponseReturnValue:
    form = LocalityForm(obj=locality)
    form.borough_id.choices = [(b.id, b.name) for b in queries.all_boroughs(db.session())]
    if form.validate_on_submit():
        with form.saving() as session:
            saved = service.put_locality(
                session, locality, by=me().id, now=clock.now(), **form.values()
            )
            flash(f"{saved.name} is saved.")
            return redirect(url_for(".places"))
    return _page(form, "locality", locality)


@bp.route("/places/communities/add", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def add_community() -> ResponseReturnValue:
    """Add a community."""
    return _community(None)


@bp.route("/places/communities/<uuid:community_id>", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def change_community(community_id: UUID) -> ResponseReturnValue:
    """Change a community."""
    return _community(load(Community, community_id))


def _community(community: Community | None) -> ResponseReturnValue:
    _count_drawing()
    form = CommunityForm(obj=community)
    form.locality_id.choices = [(x.id, x.name) for x in queries.all_localities(db.session())]
    if form.validate_on_submit():
        with form.saving() as session:
            if community:
                form.must_be_current(community)
            saved = service.put_community(
                session, community, by=me().id, now=clock.now(), **form.values()
            )
            flash(_drawn(saved) if saved.boundary else f"{saved.name} is saved.")
            return redirect(url_for(".places", added=None if community else saved.slug))
    return _page(form, "community", community)


@bp.route("/places/practices/add", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def add_practice() -> ResponseReturnValue:
    """Add a practice."""
    return _practice(None)


@bp.route("/places/practices/<uuid:practice_id>", methods=["GET", "POST"])
@needs(Can.MANAGE_PLACES)
def change_practice(practice_id: UUID) -> ResponseReturnValue:
    """Change a practice."""
    return _practice(load(Practice, practice_id))


def _practice(practice: Practice | None) -> ResponseReturnValue:
    form = PracticeForm(obj=practice)
    session = db.session()
    form.locality_id.choices = [(x.id, x.name) for x in queries.all_localities(session)]
    form.community_ids.choices = [(c.id, c.name) for c in queries.all_communities(session)]
    if form.validate_on_submit():
        with form.saving() as session:
            if practice:
                form.must_be_current(practice)
            saved = service.put_practice(
                session, practice, by=me().id, now=clock.now(), **form.values()
            )
            flash(f"{saved.name} is saved.")
            if saved.postcode and not queries.locate(session, saved.postcode):
                flash(UNKNOWN.format(saved.postcode))
            return redirect(url_for(".places"))
    return _page(form, "practice", practice)


def _page(
    form: BoroughForm | LocalityForm | CommunityForm | PracticeForm,
    kind: str,
    place: Borough | Locality | Community | Practice | None,
) -> ResponseReturnValue:
    name = place.name if place else ""
    frame = _map_frame(place if isinstance(place, Community) else None)
    return render_template(
        "communities/place.html", form=form, kind=kind, name=name, frame=frame
    ), form.status


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say how accessible the site is, and what to do when it is not."""
    return render_template("communities/accessibility.html", contact=current_settings().mail_from)


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept about people, and where the data on the map comes from."""
    settings = current_settings()
    return render_template(
        "communities/privacy.html", contact=settings.mail_from, tiles=bool(settings.tile_url)
    )
