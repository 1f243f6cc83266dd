"""Communities: people estimated from small areas, a welcome, a cover, champions who agreed to be named."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_population",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("decile", sa.Integer(), nullable=True),
        sa.Column("boundary", sa.JSON(), nullable=False),
        sa.Column("west", sa.Float(), nullable=False),
        sa.Column("south", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.CheckConstraint("population >= 0", name=op.f("ck_area_population_population_counts")),
        sa.CheckConstraint(
            "decile BETWEEN 1 AND 10", name=op.f("ck_area_population_decile_of_ten")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area_population")),
    )
    op.create_index(op.f("ix_area_population_south"), "area_population", ["south"], unique=False)
    for column in (
        sa.Column("estimated_population", sa.Integer(), nullable=True),
        sa.Column("estimated_areas", sa.Integer(), nullable=True),
        sa.Column("estimated_on", sa.Date(), nullable=True),
        sa.Column("welcome", sa.String(300), server_default=sa.text("''"), nullable=False),
        sa.Column("cover", sa.String(300), server_default=sa.text("''"), nullable=False),
    ):
        op.add_column("community", column)
    op.add_column(
        "role_grant",
        sa.Column(
            "shown",
            sa.Enum(
                "nobody",
                "first_name",
                "whole_name",
                name="shownas",
                native_enum=False,
                length=24,
            ),
            server_default="nobody",
            nullable=False,
        ),
    )


def downgrade() -> None:
    op.drop_column("role_grant", "shown")
    for column in ("cover", "welcome", "estimated_on", "estimated_areas", "estimated_population"):
        op.drop_column("community", column)
    op.drop_index(op.f("ix_area_population_south"), table_name="area_population")
    op.drop_table("area_population")
