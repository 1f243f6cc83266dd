"""Filters: what a published listing can be filtered by, kept with its copy.

The worker fills it in: every listing is published again, a hundred at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = ("facets", "age_from", "age_to", "full_until")


def upgrade() -> None:
    for column in (
        sa.Column("facets", sa.String(1000), server_default=sa.text("''"), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("full_until", sa.Date(), nullable=True),
    ):
        op.add_column("listing", column)
    op.execute(
        "INSERT INTO listing_due (service_id) SELECT l.service_id FROM listing l "
        "WHERE NOT EXISTS (SELECT 1 FROM listing_due d WHERE d.service_id = l.service_id)"
    )


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("listing", column)
