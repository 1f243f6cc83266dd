"""Sessions (each meeting of a published listing in the next five weeks), and lists shared by a code.

The worker writes them: every listing that says it has none yet is taken up within a minute.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listing", sa.Column("sessions_to", sa.Date(), nullable=True))
    op.create_index(op.f("ix_listing_sessions_to"), "listing", ["sessions_to"], unique=False)
    op.create_table(
        "listing_session",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(1000), nullable=True),
        sa.Column("term_time", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("quiet", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("away", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.String(100), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["listing.service_id"],
            name=op.f("fk_listing_session_service_id_listing"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "service_id", "held_on", "schedule_id", name=op.f("pk_listing_session")
        ),
    )
    op.create_index(
        "ix_listing_session_held_on", "listing_session", ["held_on", "starts"], unique=False
    )
    op.create_table(
        "shared_list",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_shared_list")),
        sa.UniqueConstraint("digest", name=op.f("uq_shared_list_digest")),
    )
    op.create_index(op.f("ix_shared_list_expires_at"), "shared_list", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_shared_list_expires_at"), table_name="shared_list")
    op.drop_table("shared_list")
    op.drop_index("ix_listing_session_held_on", table_name="listing_session")
    op.drop_table("listing_session")
    op.drop_index(op.f("ix_listing_sessions_to"), table_name="listing")
    op.drop_column("listing", "sessions_to")
