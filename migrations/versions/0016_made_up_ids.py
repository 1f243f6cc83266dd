"""No id on a card that was made from a row's name, postcode and street: it may give a home away."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AT_ONCE = 500
LISTING = sa.table(
    "listing", sa.column("service_id", sa.Uuid()), sa.column("number", sa.Integer()),
    sa.column("card", sa.JSON()),
)  # fmt: skip
SERVICE = sa.table("service", sa.column("id", sa.Uuid()), sa.column("source_id", sa.String()))


def upgrade() -> None:
    """Take such ids from the cards that there are."""
    connection, last = op.get_bind(), 0
    wanted = sa.select(LISTING.c.number, LISTING.c.card).join_from(
        LISTING, SERVICE, SERVICE.c.id == LISTING.c.service_id
    )
    made_up = wanted.where(SERVICE.c.source_id.like("% / %")).order_by(LISTING.c.number)
    while rows := connection.execute(made_up.where(LISTING.c.number > last).limit(AT_ONCE)).all():
        for number, card in rows:
            last = number
            change = sa.update(LISTING).where(LISTING.c.number == number)
            connection.execute(change.values(card=card | {"source_id": None}))


def downgrade() -> None:
    """Leave the cards as they are: publishing a listing again writes its card anew."""
