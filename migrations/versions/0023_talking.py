"""How to talk with somebody, what they would like, who must not know of them, and who has died."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SEALED = ("code_sealed", "needs_sealed", "needs_words_sealed", "strengths_sealed", "offers_sealed")
SAID = ("never_post", "interpreter", "needs_shared")
DAYS = ("needs_asked_on", "died_on")
IN_PEACE = "the_dead_are_left_in_peace"


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        for name in SEALED:
            batch.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        for name in SAID:
            batch.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        for name in DAYS:
            batch.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch.add_column(
            sa.Column("language", sa.String(60), server_default=sa.text("''"), nullable=False)
        )
        batch.create_check_constraint(
            op.f(f"ck_person_{IN_PEACE}"), "died_on IS NULL OR no_contact"
        )
    op.create_table(
        "person_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_person_block_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_person_block_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_block_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_block")),
        sa.UniqueConstraint(
            "person_id", "account_id", name=op.f("uq_person_block_person_id_account_id")
        ),
    )
    op.create_index(op.f("ix_person_block_account_id"), "person_block", ["account_id"])
    op.create_index(op.f("ix_person_block_person_id"), "person_block", ["person_id"])
    op.create_table(
        "need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("topic_name", sa.String(100), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_need_by_id_account")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_need_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    op.create_index(op.f("ix_need_person_id"), "need", ["person_id"])


def downgrade() -> None:
    op.drop_table("need")
    op.drop_table("person_block")
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f(f"ck_person_{IN_PEACE}"), type_="check")
        for name in (*SEALED, *SAID, *DAYS, "language"):
            batch.drop_column(name)
