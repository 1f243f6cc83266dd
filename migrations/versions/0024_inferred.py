"""By which thesaurus the topics of a listing were worked out, so that they follow its changes."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of every listing that its topics are to be worked out: the worker does it."""
    op.add_column("listing", sa.Column("inferred", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_listing_inferred", "listing", ["inferred", "number"])


def downgrade() -> None:
    op.drop_index("ix_listing_inferred", "listing")
    op.drop_column("listing", "inferred")
