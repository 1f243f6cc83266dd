"""A champion's word that a listing is right can be taken back that day."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_given",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("sign", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_word_given_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_word_given_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_given")),
    )
    op.create_index("ix_word_given_by", "word_given", ["by_id", "at"])
    op.create_index(op.f("ix_word_given_service_id"), "word_given", ["service_id"])


def downgrade() -> None:
    op.drop_table("word_given")
