"""Places in strips with their topics, and which topics were chosen: the nearest are found sooner."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

HAS = {"sqlite": "instr", "postgresql": "strpos"}
CHOSEN = (
    "UPDATE listing_topic SET chosen = {yes} WHERE EXISTS (SELECT 1 FROM listing l "
    "WHERE l.number = listing_topic.number AND {has}(l.topic_slugs, '|' || slug || '|') > 0 "
    "AND {has}(l.topic_slugs, '|!' || slug || '|') = 0)"
)
COPIED = (
    "UPDATE listing_text_place SET topic_slugs = (SELECT f.topic_slugs FROM listing_text_facts f "
    "WHERE f.number = listing_text_place.number)"
)
PLACE = "number, id, latitude, longitude, gx, gy"
FACTS = (
    "service_id", "community_id", "sort_name", "topic_slugs", "facets", "age_from", "age_to",
    "full_until", "stage",
)  # fmt: skip
SET_FACTS = (
    "UPDATE listing_text_facts SET " + ", ".join(f"{name} = new.{name}" for name in FACTS)
    + " WHERE number = new.number; "
)  # fmt: skip
SET_PLACES = (
    "UPDATE listing_text_place SET topic_slugs = new.topic_slugs "
    "WHERE number = new.number AND topic_slugs <> new.topic_slugs; "
)
LEAVE = (
    "DELETE FROM listing_text_place WHERE id = old.id AND number IN "
    "(SELECT number FROM listing_text_facts WHERE service_id = old.service_id); "
)


def _add(row: str, *, topics: bool) -> str:
    more, theirs = (", topic_slugs", ", f.topic_slugs") if topics else ("", "")
    return (
        f"INSERT INTO listing_text_place ({PLACE}{more}) SELECT f.number, {row}.id, "
        f"{row}.latitude, {row}.longitude, {row}.gx, {row}.gy{theirs} "
        f"FROM listing_text_facts f WHERE f.service_id = {row}.service_id; "
    )


def _keep(dialect: str, *, topics: bool) -> list[str]:
    """Return what makes the triggers that follow a listing's facts and its places."""
    facts = SET_FACTS + (SET_PLACES if topics else "")
    if dialect == "postgresql":
        head, tail = "RETURNS trigger AS $$ BEGIN ", "RETURN NULL; END $$ LANGUAGE plpgsql"
        places = (
            f"IF TG_OP <> 'INSERT' THEN {LEAVE}END IF; "
            f"IF TG_OP <> 'DELETE' THEN {_add('NEW', topics=topics)}END IF; "
        )
        return [
            f"CREATE OR REPLACE FUNCTION listing_text_keep_facts() {head}{facts}{tail}",
            f"CREATE OR REPLACE FUNCTION listing_text_keep_place() {head}{places}{tail}",
        ]
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in FACTS)
    add = _add("new", topics=topics)
    return [
        "DROP TRIGGER listing_text_update",
        "DROP TRIGGER listing_text_place_insert",
        "DROP TRIGGER listing_text_place_update",
        "CREATE TRIGGER listing_text_update AFTER UPDATE ON listing "
        f"WHEN {changed} BEGIN {facts}END",
        f"CREATE TRIGGER listing_text_place_insert AFTER INSERT ON listing_place BEGIN {add}END",
        "CREATE TRIGGER listing_text_place_update AFTER UPDATE ON listing_place "
        f"BEGIN {LEAVE}{add}END",
    ]


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    has, yes = HAS[dialect], "true" if dialect == "postgresql" else "1"
    op.add_column(
        "listing_topic", sa.Column("chosen", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(CHOSEN.format(yes=yes, has=has))
    where = {f"{name}_where": sa.text("chosen") for name in HAS}
    op.create_index("ix_listing_topic_chosen", "listing_topic", ["slug", "number"], **where)
    op.execute("ALTER TABLE listing_text_place ADD COLUMN topic_slugs TEXT NOT NULL DEFAULT ''")
    op.execute(COPIED)
    how = "STORED" if dialect == "postgresql" else "VIRTUAL"
    op.execute(
        "ALTER TABLE listing_text_place ADD COLUMN strip INTEGER "
        f"GENERATED ALWAYS AS (gy >> 12) {how}"
    )
    op.execute("DROP INDEX ix_listing_text_place_grid")
    op.execute(
        "CREATE INDEX ix_listing_text_place_strip ON listing_text_place "
        "(strip, gx, gy, number, latitude, longitude, topic_slugs)"
    )
    for statement in _keep(dialect, topics=True):
        op.execute(statement)


def downgrade() -> None:
    for statement in _keep(op.get_bind().dialect.name, topics=False):
        op.execute(statement)
    op.execute("DROP INDEX ix_listing_text_place_strip")
    op.execute("ALTER TABLE listing_text_place DROP COLUMN strip")
    op.execute("ALTER TABLE listing_text_place DROP COLUMN topic_slugs")
    op.execute(
        "CREATE INDEX ix_listing_text_place_grid ON listing_text_place "
        "(gy, gx, number, latitude, longitude)"
    )
    op.drop_index("ix_listing_topic_chosen", "listing_topic")
    op.execute("ALTER TABLE listing_topic DROP COLUMN chosen")
