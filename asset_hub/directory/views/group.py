"""The group's page, for somebody deciding whether to go."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.core.access import public
from asset_hub.directory import queries, service
from asset_hub.directory.views.blueprint import bp


@bp.get("/groups/<uuid:service_id>")
@public
def show(service_id: UUID) -> ResponseReturnValue:
    """Show a listed group to anybody."""
    group = queries.published(db.session(), service_id)
    return render_template(
        "directory/show.html",
        group=group,
        shown=service.shown(group),
        canonical=current_settings().site_url + url_for(".show", service_id=service_id),
        meetings=service.next_meetings(group.schedules, today=clock.today()),
    )
