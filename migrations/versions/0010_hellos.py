"""Hellos: somebody asks for one themself, before anybody keeps in touch with them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hello",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken",
                "withdrawn",
                "declined",
                "lapsed",
                name="hellostate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "wish",
            sa.Enum("call", "met", "together", name="hellowish", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("wording", sa.String(20), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("safety_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("matters_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_hello_waits_until_it_ends")
        ),
        sa.CheckConstraint(
            "(state = 'taken') = (taken_by_id IS NOT NULL)", name=op.f("ck_hello_taken_by_somebody")
        ),
        sa.CheckConstraint(
            "state = 'waiting' OR name_sealed IS NULL", name=op.f("ck_hello_ended_keeps_no_words")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_hello_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_hello_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["account.id"], name=op.f("fk_hello_taken_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hello")),
        sa.UniqueConstraint("digest", name=op.f("uq_hello_digest")),
    )
    op.create_index(op.f("ix_hello_ended_at"), "hello", ["ended_at"], unique=False)
    op.create_index(op.f("ix_hello_service_id"), "hello", ["service_id"], unique=False)
    op.create_index(
        "ix_hello_waiting", "hello", ["community_id", "state", "due_on"], unique=False
    )


def downgrade() -> None:
    op.drop_table("hello")
