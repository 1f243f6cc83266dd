"""First light: every table of the first release, what only grows, and the full-text index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Rows of these tables can be neither changed nor deleted.
ONLY_GROWS = {
    "sqlite": [
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry only grows'); END",
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry only grows'); END",
        "CREATE TRIGGER service_event_no_update BEFORE UPDATE ON service_event BEGIN SELECT RAISE(ABORT, 'service_event only grows'); END",
        "CREATE TRIGGER service_event_no_delete BEFORE DELETE ON service_event BEGIN SELECT RAISE(ABORT, 'service_event only grows'); END",
        "CREATE TRIGGER connection_event_no_update BEFORE UPDATE ON connection_event BEGIN SELECT RAISE(ABORT, 'connection_event only grows'); END",
        "CREATE TRIGGER connection_event_no_delete BEFORE DELETE ON connection_event BEGIN SELECT RAISE(ABORT, 'connection_event only grows'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_entry_only_grows() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'audit_entry only grows'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER audit_entry_only_grows BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_only_grows()",
        "CREATE TRIGGER audit_entry_never_empties BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_only_grows()",
        "CREATE OR REPLACE FUNCTION service_event_only_grows() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'service_event only grows'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER service_event_only_grows BEFORE UPDATE OR DELETE ON service_event FOR EACH ROW EXECUTE FUNCTION service_event_only_grows()",
        "CREATE TRIGGER service_event_never_empties BEFORE TRUNCATE ON service_event FOR EACH STATEMENT EXECUTE FUNCTION service_event_only_grows()",
        "CREATE OR REPLACE FUNCTION connection_event_only_grows() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'connection_event only grows'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER connection_event_only_grows BEFORE UPDATE OR DELETE ON connection_event FOR EACH ROW EXECUTE FUNCTION connection_event_only_grows()",
        "CREATE TRIGGER connection_event_never_empties BEFORE TRUNCATE ON connection_event FOR EACH STATEMENT EXECUTE FUNCTION connection_event_only_grows()",
    ],
}

# What the triggers leave behind when their tables are dropped.
FORGET = {
    "sqlite": [],
    "postgresql": [
        "DROP FUNCTION audit_entry_only_grows()",
        "DROP FUNCTION service_event_only_grows()",
        "DROP FUNCTION connection_event_only_grows()",
    ],
}

# The full-text index, kept in step by triggers.
INDEX = {
    "sqlite": [
        "CREATE TABLE listing_text_facts (number INTEGER PRIMARY KEY, service_id CHAR(32) NOT NULL UNIQUE, community_id CHAR(32), sort_name TEXT NOT NULL, topic_slugs TEXT NOT NULL)",
        "CREATE TABLE listing_text_place (number INTEGER NOT NULL, id CHAR(32) NOT NULL, latitude FLOAT NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, PRIMARY KEY (number, id)) WITHOUT ROWID",
        "CREATE INDEX ix_listing_text_facts_name ON listing_text_facts (sort_name, service_id)",
        "CREATE INDEX ix_listing_text_place_grid ON listing_text_place (gy, gx)",
        "CREATE VIRTUAL TABLE listing_text USING fts5(name, summary, body, topics, organization_name, content='listing', content_rowid='number', tokenize='porter unicode61 remove_diacritics 2')",
        "CREATE VIRTUAL TABLE listing_text_vocab USING fts5vocab(listing_text, 'row')",
        "CREATE TRIGGER listing_text_insert AFTER INSERT ON listing BEGIN INSERT INTO listing_text (rowid, name, summary, body, topics, organization_name) VALUES (new.number, new.name, new.summary, new.body, new.topics, new.organization_name); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs) VALUES (new.number, new.service_id, new.community_id, lower(trim(new.name)), new.topic_slugs); END",
        "CREATE TRIGGER listing_text_delete AFTER DELETE ON listing BEGIN INSERT INTO listing_text (listing_text, rowid, name, summary, body, topics, organization_name) VALUES ('delete', old.number, old.name, old.summary, old.body, old.topics, old.organization_name); DELETE FROM listing_text_facts WHERE number = old.number; DELETE FROM listing_text_place WHERE number = old.number; END",
        "CREATE TRIGGER listing_text_update AFTER UPDATE ON listing WHEN old.number IS NOT new.number OR old.community_id IS NOT new.community_id OR old.topic_slugs IS NOT new.topic_slugs OR old.name IS NOT new.name OR old.summary IS NOT new.summary OR old.body IS NOT new.body OR old.topics IS NOT new.topics OR old.organization_name IS NOT new.organization_name BEGIN INSERT INTO listing_text (listing_text, rowid, name, summary, body, topics, organization_name) VALUES ('delete', old.number, old.name, old.summary, old.body, old.topics, old.organization_name); DELETE FROM listing_text_facts WHERE number = old.number; INSERT INTO listing_text (rowid, name, summary, body, topics, organization_name) VALUES (new.number, new.name, new.summary, new.body, new.topics, new.organization_name); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs) VALUES (new.number, new.service_id, new.community_id, lower(trim(new.name)), new.topic_slugs); END",
        "CREATE TRIGGER listing_text_place_insert AFTER INSERT ON listing_place BEGIN INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, new.id, new.latitude, new.longitude, new.gx, new.gy FROM listing_text_facts f WHERE f.service_id = new.service_id; END",
        "CREATE TRIGGER listing_text_place_delete AFTER DELETE ON listing_place BEGIN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); END",
        "CREATE TRIGGER listing_text_place_update AFTER UPDATE ON listing_place BEGIN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, new.id, new.latitude, new.longitude, new.gx, new.gy FROM listing_text_facts f WHERE f.service_id = new.service_id; END",
        "INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs) SELECT number, service_id, community_id, lower(trim(name)), topic_slugs FROM listing",
        "INSERT INTO listing_text (listing_text) VALUES ('rebuild')",
        "INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, p.id, p.latitude, p.longitude, p.gx, p.gy FROM listing_place p JOIN listing_text_facts f ON f.service_id = p.service_id",
    ],
    "postgresql": [
        'CREATE TABLE listing_text_facts (number BIGINT PRIMARY KEY, service_id UUID NOT NULL UNIQUE, community_id UUID, sort_name TEXT COLLATE "C" NOT NULL, topic_slugs TEXT NOT NULL)',
        "CREATE TABLE listing_text_place (number BIGINT NOT NULL, id UUID NOT NULL, latitude FLOAT NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, PRIMARY KEY (number, id))",
        "CREATE INDEX ix_listing_text_facts_name ON listing_text_facts (sort_name, service_id)",
        "CREATE INDEX ix_listing_text_place_grid ON listing_text_place (gy, gx)",
        "CREATE TABLE listing_text (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_listing_text_words ON listing_text USING gin (words)",
        "CREATE OR REPLACE FUNCTION listing_text_fold(raw TEXT) RETURNS TEXT AS $$ SELECT regexp_replace(regexp_replace(normalize(lower(coalesce(raw, '')), NFD), '[\\u0300-\\u036f]', '', 'g'), '[!-/:-@\\[-`{-~]', ' ', 'g') $$ LANGUAGE sql IMMUTABLE",
        "CREATE OR REPLACE FUNCTION listing_text_keep() RETURNS trigger AS $$ BEGIN IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text WHERE number = OLD.number; DELETE FROM listing_text_facts WHERE number = OLD.number; END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text (number, words) VALUES (NEW.number, setweight(to_tsvector('english', listing_text_fold(NEW.name)) || to_tsvector('simple', listing_text_fold(NEW.name)), 'A') || setweight(to_tsvector('english', listing_text_fold(NEW.topics)), 'B') || setweight(to_tsvector('english', listing_text_fold(NEW.summary || ' ' || NEW.body)), 'C') || setweight(to_tsvector('english', listing_text_fold(NEW.organization_name)), 'D')); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs) VALUES (NEW.number, NEW.service_id, NEW.community_id, listing_text_fold(trim(NEW.name)), NEW.topic_slugs); ELSE DELETE FROM listing_text_place WHERE number = OLD.number; END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE OR REPLACE FUNCTION listing_text_keep_place() RETURNS trigger AS $$ BEGIN IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, NEW.id, NEW.latitude, NEW.longitude, NEW.gx, NEW.gy FROM listing_text_facts f WHERE f.service_id = NEW.service_id; END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER listing_text_place_keep AFTER INSERT OR UPDATE OR DELETE ON listing_place FOR EACH ROW EXECUTE FUNCTION listing_text_keep_place()",
        "CREATE TRIGGER listing_text_add AFTER INSERT OR DELETE ON listing FOR EACH ROW EXECUTE FUNCTION listing_text_keep()",
        "CREATE TRIGGER listing_text_update AFTER UPDATE ON listing FOR EACH ROW WHEN (OLD.number IS DISTINCT FROM NEW.number OR OLD.community_id IS DISTINCT FROM NEW.community_id OR OLD.topic_slugs IS DISTINCT FROM NEW.topic_slugs OR OLD.name IS DISTINCT FROM NEW.name OR OLD.summary IS DISTINCT FROM NEW.summary OR OLD.body IS DISTINCT FROM NEW.body OR OLD.topics IS DISTINCT FROM NEW.topics OR OLD.organization_name IS DISTINCT FROM NEW.organization_name) EXECUTE FUNCTION listing_text_keep()",
        "INSERT INTO listing_text (number, words) SELECT l.number, setweight(to_tsvector('english', listing_text_fold(l.name)) || to_tsvector('simple', listing_text_fold(l.name)), 'A') || setweight(to_tsvector('english', listing_text_fold(l.topics)), 'B') || setweight(to_tsvector('english', listing_text_fold(l.summary || ' ' || l.body)), 'C') || setweight(to_tsvector('english', listing_text_fold(l.organization_name)), 'D') FROM listing l",
        "INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs) SELECT l.number, l.service_id, l.community_id, listing_text_fold(trim(l.name)), l.topic_slugs FROM listing l",
        "INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, p.id, p.latitude, p.longitude, p.gx, p.gy FROM listing_place p JOIN listing_text_facts f ON f.service_id = p.service_id",
    ],
}

# And away with it.
NO_INDEX = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS listing_text_insert",
        "DROP TRIGGER IF EXISTS listing_text_delete",
        "DROP TRIGGER IF EXISTS listing_text_update",
        "DROP TRIGGER IF EXISTS listing_text_place_insert",
        "DROP TRIGGER IF EXISTS listing_text_place_delete",
        "DROP TRIGGER IF EXISTS listing_text_place_update",
        "DROP TABLE IF EXISTS listing_text_vocab",
        "DROP TABLE IF EXISTS listing_text",
        "DROP TABLE IF EXISTS listing_text_facts",
        "DROP TABLE IF EXISTS listing_text_place",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS listing_text_add ON listing",
        "DROP TRIGGER IF EXISTS listing_text_update ON listing",
        "DROP TRIGGER IF EXISTS listing_text_place_keep ON listing_place",
        "DROP FUNCTION IF EXISTS listing_text_keep_place()",
        "DROP FUNCTION IF EXISTS listing_text_keep()",
        "DROP TABLE IF EXISTS listing_text",
        "DROP TABLE IF EXISTS listing_text_facts",
        "DROP TABLE IF EXISTS listing_text_place",
        "DROP FUNCTION IF EXISTS listing_text_fold(TEXT)",
    ],
}


def run(statements: dict[str, list[str]]) -> None:
    """Run the statements of this database, as they are."""
    connection = op.get_bind()
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("practice_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_by_id"), "audit_entry", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_community_id"), "audit_entry", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entry_practice_id"), "audit_entry", ["practice_id"], unique=False
    )
    op.create_index(op.f("ix_audit_entry_subject_id"), "audit_entry", ["subject_id"], unique=False)
    op.create_table(
        "borough",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borough")),
        sa.UniqueConstraint("name", name=op.f("uq_borough_name")),
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", "period", name=op.f("pk_job_run")),
    )
    op.create_table(
        "location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address_1", sa.String(300), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("postal_code", sa.String(10), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("exact", "area", "hidden", name="visibility", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("source", sa.String(100), nullable=True),
        sa.Column("source_id", sa.String(200), nullable=True),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90", name=op.f("ck_location_latitude_on_earth")
        ),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180", name=op.f("ck_location_longitude_on_earth")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("cause", sa.String(160), nullable=False),
        sa.Column("to_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("any_hour", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "leased",
                "sent",
                "withheld",
                "parked",
                name="messagestate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.String(64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("cause", name=op.f("uq_message_cause")),
    )
    op.create_index("ix_message_ready", "message", ["state", "due_at"], unique=False)
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("source", sa.String(100), nullable=True),
        sa.Column("source_id", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_organization_source_source_id")),
    )
    op.create_index(op.f("ix_organization_name"), "organization", ["name"], unique=False)
    op.create_table(
        "outcode",
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("town", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_outcode")),
    )
    op.create_table(
        "postcode",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("outcode", sa.String(4), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_postcode")),
    )
    op.create_index(op.f("ix_postcode_outcode"), "postcode", ["outcode"], unique=False)
    op.create_table(
        "taxonomy_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("description", sa.String(300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "need",
                "interest",
                "audience",
                "access",
                name="termkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy_term")),
        sa.UniqueConstraint("slug", name=op.f("uq_taxonomy_term_slug")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "since", name=op.f("pk_throttle")),
    )
    op.create_table(
        "locality",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("borough_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["borough_id"], ["borough.id"], name=op.f("fk_locality_borough_id_borough")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locality")),
        sa.UniqueConstraint("name", "borough_id", name=op.f("uq_locality_name_borough_id")),
    )
    op.create_index(op.f("ix_locality_borough_id"), "locality", ["borough_id"], unique=False)
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("confirm", "reset", name="purpose", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mailed_link_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_mailed_link_digest")),
    )
    op.create_index(op.f("ix_mailed_link_account_id"), "mailed_link", ["account_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_table(
        "community",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("steward", sa.String(100), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.Column("boundary", sa.JSON(), nullable=True),
        sa.Column("west", sa.Float(), nullable=True),
        sa.Column("south", sa.Float(), nullable=True),
        sa.Column("east", sa.Float(), nullable=True),
        sa.Column("north", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.CheckConstraint("population >= 0", name=op.f("ck_community_population_counts")),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_community_locality_id_locality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("slug", name=op.f("uq_community_slug")),
    )
    op.create_index(op.f("ix_community_locality_id"), "community", ["locality_id"], unique=False)
    op.create_table(
        "practice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("ods_code", sa.String(10), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_practice_locality_id_locality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint("ods_code", name=op.f("uq_practice_ods_code")),
    )
    op.create_index(op.f("ix_practice_locality_id"), "practice", ["locality_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "champion",
                "navigator",
                "coordinator",
                "practice_staff",
                "practice_lead",
                "data_protection",
                "admin",
                name="role",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("practice_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("request_key", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'owner' AND community_id IS NULL AND practice_id IS NULL AND organization_id IS NOT NULL) OR (role = 'champion' AND community_id IS NOT NULL AND practice_id IS NULL AND organization_id IS NULL) OR (role = 'navigator' AND community_id IS NOT NULL AND practice_id IS NULL AND organization_id IS NULL) OR (role = 'coordinator' AND community_id IS NOT NULL AND practice_id IS NULL AND organization_id IS NULL) OR (role = 'practice_staff' AND community_id IS NULL AND practice_id IS NOT NULL AND organization_id IS NULL) OR (role = 'practice_lead' AND community_id IS NULL AND practice_id IS NOT NULL AND organization_id IS NULL) OR (role = 'data_protection' AND community_id IS NULL AND practice_id IS NOT NULL AND organization_id IS NULL) OR (role = 'admin' AND community_id IS NULL AND practice_id IS NULL AND organization_id IS NULL)",
            name=op.f("ck_invitation_role_in_its_place"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_invitation_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_invitation_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_invitation_practice_id_practice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
        sa.UniqueConstraint("request_key", name=op.f("uq_invitation_request_key")),
    )
    op.create_index(
        op.f("ix_invitation_community_id"), "invitation", ["community_id"], unique=False
    )
    op.create_index(op.f("ix_invitation_email"), "invitation", ["email"], unique=False)
    op.create_index(op.f("ix_invitation_practice_id"), "invitation", ["practice_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("request_key", sa.String(64), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("safety_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("matters_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_print", sa.String(64), nullable=False),
        sa.Column("phone_print", sa.String(64), nullable=False),
        sa.Column(
            "contact_by",
            sa.Enum(
                "phone",
                "text",
                "email",
                "post",
                "in_person",
                name="contactby",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("voicemail_ok", sa.Boolean(), nullable=False),
        sa.Column("no_contact", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_person_added_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_person_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_person_owner_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_person_practice_id_practice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("request_key", name=op.f("uq_person_request_key")),
    )
    op.create_index(op.f("ix_person_community_id"), "person", ["community_id"], unique=False)
    op.create_index(op.f("ix_person_name_print"), "person", ["name_print"], unique=False)
    op.create_index(op.f("ix_person_owner_id"), "person", ["owner_id"], unique=False)
    op.create_index(op.f("ix_person_phone_print"), "person", ["phone_print"], unique=False)
    op.create_index(op.f("ix_person_practice_id"), "person", ["practice_id"], unique=False)
    op.create_table(
        "practice_community",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_practice_community_community_id_community"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.id"],
            name=op.f("fk_practice_community_practice_id_practice"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "community_id", name=op.f("pk_practice_community")),
    )
    op.create_index(
        op.f("ix_practice_community_community_id"),
        "practice_community",
        ["community_id"],
        unique=False,
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "champion",
                "navigator",
                "coordinator",
                "practice_staff",
                "practice_lead",
                "data_protection",
                "admin",
                name="role",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("practice_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'owner' AND community_id IS NULL AND practice_id IS NULL AND organization_id IS NOT NULL) OR (role = 'champion' AND community_id IS NOT NULL AND practice_id IS NULL AND organization_id IS NULL) OR (role = 'navigator' AND community_id IS NOT NULL AND practice_id IS NULL AND organization_id IS NULL) OR (role = 'coordinator' AND community_id IS NOT NULL AND practice_id IS NULL AND organization_id IS NULL) OR (role = 'practice_staff' AND community_id IS NULL AND practice_id IS NOT NULL AND organization_id IS NULL) OR (role = 'practice_lead' AND community_id IS NULL AND practice_id IS NOT NULL AND organization_id IS NULL) OR (role = 'data_protection' AND community_id IS NULL AND practice_id IS NOT NULL AND organization_id IS NULL) OR (role = 'admin' AND community_id IS NULL AND practice_id IS NULL AND organization_id IS NULL)",
            name=op.f("ck_role_grant_role_in_its_place"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_role_grant_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_role_grant_given_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_role_grant_practice_id_practice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_account_id"), "role_grant", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_role_grant_community_id"), "role_grant", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_role_grant_organization_id"), "role_grant", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_role_grant_practice_id"), "role_grant", ["practice_id"], unique=False)
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "group",
                "activity",
                "place",
                "advice",
                "gift",
                "exchange",
                name="kind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "standing",
            sa.Enum(
                "unconfirmed",
                "waiting",
                "returned",
                "listed",
                "closed",
                name="standing",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("summary", sa.String(300), nullable=False),
        sa.Column("description", sa.String(20000), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.Column("fees", sa.String(300), nullable=False),
        sa.Column("eligibility", sa.String(500), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("maximum_age", sa.Integer(), nullable=True),
        sa.Column("access", sa.String(500), nullable=False),
        sa.Column("how_to_join", sa.String(1000), nullable=False),
        sa.Column("first_visit", sa.String(1000), nullable=False),
        sa.Column("languages", sa.String(200), nullable=False),
        sa.Column("source", sa.String(100), nullable=True),
        sa.Column("source_id", sa.String(200), nullable=True),
        sa.Column("source_digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(100), nullable=False),
        sa.CheckConstraint(
            "standing <> 'listed' OR approved_at IS NOT NULL",
            name=op.f("ck_service_listed_was_approved"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_service_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_service_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_service_source_source_id")),
    )
    op.create_index(op.f("ix_service_community_id"), "service", ["community_id"], unique=False)
    op.create_index(
        op.f("ix_service_organization_id"), "service", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_service_standing"), "service", ["standing"], unique=False)
    op.create_index(op.f("ix_service_submitted_at"), "service", ["submitted_at"], unique=False)
    op.create_table(
        "volunteer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.Column(
            "wants",
            sa.Enum("champion", "navigator", name="wants", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("languages", sa.String(200), nullable=False),
        sa.Column("travels", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(1000), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("applied", "welcomed", "declined", name="stage", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reply", sa.String(1000), nullable=False),
        sa.CheckConstraint(
            "(stage = 'applied') = (decided_at IS NULL)",
            name=op.f("ck_volunteer_decided_when_not_waiting"),
        ),
        sa.CheckConstraint("travels BETWEEN 0 AND 100", name=op.f("ck_volunteer_travels_miles")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_volunteer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_volunteer_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_volunteer_decided_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer")),
    )
    op.create_index(op.f("ix_volunteer_account_id"), "volunteer", ["account_id"], unique=False)
    op.create_index(op.f("ix_volunteer_community_id"), "volunteer", ["community_id"], unique=False)
    op.create_index(op.f("ix_volunteer_stage"), "volunteer", ["stage"], unique=False)
    op.create_index(
        "uq_volunteer_waiting",
        "volunteer",
        ["community_id", "email", "wants"],
        unique=True,
        sqlite_where=sa.text("stage = 'applied'"),
        postgresql_where=sa.text("stage = 'applied'"),
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("request_key", sa.String(64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "offered",
                "agreed",
                "sent",
                "seen",
                "accepted",
                "introduced",
                "attended",
                "settled",
                "closed",
                "declined_by_person",
                "declined_by_group",
                "waiting",
                "redirected",
                "withdrawn",
                "lapsed",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "route",
            sa.Enum(
                "self",
                "neighbour",
                "champion",
                "navigator",
                "practice",
                name="route",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column(
            "handover",
            sa.Enum(
                "told",
                "message",
                "call",
                "met",
                "together",
                name="handover",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "ending",
            sa.Enum(
                "joined",
                "did_what_was_needed",
                "not_for_them",
                "found_something_else",
                "could_not_reach",
                "group_could_not",
                "changed_mind",
                "moved_away",
                "died",
                "moved_or_died",
                name="ending",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("ending_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("introduced_on", sa.Date(), nullable=True),
        sa.Column("attended_on", sa.Date(), nullable=True),
        sa.Column("waiting_until", sa.Date(), nullable=True),
        sa.Column("next_check_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'closed' OR ending IS NOT NULL", name=op.f("ck_connection_closed_says_why")
        ),
        sa.CheckConstraint(
            "state IN ('closed', 'declined_by_person', 'redirected', 'withdrawn', 'lapsed') OR (owner_id IS NOT NULL AND next_check_on IS NOT NULL)",
            name=op.f("ck_connection_open_is_promised"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('closed', 'declined_by_person', 'redirected', 'withdrawn', 'lapsed') OR next_check_on IS NULL",
            name=op.f("ck_connection_ended_asks_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_connection_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_connection_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_connection_owner_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_connection_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_connection_practice_id_practice")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_connection_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("request_key", name=op.f("uq_connection_request_key")),
    )
    op.create_index(
        "ix_connection_community_next",
        "connection",
        ["community_id", "next_check_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_connection_next_check_on"), "connection", ["next_check_on"], unique=False
    )
    op.create_index(
        op.f("ix_connection_organization_id"), "connection", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_connection_owner_next", "connection", ["owner_id", "next_check_on"], unique=False
    )
    op.create_index(op.f("ix_connection_person_id"), "connection", ["person_id"], unique=False)
    op.create_index(
        "ix_connection_practice_next", "connection", ["practice_id", "next_check_on"], unique=False
    )
    op.create_index(op.f("ix_connection_service_id"), "connection", ["service_id"], unique=False)
    op.create_index(op.f("ix_connection_state"), "connection", ["state"], unique=False)
    op.create_index(
        "uq_connection_open",
        "connection",
        ["person_id", "service_id"],
        unique=True,
        sqlite_where=sa.text(
            "state NOT IN ('closed', 'declined_by_person', 'redirected', 'withdrawn', 'lapsed')"
        ),
        postgresql_where=sa.text(
            "state NOT IN ('closed', 'declined_by_person', 'redirected', 'withdrawn', 'lapsed')"
        ),
    )
    op.create_table(
        "connection_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("request_key", sa.String(64), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_connection_draft_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_connection_draft_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_connection_draft_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_draft")),
        sa.UniqueConstraint("request_key", name=op.f("uq_connection_draft_request_key")),
    )
    op.create_index(op.f("ix_connection_draft_by_id"), "connection_draft", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_connection_draft_kept_at"), "connection_draft", ["kept_at"], unique=False
    )
    op.create_index(
        op.f("ix_connection_draft_person_id"), "connection_draft", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_connection_draft_service_id"), "connection_draft", ["service_id"], unique=False
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "agreed_to",
            sa.Enum("record", "share", name="agreedto", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("wording", sa.String(20), nullable=False),
        sa.Column(
            "how",
            sa.Enum("spoken", "written", "online", name="agreedhow", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_consent_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_contact_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_service_id"), "contact", ["service_id"], unique=False)
    op.create_table(
        "listing",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("organization_name", sa.String(200), nullable=False),
        sa.Column("summary", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("topics", sa.String(1000), nullable=False),
        sa.Column("topic_slugs", sa.String(1000), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_listing_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_listing_service_id_service")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_listing")),
        sa.UniqueConstraint("number", name=op.f("uq_listing_number")),
    )
    op.create_index(op.f("ix_listing_community_id"), "listing", ["community_id"], unique=False)
    op.create_index(
        op.f("ix_listing_organization_id"), "listing", ["organization_id"], unique=False
    )
    op.create_table(
        "listing_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("list", "keep", name="linkfor", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_listing_link_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_listing_link_digest")),
    )
    op.create_index(
        op.f("ix_listing_link_service_id"), "listing_link", ["service_id"], unique=False
    )
    op.create_table(
        "schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "freq",
            sa.Enum("WEEKLY", "MONTHLY", name="freq", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("byday", sa.String(40), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("dtstart", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("description", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_schedule_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
    )
    op.create_index(op.f("ix_schedule_service_id"), "schedule", ["service_id"], unique=False)
    op.create_table(
        "service_at_location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["location.id"],
            name=op.f("fk_service_at_location_location_id_location"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_at_location_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_at_location")),
        sa.UniqueConstraint(
            "service_id", "location_id", name=op.f("uq_service_at_location_service_id_location_id")
        ),
    )
    op.create_index(
        op.f("ix_service_at_location_location_id"),
        "service_at_location",
        ["location_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_at_location_service_id"),
        "service_at_location",
        ["service_id"],
        unique=False,
    )
    op.create_table(
        "service_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "unconfirmed",
                "waiting",
                "returned",
                "listed",
                "closed",
                name="standing",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_service_event_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_event_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_event")),
    )
    op.create_index(
        op.f("ix_service_event_service_id"), "service_event", ["service_id"], unique=False
    )
    op.create_table(
        "service_term",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_term_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["taxonomy_term.id"], name=op.f("fk_service_term_term_id_taxonomy_term")
        ),
        sa.PrimaryKeyConstraint("service_id", "term_id", name=op.f("pk_service_term")),
    )
    op.create_index(op.f("ix_service_term_term_id"), "service_term", ["term_id"], unique=False)
    op.create_table(
        "connection_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "came_from",
            sa.Enum(
                "draft",
                "offered",
                "agreed",
                "sent",
                "seen",
                "accepted",
                "introduced",
                "attended",
                "settled",
                "closed",
                "declined_by_person",
                "declined_by_group",
                "waiting",
                "redirected",
                "withdrawn",
                "lapsed",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "offered",
                "agreed",
                "sent",
                "seen",
                "accepted",
                "introduced",
                "attended",
                "settled",
                "closed",
                "declined_by_person",
                "declined_by_group",
                "waiting",
                "redirected",
                "withdrawn",
                "lapsed",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_connection_event_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_connection_event_connection_id_connection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_event")),
        sa.UniqueConstraint(
            "connection_id", "number", name=op.f("uq_connection_event_connection_id_number")
        ),
    )
    op.create_index(
        op.f("ix_connection_event_connection_id"),
        "connection_event",
        ["connection_id"],
        unique=False,
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_follow_up_connection_id_connection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("connection_id", "step", name=op.f("uq_follow_up_connection_id_step")),
    )
    op.create_index(
        "ix_follow_up_live",
        "follow_up",
        ["connection_id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
    )
    op.create_table(
        "listing_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("service_version", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["listing_link.id"], name=op.f("fk_listing_draft_link_id_listing_link")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_listing_draft_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_draft")),
        sa.UniqueConstraint("digest", name=op.f("uq_listing_draft_digest")),
    )
    op.create_table(
        "listing_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("gx", sa.Integer(), nullable=False),
        sa.Column("gy", sa.Integer(), nullable=False),
        sa.Column("area", sa.Boolean(), nullable=False),
        sa.Column("feature", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["listing.service_id"],
            name=op.f("fk_listing_place_service_id_listing"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_place")),
    )
    op.create_index(
        op.f("ix_listing_place_service_id"), "listing_place", ["service_id"], unique=False
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_reminder_connection_id_connection")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_reminder_owner_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "connection_id",
            "due_on",
            "owner_id",
            name=op.f("uq_reminder_connection_id_due_on_owner_id"),
        ),
    )
    op.create_table(
        "reply_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("address_print", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answer",
            sa.Enum("yes", "not_now", "full", name="answer", native_enum=False, length=24),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name=op.f("fk_reply_link_connection_id_connection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_reply_link_digest")),
    )
    op.create_index(
        op.f("ix_reply_link_connection_id"), "reply_link", ["connection_id"], unique=False
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.Column("request_key", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "going_well",
                "went_once",
                "not_yet",
                "wrong_fit",
                "could_not_reach",
                "needs_more",
                name="outcome",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_attempt_by_id_account")),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_attempt_connection_id_connection")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_attempt_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("request_key", name=op.f("uq_attempt_request_key")),
    )
    op.create_index(op.f("ix_attempt_connection_id"), "attempt", ["connection_id"], unique=False)
    op.create_index(op.f("ix_attempt_follow_up_id"), "attempt", ["follow_up_id"], unique=False)
    run(ONLY_GROWS)
    run(INDEX)


def downgrade() -> None:
    run(NO_INDEX)
    op.drop_table("attempt")
    op.drop_table("reply_link")
    op.drop_table("reminder")
    op.drop_table("listing_place")
    op.drop_table("listing_draft")
    op.drop_table("follow_up")
    op.drop_table("connection_event")
    op.drop_table("service_term")
    op.drop_table("service_event")
    op.drop_table("service_at_location")
    op.drop_table("schedule")
    op.drop_table("listing_link")
    op.drop_table("listing")
    op.drop_table("contact")
    op.drop_table("consent")
    op.drop_table("connection_draft")
    op.drop_table("connection")
    op.drop_table("volunteer")
    op.drop_table("service")
    op.drop_table("role_grant")
    op.drop_table("practice_community")
    op.drop_table("person")
    op.drop_table("invitation")
    op.drop_table("practice")
    op.drop_table("community")
    op.drop_table("sign_in")
    op.drop_table("mailed_link")
    op.drop_table("locality")
    op.drop_table("throttle")
    op.drop_table("taxonomy_term")
    op.drop_table("postcode")
    op.drop_table("outcode")
    op.drop_table("organization")
    op.drop_table("message")
    op.drop_table("location")
    op.drop_table("job_run")
    op.drop_table("borough")
    op.drop_table("audit_entry")
    op.drop_table("account")
    run(FORGET)
