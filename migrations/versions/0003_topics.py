"""Topics that coordinators edit, and what a service is not for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ONLY_GROWS = {
    "sqlite": [
        "CREATE TRIGGER topic_event_no_update BEFORE UPDATE ON topic_event BEGIN SELECT RAISE(ABORT, 'topic_event only grows'); END",
        "CREATE TRIGGER topic_event_no_delete BEFORE DELETE ON topic_event BEGIN SELECT RAISE(ABORT, 'topic_event only grows'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION topic_event_only_grows() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'topic_event only grows'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER topic_event_only_grows BEFORE UPDATE OR DELETE ON topic_event FOR EACH ROW EXECUTE FUNCTION topic_event_only_grows()",
        "CREATE TRIGGER topic_event_never_empties BEFORE TRUNCATE ON topic_event FOR EACH STATEMENT EXECUTE FUNCTION topic_event_only_grows()",
    ],
}
FORGET = {"sqlite": [], "postgresql": ["DROP FUNCTION topic_event_only_grows()"]}


def run(statements: dict[str, list[str]]) -> None:
    """Run the statements of this database, as they are."""
    connection = op.get_bind()
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table(
        "topic_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_topic_event_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["taxonomy_term.id"], name=op.f("fk_topic_event_term_id_taxonomy_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_event")),
    )
    op.create_index(op.f("ix_topic_event_term_id"), "topic_event", ["term_id"], unique=False)
    op.create_table(
        "service_not_for",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_not_for_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["taxonomy_term.id"], name=op.f("fk_service_not_for_term_id_taxonomy_term")
        ),
        sa.PrimaryKeyConstraint("service_id", "term_id", name=op.f("pk_service_not_for")),
    )
    op.create_index(
        op.f("ix_service_not_for_term_id"), "service_not_for", ["term_id"], unique=False
    )
    op.create_table(
        "topic_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_topic_merge_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["taxonomy_term.id"], name=op.f("fk_topic_merge_gone_id_taxonomy_term")
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["taxonomy_term.id"], name=op.f("fk_topic_merge_kept_id_taxonomy_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_merge")),
    )
    op.create_index(op.f("ix_topic_merge_gone_id"), "topic_merge", ["gone_id"], unique=False)
    op.create_table(
        "topic_move",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("excludes", sa.Boolean(), nullable=False),
        sa.Column("had_kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["topic_merge.id"], name=op.f("fk_topic_move_merge_id_topic_merge")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_topic_move_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("merge_id", "service_id", "excludes", name=op.f("pk_topic_move")),
    )
    op.create_table(
        "listing_due",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_listing_due")),
    )
    for column in (
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("name_key", sa.String(80), nullable=True),
        sa.Column(
            "theme",
            sa.Enum(
                "people", "feelings", "money", "home", "caring", "body", "family", "safety",
                name="theme", native_enum=False, length=24,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(2000), server_default=sa.text("''"), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ours", sa.Boolean(), server_default=sa.false(), nullable=False),
    ):  # fmt: skip
        op.add_column("taxonomy_term", column)
    op.create_index(op.f("ix_taxonomy_term_name_key"), "taxonomy_term", ["name_key"], unique=True)
    op.execute("UPDATE taxonomy_term SET ours = true")  # until now there were no others
    op.add_column(
        "taxonomy_term", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("taxonomy_term", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column(
        "taxonomy_term", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True)
    )

    run(ONLY_GROWS)


def downgrade() -> None:
    op.drop_column("taxonomy_term", "edited_at")
    op.drop_column("taxonomy_term", "merged_into_id")
    op.drop_column("taxonomy_term", "retired_at")
    op.drop_index(op.f("ix_taxonomy_term_name_key"), table_name="taxonomy_term")
    for name in ("ours", "urgent", "words", "theme", "name_key", "version"):
        op.drop_column("taxonomy_term", name)
    op.drop_table("listing_due")
    op.drop_table("topic_move")
    op.drop_index(op.f("ix_topic_merge_gone_id"), table_name="topic_merge")
    op.drop_table("topic_merge")
    op.drop_index(op.f("ix_service_not_for_term_id"), table_name="service_not_for")
    op.drop_table("service_not_for")
    op.drop_index(op.f("ix_topic_event_term_id"), table_name="topic_event")
    op.drop_table("topic_event")
    run(FORGET)
