"""Champions hear once a week what waits on their list, unless they would rather not."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "patch_mail",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.String(8), server_default=sa.text("''"), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_patch_mail_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_patch_mail")),
    )


def downgrade() -> None:
    op.drop_table("patch_mail")
