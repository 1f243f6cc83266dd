"""Whole assets: closures, capacity, photographs, plain schedules, school holidays."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "starts_on <= ends_on", name=op.f("ck_school_holiday_starts_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_school_holiday_community_id_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_holiday")),
    )
    op.create_index(
        op.f("ix_school_holiday_community_id"), "school_holiday", ["community_id"], unique=False
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("away", "quiet", name="away", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_closure_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_closure_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure_service_id"), "closure", ["service_id"], unique=False)
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(200), nullable=False),
        sa.Column("credit", sa.String(100), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_photo_by_id_account")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_photo_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_index(op.f("ix_photo_service_id"), "photo", ["service_id"], unique=False)
    op.add_column(
        "schedule", sa.Column("dates", sa.String(1000), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "schedule",
        sa.Column("term_time", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "schedule", sa.Column("not_months", sa.String(30), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "schedule",
        sa.Column("bank_holidays", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column("schedule", sa.Column("location_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_schedule_location_id"), "schedule", ["location_id"], unique=False)
    op.add_column(
        "service", sa.Column("ask_for", sa.String(100), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "service", sa.Column("venue_notes", sa.String(1000), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("service", sa.Column("welcomes", sa.Integer(), nullable=True))
    op.add_column("service", sa.Column("full_until", sa.Date(), nullable=True))
    op.add_column("service", sa.Column("photo_id", sa.Uuid(), nullable=True))
    op.add_column("service", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column("service", sa.Column("alive_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_service_merged_into_id"), "service", ["merged_into_id"], unique=False)

    op.execute("UPDATE service SET alive_at = confirmed_at")


def downgrade() -> None:
    op.drop_index(op.f("ix_service_merged_into_id"), table_name="service")
    op.drop_column("service", "alive_at")
    op.drop_column("service", "merged_into_id")
    op.drop_column("service", "photo_id")
    op.drop_column("service", "full_until")
    op.drop_column("service", "welcomes")
    op.drop_column("service", "venue_notes")
    op.drop_column("service", "ask_for")
    op.drop_index(op.f("ix_schedule_location_id"), table_name="schedule")
    op.drop_column("schedule", "location_id")
    op.drop_column("schedule", "bank_holidays")
    op.drop_column("schedule", "not_months")
    op.drop_column("schedule", "term_time")
    op.drop_column("schedule", "dates")
    op.drop_index(op.f("ix_photo_service_id"), table_name="photo")
    op.drop_table("photo")
    op.drop_index(op.f("ix_closure_service_id"), table_name="closure")
    op.drop_table("closure")
    op.drop_index(op.f("ix_school_holiday_community_id"), table_name="school_holiday")
    op.drop_table("school_holiday")
