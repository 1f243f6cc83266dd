"""Pages that show connections."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from asset_hub.connections import queries, service
from asset_hub.connections.models import State
from asset_hub.connections.views.bp import bp, look
from asset_hub.core import clock, db
from asset_hub.core.access import me, needs
from asset_hub.core.powers import Can


@bp.get("/connections")
@needs(Can.READ_CONNECTION)
def index() -> ResponseReturnValue:
    """Show the connections within reach: open first, the soonest due first."""
    given = request.args.get
    state, person_id = given("state", type=State), given("person", type=UUID)
    number = given("page", 1, type=int)
    with db.transaction() as session:
        found, lost = service.browse(
            session, state=state, person_id=person_id, page=number, by=me(), now=clock.now()
        )
    asked = {"state": state.value if state else "", "person": person_id}
    return render_template("connections/index.html", found=found, lost=lost, asked=asked)


@bp.get("/connections/<uuid:connection_id>")
@needs(Can.READ_CONNECTION)
def show(connection_id: UUID) -> ResponseReturnValue:
    """Show a connection: where it stands, what comes next, what happened."""
    connection = look(connection_id)
    can = queries.next_steps(db.session(), connection)
    return render_template(
        "connections/show.html",
        connection=connection,
        lead=queries.leading_step(connection, can),
        wait=queries.wants_an_answer(connection, today=clock.today()),
        told=queries.told(connection),
        events=queries.timeline(db.session(), connection),
        can=can,
        topic=queries.topic_name(db.session(), connection.topic),
    )


@bp.get("/connections/<uuid:connection_id>/slip")
@needs(Can.READ_CONNECTION)
def slip(connection_id: UUID) -> ResponseReturnValue:
    """Show a slip to print and hand over, and words for the practice's own record."""
    connection = look(connection_id)
    card = queries.card_of(db.session(), connection.service.stands_in.id)
    by = queries.asked_by(connection)
    return render_template("connections/slip.html", connection=connection, card=card, by=by)
