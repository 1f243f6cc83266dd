"""What was asked for in vain: by topic and area, over a season, and never about anybody."""

from flask import render_template
from flask.typing import ResponseReturnValue

from asset_hub.core import clock, db
from asset_hub.core.access import me, needs
from asset_hub.core.powers import Can
from asset_hub.search.neighbourhood import in_vain
from asset_hub.search.neighbourhood.register import SEASON
from asset_hub.search.views import bp


@bp.get("/asked-in-vain")
@needs(Can.APPROVE_LISTING)
def asked_in_vain() -> ResponseReturnValue:
    """Show what people looked for and did not find."""
    found, today = in_vain.wants(db.session(), me(), today=clock.today()), clock.today()
    with db.reading() as connection:
        in_vain.join(connection, found, today=today)
    most = in_vain.popular(db.session(), me(), today=today)
    return render_template("search/unmet.html", wants=found, most=most, days=SEASON.days)
