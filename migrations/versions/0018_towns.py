"""Finding near a town by its name: places by the name of their town."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_location_town", "location", [sa.text("lower(city)")])


def downgrade() -> None:
    op.drop_index("ix_location_town", table_name="location")
