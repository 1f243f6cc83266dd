"""Changes that wait, the history of those that were made, and who is told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_print", sa.String(64), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("confirm_digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(service_id IS NULL) <> (community_id IS NULL)",
            name=op.f("ck_watch_watches_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_watch_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_watch_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("confirm_digest", name=op.f("uq_watch_confirm_digest")),
        sa.UniqueConstraint("digest", name=op.f("uq_watch_digest")),
        sa.UniqueConstraint(
            "email_print", "community_id", name=op.f("uq_watch_email_print_community_id")
        ),
        sa.UniqueConstraint(
            "email_print", "service_id", name=op.f("uq_watch_email_print_service_id")
        ),
    )
    op.create_index(op.f("ix_watch_community_id"), "watch", ["community_id"], unique=False)
    op.create_index(op.f("ix_watch_email_print"), "watch", ["email_print"], unique=False)
    op.create_index(op.f("ix_watch_service_id"), "watch", ["service_id"], unique=False)
    op.create_table(
        "change_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Integer(), nullable=False),
        sa.Column(
            "asks",
            sa.Enum("change", "address", "gone", "claim", name="asks", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "asker",
            sa.Enum("visitor", "contact", "owner", name="asker", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(2000), nullable=False),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "unproven",
                "waiting",
                "approved",
                "returned",
                "superseded",
                "withdrawn",
                name="changestate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("message", sa.String(1000), nullable=False),
        sa.Column("once", sa.String(64), nullable=True),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_change_request_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_change_request_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_change_request_photo_id_photo")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_change_request_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("once", name=op.f("uq_change_request_once")),
    )
    op.create_index(op.f("ix_change_request_author"), "change_request", ["author"], unique=False)
    op.create_index(
        op.f("ix_change_request_service_id"), "change_request", ["service_id"], unique=False
    )
    op.create_index(op.f("ix_change_request_state"), "change_request", ["state"], unique=False)
    op.create_index(
        op.f("ix_change_request_submitted_at"), "change_request", ["submitted_at"], unique=False
    )
    op.create_table(
        "change_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "follow", "prove", "stop", name="changelinkfor", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["change_request.id"],
            name=op.f("fk_change_link_change_id_change_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_change_link_digest")),
    )
    op.create_index(op.f("ix_change_link_change_id"), "change_link", ["change_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "cause",
            sa.Enum(
                "edit",
                "change",
                "contact",
                "merge",
                "undo",
                name="revisioncause",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("undoes_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_revision_by_id_account")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_request.id"], name=op.f("fk_revision_change_id_change_request")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_revision_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["revision.id"], name=op.f("fk_revision_undoes_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("service_id", "number", name=op.f("uq_revision_service_id_number")),
    )
    op.create_index(op.f("ix_revision_at"), "revision", ["at"], unique=False)
    op.create_index(op.f("ix_revision_service_id"), "revision", ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_revision_service_id"), table_name="revision")
    op.drop_index(op.f("ix_revision_at"), table_name="revision")
    op.drop_table("revision")
    op.drop_index(op.f("ix_change_link_change_id"), table_name="change_link")
    op.drop_table("change_link")
    op.drop_index(op.f("ix_change_request_submitted_at"), table_name="change_request")
    op.drop_index(op.f("ix_change_request_state"), table_name="change_request")
    op.drop_index(op.f("ix_change_request_service_id"), table_name="change_request")
    op.drop_index(op.f("ix_change_request_author"), table_name="change_request")
    op.drop_table("change_request")
    op.drop_index(op.f("ix_watch_service_id"), table_name="watch")
    op.drop_index(op.f("ix_watch_email_print"), table_name="watch")
    op.drop_index(op.f("ix_watch_community_id"), table_name="watch")
    op.drop_table("watch")
