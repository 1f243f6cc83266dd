"""By which thesaurus a listing's topics were worked out; and what people ask for, by topic."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of every listing that its topics are to be worked out: the worker does it."""
    op.add_column("listing", sa.Column("inferred", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_listing_inferred", "listing", ["inferred", "number"])
    op.create_table(
        "asked_for",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "topic", "area", name=op.f("pk_asked_for")),
    )


def downgrade() -> None:
    op.drop_table("asked_for")
    op.drop_index("ix_listing_inferred", "listing")
    op.drop_column("listing", "inferred")
