"""Signs of life, the ladder that asks for them, and how long ago they were."""
# ruff: noqa: E501 (statements as the databases keep them, frozen)

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The index of published listings learns how a listing has aged.
GROW = {
    "sqlite": [
        "DROP TRIGGER listing_text_insert",
        "DROP TRIGGER listing_text_update",
        "ALTER TABLE listing_text_facts ADD COLUMN stage INTEGER NOT NULL DEFAULT 0",
        "CREATE TRIGGER listing_text_insert AFTER INSERT ON listing BEGIN INSERT INTO listing_text (rowid, name, summary, body, topics, organization_name) VALUES (new.number, new.name, new.summary, new.body, new.topics, new.organization_name); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, stage) VALUES (new.number, new.service_id, new.community_id, lower(trim(new.name)), new.topic_slugs, new.stage); END",
        "CREATE TRIGGER listing_text_update AFTER UPDATE ON listing WHEN old.number IS NOT new.number OR old.community_id IS NOT new.community_id OR old.topic_slugs IS NOT new.topic_slugs OR old.name IS NOT new.name OR old.summary IS NOT new.summary OR old.body IS NOT new.body OR old.topics IS NOT new.topics OR old.organization_name IS NOT new.organization_name BEGIN INSERT INTO listing_text (listing_text, rowid, name, summary, body, topics, organization_name) VALUES ('delete', old.number, old.name, old.summary, old.body, old.topics, old.organization_name); DELETE FROM listing_text_facts WHERE number = old.number; INSERT INTO listing_text (rowid, name, summary, body, topics, organization_name) VALUES (new.number, new.name, new.summary, new.body, new.topics, new.organization_name); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, stage) VALUES (new.number, new.service_id, new.community_id, lower(trim(new.name)), new.topic_slugs, new.stage); END",
        "CREATE TRIGGER listing_text_stage_update AFTER UPDATE OF stage ON listing WHEN old.stage IS NOT new.stage BEGIN UPDATE listing_text_facts SET stage = new.stage WHERE number = new.number; END",
    ],
    "postgresql": [
        "ALTER TABLE listing_text_facts ADD COLUMN stage INTEGER NOT NULL DEFAULT 0",
        "CREATE OR REPLACE FUNCTION listing_text_keep() RETURNS trigger AS $$ BEGIN IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text WHERE number = OLD.number; DELETE FROM listing_text_facts WHERE number = OLD.number; END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text (number, words) VALUES (NEW.number, setweight(to_tsvector('english', listing_text_fold(NEW.name)) || to_tsvector('simple', listing_text_fold(NEW.name)), 'A') || setweight(to_tsvector('english', listing_text_fold(NEW.topics)), 'B') || setweight(to_tsvector('english', listing_text_fold(NEW.summary || ' ' || NEW.body)), 'C') || setweight(to_tsvector('english', listing_text_fold(NEW.organization_name)), 'D')); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, stage) VALUES (NEW.number, NEW.service_id, NEW.community_id, listing_text_fold(trim(NEW.name)), NEW.topic_slugs, NEW.stage); ELSE DELETE FROM listing_text_place WHERE number = OLD.number; END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE OR REPLACE FUNCTION listing_text_keep_stage() RETURNS trigger AS $$ BEGIN UPDATE listing_text_facts SET stage = new.stage WHERE number = new.number; RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER listing_text_stage AFTER UPDATE OF stage ON listing FOR EACH ROW WHEN (OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION listing_text_keep_stage()",
    ],
}

