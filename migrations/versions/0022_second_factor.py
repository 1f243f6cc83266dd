"""Second factors, what is held from a locked screen, and when a session's owner last proved to be it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("help_in", "held_form", "sign_in_step", "recovery_code", "passkey", "authenticator")


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("shown_at", MOMENT, nullable=True))
    op.add_column("sign_in", sa.Column("factor_at", MOMENT, nullable=True))
    _table(
        "authenticator",
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
    )
    counts = sa.text("confirmed_at IS NOT NULL")
    op.create_index(
        "uq_authenticator_confirmed", "authenticator", ["account_id"], unique=True,
        sqlite_where=counts, postgresql_where=counts,
    )
    _table(
        "passkey",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _unique("passkey", "credential_id"),
    )
    _table(
        "recovery_code",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _unique("recovery_code", "digest"),
    )
    _table(
        "sign_in_step",
        sa.Column("purpose", sa.String(24), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        _unique("sign_in_step", "digest"),
        whose=True,
    )
    op.create_index(op.f("ix_sign_in_step_expires_at"), "sign_in_step", ["expires_at"])
    _table(
        "held_form",
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        _key("held_form", "sign_in_id", "sign_in"),
    )
    op.create_index(op.f("ix_held_form_sign_in_id"), "held_form", ["sign_in_id"])
    _table(
        "help_in",
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("issued_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        _key("help_in", "by_id", "account"),
        _key("help_in", "second_id", "account"),
        _unique("help_in", "digest"),
        sa.CheckConstraint(
            "(digest IS NULL) = (issued_at IS NULL)", name=op.f("ck_help_in_issued_with_a_code")
        ),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> by_id", name=op.f("ck_help_in_two_people")
        ),
    )


def _table(name: str, *columns: object, whose: bool = False) -> None:
    """Make a table whose rows belong to an account (or, with `whose`, to nobody known yet)."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=whose),
        *columns,
        _key(name, "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_account_id"), name, ["account_id"])


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def _unique(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
    op.drop_column("sign_in", "factor_at")
    op.drop_column("sign_in", "shown_at")
