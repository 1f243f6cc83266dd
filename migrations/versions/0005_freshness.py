"""Signs of life, the ladder that asks for them, and how long ago they were."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "sign",
            sa.Enum(
                "owner_confirmed",
                "visited",
                "accepted",
                "attended",
                "reported_gone",
                "mail_bounced",
                name="sign",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(120), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_signal_by_id_account")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_signal_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("cause", name=op.f("uq_signal_cause")),
    )
    op.create_index("ix_signal_of_service", "signal", ["service_id", "at"], unique=False)
    op.create_table(
        "upkeep",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "quiet",
                "asked",
                "reminded",
                "to_check",
                "hidden",
                name="step",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_upkeep_service_id_service")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_upkeep")),
    )
    op.create_index("ix_upkeep_due", "upkeep", ["due_on", "service_id"], unique=False)
    op.create_index(op.f("ix_upkeep_step"), "upkeep", ["step"], unique=False)
    op.add_column("listing", sa.Column("stage", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.execute("UPDATE service SET standing = 'closed' WHERE standing = 'hidden'")
    op.drop_column("listing", "stage")
    op.drop_index(op.f("ix_upkeep_step"), table_name="upkeep")
    op.drop_index("ix_upkeep_due", table_name="upkeep")
    op.drop_table("upkeep")
    op.drop_index("ix_signal_of_service", table_name="signal")
    op.drop_table("signal")
