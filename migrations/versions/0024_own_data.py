"""A person sees what is kept of them, asks about it, and can be erased."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Frozen as they were then; the living ones are in `core.triggers`.
EVENT = "connection_event"
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{EVENT} only grows'); END"
_NO_DELETE = f"CREATE TRIGGER {EVENT}_no_delete BEFORE DELETE ON {EVENT} {_REFUSE}"
_TRIGGERS = [
    f"CREATE TRIGGER {EVENT}_only_grows BEFORE UPDATE OR DELETE ON {EVENT} "
    f"FOR EACH ROW EXECUTE FUNCTION {EVENT}_only_grows()",
    f"CREATE TRIGGER {EVENT}_never_empties BEFORE TRUNCATE ON {EVENT} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {EVENT}_only_grows()",
]


def _function(body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {EVENT}_only_grows() RETURNS trigger AS $$ BEGIN {body}"
        f"RAISE EXCEPTION '{EVENT} only grows'; END $$ LANGUAGE plpgsql"
    )


GROWS = {
    "sqlite": [
        f"CREATE TRIGGER {EVENT}_no_update BEFORE UPDATE ON {EVENT} {_REFUSE}",
        _NO_DELETE,
    ],
    "postgresql": [_function(""), *_TRIGGERS],
}
FORGETS = {  # its note may be emptied, and nothing else
    "sqlite": [
        _NO_DELETE,
        f"CREATE TRIGGER {EVENT}_no_update BEFORE UPDATE OF id, connection_id, number, at, by_id, "
        f"came_from, state ON {EVENT} {_REFUSE}",
        f"CREATE TRIGGER {EVENT}_only_forgets BEFORE UPDATE OF note_sealed ON {EVENT} "
        f"WHEN NEW.note_sealed IS NOT NULL {_REFUSE}",
    ],
    "postgresql": [
        _function(
            "IF TG_OP = 'UPDATE' THEN IF TG_OP = 'UPDATE' AND NEW.note_sealed IS NULL AND "
            "to_jsonb(NEW) - 'note_sealed' = to_jsonb(OLD) - 'note_sealed' "
            "THEN RETURN NEW; END IF; END IF; "
        ),
        *_TRIGGERS,
    ],
}
AT_ONCE = 1_000


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "audit_shown",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_shown_entry_id_audit_entry")
        ),
        sa.PrimaryKeyConstraint("subject_id", "entry_id", name=op.f("pk_audit_shown")),
    )
    _fill_shown()
    op.create_table(
        "own_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_own_link_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_own_link_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_own_link_digest")),
    )
    op.create_index(op.f("ix_own_link_person_id"), "own_link", ["person_id"])
    _make_requests()
    _swap(FORGETS)


def _make_requests() -> None:
    op.create_table(
        "own_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=True),
        sa.Column("request_key", sa.String(64), nullable=False),
        sa.Column(
            "wish",
            sa.Enum("correct", "erase", "ask", name="wish", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_own_request_answered_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_own_request_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_own_request_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_own_request_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_own_request_practice_id_practice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_request")),
        sa.UniqueConstraint("request_key", name=op.f("uq_own_request_request_key")),
    )
    for column in ("community_id", "person_id", "practice_id"):
        op.create_index(op.f(f"ix_own_request_{column}"), "own_request", [column])
    op.create_index("ix_own_request_waiting", "own_request", ["answered_at", "due_on"])


def _fill_shown() -> None:
    """Copy whom earlier lists showed out of their entries."""
    entry = sa.table(
        "audit_entry", sa.column("id", sa.Integer), sa.column("action", sa.String),
        sa.column("detail", sa.JSON),
    )  # fmt: skip
    shown = sa.table(
        "audit_shown", sa.column("subject_id", sa.Uuid), sa.column("entry_id", sa.Integer)
    )
    wanted = sa.select(entry.c.id, entry.c.detail).where(
        entry.c.action.in_(("list", "search-people"))
    )
    bind, last = op.get_bind(), 0
    # a few at a time: a log of years does not fit into memory
    while found := bind.execute(
        wanted.where(entry.c.id > last).order_by(entry.c.id).limit(AT_ONCE)
    ).all():
        last = found[-1][0]
        rows = [
            {"subject_id": UUID(key), "entry_id": number}
            for number, detail in found
            for key in sorted(set((detail or {}).get("shown", ())))
        ]
        if rows:
            op.bulk_insert(shown, rows)


def _swap(made: dict[str, list[str]]) -> None:
    """Let other triggers keep the steps of connections from being changed."""
    dialect = op.get_bind().dialect.name
    names = ("no_update", "no_delete", "only_forgets")
    drop = {
        "sqlite": [f"DROP TRIGGER IF EXISTS {EVENT}_{name}" for name in names],
        "postgresql": [
            f"DROP TRIGGER IF EXISTS {EVENT}_{name} ON {EVENT}"
            for name in ("only_grows", "never_empties")
        ],
    }
    for statement in (*drop[dialect], *made[dialect]):
        op.execute(statement)


def downgrade() -> None:
    _swap(GROWS)
    for table in ("own_request", "own_link", "audit_shown"):
        op.drop_table(table)
    with op.batch_alter_table("person") as batch:
        batch.drop_column("erased_at")
