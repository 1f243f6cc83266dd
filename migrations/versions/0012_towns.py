"""Finding near a town by its name: places by the name of their town."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_location_city"), "location", ["city"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_location_city"), table_name="location")
