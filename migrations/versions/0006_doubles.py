"""Listings that may be the same, and those that were made one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "service",
        sa.Column("address_agreed", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
    op.add_column(
        "signal", sa.Column("said_by", sa.String(64), nullable=False, server_default=sa.text("''"))
    )
    op.create_table(
        "service_key",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_key_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "key", name=op.f("pk_service_key")),
    )
    op.create_index("ix_service_key_found", "service_key", ["key", "service_id"], unique=False)
    op.create_table(
        "duplicate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "different", "merged", name="duplicatestate", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.JSON(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_duplicate_one_pair_once")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_duplicate_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["one_id"], ["service.id"], name=op.f("fk_duplicate_one_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["service.id"], name=op.f("fk_duplicate_other_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_duplicate_one_id_other_id")),
    )
    op.create_index(op.f("ix_duplicate_found_at"), "duplicate", ["found_at"], unique=False)
    op.create_index(op.f("ix_duplicate_one_id"), "duplicate", ["one_id"], unique=False)
    op.create_index(op.f("ix_duplicate_other_id"), "duplicate", ["other_id"], unique=False)
    op.create_index(op.f("ix_duplicate_state"), "duplicate", ["state"], unique=False)
    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_merge_by_id_account")),
        sa.ForeignKeyConstraint(["gone_id"], ["service.id"], name=op.f("fk_merge_gone_id_service")),
        sa.ForeignKeyConstraint(["kept_id"], ["service.id"], name=op.f("fk_merge_kept_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_gone_id"), "merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_merge_kept_id"), "merge", ["kept_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_merge_kept_id"), table_name="merge")
    op.drop_index(op.f("ix_merge_gone_id"), table_name="merge")
    op.drop_table("merge")
    op.drop_index(op.f("ix_duplicate_state"), table_name="duplicate")
    op.drop_index(op.f("ix_duplicate_other_id"), table_name="duplicate")
    op.drop_index(op.f("ix_duplicate_one_id"), table_name="duplicate")
    op.drop_index(op.f("ix_duplicate_found_at"), table_name="duplicate")
    op.drop_table("duplicate")
    op.drop_index("ix_service_key_found", table_name="service_key")
    op.drop_table("service_key")
    op.drop_column("signal", "said_by")
    op.drop_column("service", "address_agreed")