SHRINK = {
    "sqlite": [
        "DROP TRIGGER listing_text_stage_update",
        "DROP TRIGGER listing_text_insert",
        "DROP TRIGGER listing_text_update",
        "ALTER TABLE listing_text_facts DROP COLUMN stage",
        "CREATE TRIGGER listing_text_insert AFTER INSERT ON listing BEGIN INSERT INTO listing_text (rowid, name, summary, body, topics, organization_name) VALUES (new.number, new.name, new.summary, new.body, new.topics, new.organization_name); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs) VALUES (new.number, new.service_id, new.community_id, lower(trim(new.name)), new.topic_slugs); END",
        "CREATE TRIGGER listing_text_update AFTER UPDATE ON listing WHEN old.number IS NOT new.number OR old.community_id IS NOT new.community_id OR old.topic_slugs IS NOT new.topic_slugs OR old.name IS NOT new.name OR old.summary IS NOT new.summary OR old.body IS NOT new.body OR old.topics IS NOT new.topics OR old.organization_name IS NOT new.organization_name BEGIN INSERT INTO listing_text (listing_text, rowid, name, summary, body, topics, organization_name) VALUES ('delete', old.number, old.name, old.summary, old.body, old.topics, old.organization_name); DELETE FROM listing_text_facts WHERE number = old.number; INSERT INTO listing_text (rowid, name, summary, body, topics, organization_name) VALUES (new.number, new.name, new.summary, new.body, new.topics, new.organization_name); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs) VALUES (new.number, new.service_id, new.community_id, lower(trim(new.name)), new.topic_slugs); END",
    ],
    "postgresql": [
        "DROP TRIGGER listing_text_stage ON listing",
        "DROP FUNCTION listing_text_keep_stage()",
        "CREATE OR REPLACE FUNCTION listing_text_keep() RETURNS trigger AS $$ BEGIN IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text WHERE number = OLD.number; DELETE FROM listing_text_facts WHERE number = OLD.number; END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text (number, words) VALUES (NEW.number, setweight(to_tsvector('english', listing_text_fold(NEW.name)) || to_tsvector('simple', listing_text_fold(NEW.name)), 'A') || setweight(to_tsvector('english', listing_text_fold(NEW.topics)), 'B') || setweight(to_tsvector('english', listing_text_fold(NEW.summary || ' ' || NEW.body)), 'C') || setweight(to_tsvector('english', listing_text_fold(NEW.organization_name)), 'D')); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs) VALUES (NEW.number, NEW.service_id, NEW.community_id, listing_text_fold(trim(NEW.name)), NEW.topic_slugs); ELSE DELETE FROM listing_text_place WHERE number = OLD.number; END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        "ALTER TABLE listing_text_facts DROP COLUMN stage",
    ],
}


def upgrade() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "sign",
            sa.Enum(
                "owner_confirmed",
                "visited",
                "accepted",
                "attended",
                "reported_gone",
                "mail_bounced",
                name="sign",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(120), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_signal_by_id_account")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_signal_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("cause", name=op.f("uq_signal_cause")),
    )
    op.create_index("ix_signal_of_service", "signal", ["service_id", "at"], unique=False)
    op.create_table(
        "upkeep",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "quiet",
                "asked",
                "reminded",
                "to_check",
                "hidden",
                name="step",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_upkeep_service_id_service")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_upkeep")),
    )
    op.create_index("ix_upkeep_due", "upkeep", ["due_on", "service_id"], unique=False)
    op.create_index(op.f("ix_upkeep_step"), "upkeep", ["step"], unique=False)
    op.add_column("listing", sa.Column("stage", sa.Integer(), server_default="0", nullable=False))
    op.add_column("listing", sa.Column("fades_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_listing_fades_on"), "listing", ["fades_on"], unique=False)
    op.execute("UPDATE listing SET fades_on = '2000-01-01'")  # the first night says how old each is
    op.create_table(
        "linked_listing",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["listing_link.id"],
            name=op.f("fk_linked_listing_link_id_listing_link"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_linked_listing_service_id_service")
        ),
        sa.PrimaryKeyConstraint("link_id", "service_id", name=op.f("pk_linked_listing")),
    )
    op.create_index(
        op.f("ix_linked_listing_service_id"), "linked_listing", ["service_id"], unique=False
    )
    for statement in GROW[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("UPDATE service SET standing = 'closed' WHERE standing = 'hidden'")
    for statement in SHRINK[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("linked_listing")
    op.drop_index(op.f("ix_listing_fades_on"), table_name="listing")
    op.drop_column("listing", "fades_on")
    op.drop_column("listing", "stage")
    op.drop_index(op.f("ix_upkeep_step"), table_name="upkeep")
    op.drop_index("ix_upkeep_due", table_name="upkeep")
    op.drop_table("upkeep")
    op.drop_index("ix_signal_of_service", table_name="signal")
    op.drop_table("signal")
