"""Finding: one index of stems for both databases, and what each listing is about, by number.

A listing carries its stems (`words`) to the index. They are worked out here from the texts of the
listings there are, so that nothing is unfindable until it is published again.
"""
# ruff: noqa: E501, S608 (the statements as they were; no value is put into one)

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import snowballstemmer
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT_ONCE = 500
TEXTS = ("name", "topics", "summary", "body", "organization_name")

TAKE_OLD = {
    "sqlite": [
        'DROP TRIGGER IF EXISTS listing_text_insert',
        'DROP TRIGGER IF EXISTS listing_text_delete',
        'DROP TRIGGER IF EXISTS listing_text_update',
        'DROP TRIGGER IF EXISTS listing_text_place_insert',
        'DROP TRIGGER IF EXISTS listing_text_place_delete',
        'DROP TRIGGER IF EXISTS listing_text_place_update',
        'DROP TRIGGER IF EXISTS listing_text_stage_insert',
        'DROP TRIGGER IF EXISTS listing_text_stage_delete',
        'DROP TRIGGER IF EXISTS listing_text_stage_update',
        'DROP TABLE IF EXISTS listing_text_vocab',
        'DROP TABLE IF EXISTS listing_text',
        'DROP TABLE IF EXISTS listing_text_facts',
        'DROP TABLE IF EXISTS listing_text_place',
        'DROP TABLE IF EXISTS listing_text_held',
    ],
    "postgresql": [
        'DROP TRIGGER IF EXISTS listing_text_add ON listing',
        'DROP TRIGGER IF EXISTS listing_text_update ON listing',
        'DROP TRIGGER IF EXISTS listing_text_stage ON listing',
        'DROP TRIGGER IF EXISTS listing_text_place_keep ON listing_place',
        'DROP FUNCTION IF EXISTS listing_text_keep_stage()',
        'DROP FUNCTION IF EXISTS listing_text_keep_place()',
        'DROP FUNCTION IF EXISTS listing_text_keep()',
        'DROP TABLE IF EXISTS listing_text',
        'DROP TABLE IF EXISTS listing_text_facts',
        'DROP TABLE IF EXISTS listing_text_place',
        'DROP FUNCTION IF EXISTS listing_text_fold(TEXT)',
    ],
}

MAKE_NEW = {
    "sqlite": [
        'CREATE TABLE listing_text_facts (number INTEGER PRIMARY KEY, service_id CHAR(32) NOT NULL UNIQUE, community_id CHAR(32), sort_name TEXT NOT NULL, topic_slugs TEXT NOT NULL, facets TEXT NOT NULL, age_from INTEGER, age_to INTEGER, full_until DATE, stage INTEGER NOT NULL)',
        'CREATE TABLE listing_text_place (number INTEGER NOT NULL, id CHAR(32) NOT NULL, latitude FLOAT NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, PRIMARY KEY (number, id)) WITHOUT ROWID',
        'CREATE TABLE listing_text_word (stem TEXT NOT NULL, number INTEGER NOT NULL, impact INTEGER NOT NULL, PRIMARY KEY (stem, number)) WITHOUT ROWID',
        'CREATE INDEX ix_listing_text_facts_name ON listing_text_facts (sort_name, service_id)',
        'CREATE INDEX ix_listing_text_facts_community ON listing_text_facts (community_id, sort_name, service_id)',
        'CREATE INDEX ix_listing_text_place_grid ON listing_text_place (gy, gx, number, latitude, longitude)',
        'CREATE INDEX ix_listing_text_word_strong ON listing_text_word (stem, impact DESC, number) WHERE impact >= 100',
        'CREATE TABLE listing_text_held (held INTEGER PRIMARY KEY)',
        'CREATE TRIGGER listing_text_insert AFTER INSERT ON listing WHEN NOT EXISTS (SELECT 1 FROM listing_text_held) BEGIN INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, facets, age_from, age_to, full_until, stage) VALUES (new.number, new.service_id, new.community_id, new.sort_name, new.topic_slugs, new.facets, new.age_from, new.age_to, new.full_until, new.stage); INSERT INTO listing_text_word (stem, number, impact) SELECT w.key, new.number, CAST(w.value AS INTEGER) FROM json_each(new.words) w; END',
        'CREATE TRIGGER listing_text_delete AFTER DELETE ON listing BEGIN DELETE FROM listing_text_word WHERE number = old.number AND stem IN (SELECT w.key FROM json_each(old.words) w); DELETE FROM listing_text_facts WHERE number = old.number; DELETE FROM listing_text_place WHERE number = old.number; END',
        'CREATE TRIGGER listing_text_update AFTER UPDATE ON listing WHEN old.service_id IS NOT new.service_id OR old.community_id IS NOT new.community_id OR old.sort_name IS NOT new.sort_name OR old.topic_slugs IS NOT new.topic_slugs OR old.facets IS NOT new.facets OR old.age_from IS NOT new.age_from OR old.age_to IS NOT new.age_to OR old.full_until IS NOT new.full_until OR old.stage IS NOT new.stage BEGIN UPDATE listing_text_facts SET service_id = new.service_id, community_id = new.community_id, sort_name = new.sort_name, topic_slugs = new.topic_slugs, facets = new.facets, age_from = new.age_from, age_to = new.age_to, full_until = new.full_until, stage = new.stage WHERE number = new.number; END',
        'CREATE TRIGGER listing_text_words_update AFTER UPDATE OF words ON listing WHEN old.words IS NOT new.words BEGIN DELETE FROM listing_text_word WHERE number = old.number AND stem IN (SELECT w.key FROM json_each(old.words) w); INSERT INTO listing_text_word (stem, number, impact) SELECT w.key, new.number, CAST(w.value AS INTEGER) FROM json_each(new.words) w; END',
        'CREATE TRIGGER listing_text_place_insert AFTER INSERT ON listing_place BEGIN INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, new.id, new.latitude, new.longitude, new.gx, new.gy FROM listing_text_facts f WHERE f.service_id = new.service_id; END',
        'CREATE TRIGGER listing_text_place_delete AFTER DELETE ON listing_place BEGIN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); END',
        'CREATE TRIGGER listing_text_place_update AFTER UPDATE ON listing_place BEGIN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, new.id, new.latitude, new.longitude, new.gx, new.gy FROM listing_text_facts f WHERE f.service_id = new.service_id; END',
        'INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, facets, age_from, age_to, full_until, stage) SELECT number, service_id, community_id, sort_name, topic_slugs, facets, age_from, age_to, full_until, stage FROM listing',
        'INSERT INTO listing_text_word (stem, number, impact) SELECT w.key, l.number, CAST(w.value AS INTEGER) FROM listing l, json_each(l.words) w ORDER BY 1, 2',
        'INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, p.id, p.latitude, p.longitude, p.gx, p.gy FROM listing_place p JOIN listing_text_facts f ON f.service_id = p.service_id',
    ],
    "postgresql": [
        'CREATE TABLE listing_text_facts (number BIGINT PRIMARY KEY, service_id UUID NOT NULL UNIQUE, community_id UUID, sort_name TEXT COLLATE "C" NOT NULL, topic_slugs TEXT NOT NULL, facets TEXT NOT NULL, age_from INTEGER, age_to INTEGER, full_until DATE, stage INTEGER NOT NULL)',
        'CREATE TABLE listing_text_place (number BIGINT NOT NULL, id UUID NOT NULL, latitude FLOAT NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, PRIMARY KEY (number, id))',
        'CREATE TABLE listing_text_word (stem TEXT COLLATE "C" NOT NULL, number BIGINT NOT NULL, impact INTEGER NOT NULL, PRIMARY KEY (stem, number) INCLUDE (impact))',
        'CREATE INDEX ix_listing_text_facts_name ON listing_text_facts (sort_name, service_id)',
        'CREATE INDEX ix_listing_text_facts_community ON listing_text_facts (community_id, sort_name, service_id)',
        'CREATE INDEX ix_listing_text_place_grid ON listing_text_place (gy, gx, number, latitude, longitude)',
        'CREATE INDEX ix_listing_text_word_strong ON listing_text_word (stem, impact DESC, number) WHERE impact >= 100',
        "CREATE OR REPLACE FUNCTION listing_text_keep() RETURNS trigger AS $$ BEGIN IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text_word WHERE number = old.number AND stem IN (SELECT w.key FROM json_each_text(old.words::json) w); DELETE FROM listing_text_facts WHERE number = old.number; DELETE FROM listing_text_place WHERE number = old.number AND TG_OP = 'DELETE'; END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, facets, age_from, age_to, full_until, stage) VALUES (new.number, new.service_id, new.community_id, new.sort_name, new.topic_slugs, new.facets, new.age_from, new.age_to, new.full_until, new.stage); INSERT INTO listing_text_word (stem, number, impact) SELECT w.key, new.number, CAST(w.value AS INTEGER) FROM json_each_text(new.words::json) w; END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        'CREATE OR REPLACE FUNCTION listing_text_keep_facts() RETURNS trigger AS $$ BEGIN UPDATE listing_text_facts SET service_id = new.service_id, community_id = new.community_id, sort_name = new.sort_name, topic_slugs = new.topic_slugs, facets = new.facets, age_from = new.age_from, age_to = new.age_to, full_until = new.full_until, stage = new.stage WHERE number = new.number; RETURN NULL; END $$ LANGUAGE plpgsql',
        "CREATE OR REPLACE FUNCTION listing_text_keep_place() RETURNS trigger AS $$ BEGIN IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, NEW.id, NEW.latitude, NEW.longitude, NEW.gx, NEW.gy FROM listing_text_facts f WHERE f.service_id = NEW.service_id; END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        'CREATE TRIGGER listing_text_add AFTER INSERT OR DELETE ON listing FOR EACH ROW EXECUTE FUNCTION listing_text_keep()',
        'CREATE TRIGGER listing_text_update AFTER UPDATE ON listing FOR EACH ROW WHEN (old.service_id IS DISTINCT FROM new.service_id OR old.community_id IS DISTINCT FROM new.community_id OR old.sort_name IS DISTINCT FROM new.sort_name OR old.topic_slugs IS DISTINCT FROM new.topic_slugs OR old.facets IS DISTINCT FROM new.facets OR old.age_from IS DISTINCT FROM new.age_from OR old.age_to IS DISTINCT FROM new.age_to OR old.full_until IS DISTINCT FROM new.full_until OR old.stage IS DISTINCT FROM new.stage) EXECUTE FUNCTION listing_text_keep_facts()',
        'CREATE TRIGGER listing_text_words_update AFTER UPDATE OF words ON listing FOR EACH ROW WHEN (old.words IS DISTINCT FROM new.words) EXECUTE FUNCTION listing_text_keep()',
        'CREATE TRIGGER listing_text_place_keep AFTER INSERT OR UPDATE OR DELETE ON listing_place FOR EACH ROW EXECUTE FUNCTION listing_text_keep_place()',
        'INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, facets, age_from, age_to, full_until, stage) SELECT number, service_id, community_id, sort_name, topic_slugs, facets, age_from, age_to, full_until, stage FROM listing',
        'INSERT INTO listing_text_word (stem, number, impact) SELECT w.key, l.number, CAST(w.value AS INTEGER) FROM listing l, json_each_text(l.words::json) w ORDER BY 1, 2',
        'INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, p.id, p.latitude, p.longitude, p.gx, p.gy FROM listing_place p JOIN listing_text_facts f ON f.service_id = p.service_id',
    ],
}

TAKE_NEW = {
    "sqlite": [
        'DROP TRIGGER IF EXISTS listing_text_insert',
        'DROP TRIGGER IF EXISTS listing_text_delete',
        'DROP TRIGGER IF EXISTS listing_text_update',
        'DROP TRIGGER IF EXISTS listing_text_place_insert',
        'DROP TRIGGER IF EXISTS listing_text_place_delete',
        'DROP TRIGGER IF EXISTS listing_text_place_update',
        'DROP TRIGGER IF EXISTS listing_text_words_insert',
        'DROP TRIGGER IF EXISTS listing_text_words_delete',
        'DROP TRIGGER IF EXISTS listing_text_words_update',
        'DROP TABLE IF EXISTS listing_text_word',
        'DROP TABLE IF EXISTS listing_text_facts',
        'DROP TABLE IF EXISTS listing_text_place',
        'DROP TABLE IF EXISTS listing_text_held',
    ],
    "postgresql": [
        'DROP TRIGGER IF EXISTS listing_text_add ON listing',
        'DROP TRIGGER IF EXISTS listing_text_update ON listing',
        'DROP TRIGGER IF EXISTS listing_text_words_update ON listing',
        'DROP TRIGGER IF EXISTS listing_text_place_keep ON listing_place',
        'DROP FUNCTION IF EXISTS listing_text_keep()',
        'DROP FUNCTION IF EXISTS listing_text_keep_facts()',
        'DROP FUNCTION IF EXISTS listing_text_keep_place()',
        'DROP TABLE IF EXISTS listing_text_word',
        'DROP TABLE IF EXISTS listing_text_facts',
        'DROP TABLE IF EXISTS listing_text_place',
    ],
}

MAKE_OLD = {
    "sqlite": [
        'CREATE TABLE listing_text_facts (number INTEGER PRIMARY KEY, service_id CHAR(32) NOT NULL UNIQUE, community_id CHAR(32), sort_name TEXT NOT NULL, topic_slugs TEXT NOT NULL, stage INTEGER NOT NULL DEFAULT 0)',
        'CREATE TABLE listing_text_place (number INTEGER NOT NULL, id CHAR(32) NOT NULL, latitude FLOAT NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, PRIMARY KEY (number, id)) WITHOUT ROWID',
        'CREATE INDEX ix_listing_text_facts_name ON listing_text_facts (sort_name, service_id)',
        'CREATE INDEX ix_listing_text_place_grid ON listing_text_place (gy, gx)',
        "CREATE VIRTUAL TABLE listing_text USING fts5(name, summary, body, topics, organization_name, content='listing', content_rowid='number', tokenize='porter unicode61 remove_diacritics 2')",
        "CREATE VIRTUAL TABLE listing_text_vocab USING fts5vocab(listing_text, 'row')",
        'CREATE TABLE listing_text_held (held INTEGER PRIMARY KEY)',
        'CREATE TRIGGER listing_text_insert AFTER INSERT ON listing WHEN NOT EXISTS (SELECT 1 FROM listing_text_held) BEGIN INSERT INTO listing_text (rowid, name, summary, body, topics, organization_name) VALUES (new.number, new.name, new.summary, new.body, new.topics, new.organization_name); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, stage) VALUES (new.number, new.service_id, new.community_id, lower(trim(new.name)), new.topic_slugs, new.stage); END',
        "CREATE TRIGGER listing_text_delete AFTER DELETE ON listing BEGIN INSERT INTO listing_text (listing_text, rowid, name, summary, body, topics, organization_name) VALUES ('delete', old.number, old.name, old.summary, old.body, old.topics, old.organization_name); DELETE FROM listing_text_facts WHERE number = old.number; DELETE FROM listing_text_place WHERE number = old.number; END",
        "CREATE TRIGGER listing_text_update AFTER UPDATE ON listing WHEN old.number IS NOT new.number OR old.community_id IS NOT new.community_id OR old.topic_slugs IS NOT new.topic_slugs OR old.name IS NOT new.name OR old.summary IS NOT new.summary OR old.body IS NOT new.body OR old.topics IS NOT new.topics OR old.organization_name IS NOT new.organization_name BEGIN INSERT INTO listing_text (listing_text, rowid, name, summary, body, topics, organization_name) VALUES ('delete', old.number, old.name, old.summary, old.body, old.topics, old.organization_name); DELETE FROM listing_text_facts WHERE number = old.number; INSERT INTO listing_text (rowid, name, summary, body, topics, organization_name) VALUES (new.number, new.name, new.summary, new.body, new.topics, new.organization_name); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, stage) VALUES (new.number, new.service_id, new.community_id, lower(trim(new.name)), new.topic_slugs, new.stage); END",
        'CREATE TRIGGER listing_text_stage_update AFTER UPDATE OF stage ON listing WHEN old.stage IS NOT new.stage BEGIN UPDATE listing_text_facts SET stage = new.stage WHERE number = new.number; END',
        'CREATE TRIGGER listing_text_place_insert AFTER INSERT ON listing_place BEGIN INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, new.id, new.latitude, new.longitude, new.gx, new.gy FROM listing_text_facts f WHERE f.service_id = new.service_id; END',
        'CREATE TRIGGER listing_text_place_delete AFTER DELETE ON listing_place BEGIN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); END',
        'CREATE TRIGGER listing_text_place_update AFTER UPDATE ON listing_place BEGIN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, new.id, new.latitude, new.longitude, new.gx, new.gy FROM listing_text_facts f WHERE f.service_id = new.service_id; END',
        'INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, stage) SELECT number, service_id, community_id, lower(trim(name)), topic_slugs, stage FROM listing',
        "INSERT INTO listing_text (listing_text) VALUES ('rebuild')",
        'INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, p.id, p.latitude, p.longitude, p.gx, p.gy FROM listing_place p JOIN listing_text_facts f ON f.service_id = p.service_id',
    ],
    "postgresql": [
        'CREATE TABLE listing_text_facts (number BIGINT PRIMARY KEY, service_id UUID NOT NULL UNIQUE, community_id UUID, sort_name TEXT COLLATE "C" NOT NULL, topic_slugs TEXT NOT NULL, stage INTEGER NOT NULL DEFAULT 0)',
        'CREATE TABLE listing_text_place (number BIGINT NOT NULL, id UUID NOT NULL, latitude FLOAT NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, PRIMARY KEY (number, id))',
        'CREATE INDEX ix_listing_text_facts_name ON listing_text_facts (sort_name, service_id)',
        'CREATE INDEX ix_listing_text_place_grid ON listing_text_place (gy, gx)',
        'CREATE TABLE listing_text (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)',
        'CREATE INDEX ix_listing_text_words ON listing_text USING gin (words)',
        "CREATE OR REPLACE FUNCTION listing_text_fold(raw TEXT) RETURNS TEXT AS $$ SELECT regexp_replace(regexp_replace(normalize(lower(coalesce(raw, '')), NFD), '[\\u0300-\\u036f]', '', 'g'), '[!-/:-@\\[-`{-~]', ' ', 'g') $$ LANGUAGE sql IMMUTABLE",
        "CREATE OR REPLACE FUNCTION listing_text_keep() RETURNS trigger AS $$ BEGIN IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text WHERE number = OLD.number; DELETE FROM listing_text_facts WHERE number = OLD.number; END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text (number, words) VALUES (NEW.number, setweight(to_tsvector('english', listing_text_fold(NEW.name)) || to_tsvector('simple', listing_text_fold(NEW.name)), 'A') || setweight(to_tsvector('english', listing_text_fold(NEW.topics)), 'B') || setweight(to_tsvector('english', listing_text_fold(NEW.summary || ' ' || NEW.body)), 'C') || setweight(to_tsvector('english', listing_text_fold(NEW.organization_name)), 'D')); INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, stage) VALUES (NEW.number, NEW.service_id, NEW.community_id, listing_text_fold(trim(NEW.name)), NEW.topic_slugs, NEW.stage); ELSE DELETE FROM listing_text_place WHERE number = OLD.number; END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE OR REPLACE FUNCTION listing_text_keep_place() RETURNS trigger AS $$ BEGIN IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text_place WHERE id = old.id AND number IN (SELECT number FROM listing_text_facts WHERE service_id = old.service_id); END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, NEW.id, NEW.latitude, NEW.longitude, NEW.gx, NEW.gy FROM listing_text_facts f WHERE f.service_id = NEW.service_id; END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        'CREATE OR REPLACE FUNCTION listing_text_keep_stage() RETURNS trigger AS $$ BEGIN UPDATE listing_text_facts SET stage = new.stage WHERE number = new.number; RETURN NULL; END $$ LANGUAGE plpgsql',
        'CREATE TRIGGER listing_text_stage AFTER UPDATE OF stage ON listing FOR EACH ROW WHEN (OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION listing_text_keep_stage()',
        'CREATE TRIGGER listing_text_place_keep AFTER INSERT OR UPDATE OR DELETE ON listing_place FOR EACH ROW EXECUTE FUNCTION listing_text_keep_place()',
        'CREATE TRIGGER listing_text_add AFTER INSERT OR DELETE ON listing FOR EACH ROW EXECUTE FUNCTION listing_text_keep()',
        'CREATE TRIGGER listing_text_update AFTER UPDATE ON listing FOR EACH ROW WHEN (OLD.number IS DISTINCT FROM NEW.number OR OLD.community_id IS DISTINCT FROM NEW.community_id OR OLD.topic_slugs IS DISTINCT FROM NEW.topic_slugs OR OLD.name IS DISTINCT FROM NEW.name OR OLD.summary IS DISTINCT FROM NEW.summary OR OLD.body IS DISTINCT FROM NEW.body OR OLD.topics IS DISTINCT FROM NEW.topics OR OLD.organization_name IS DISTINCT FROM NEW.organization_name) EXECUTE FUNCTION listing_text_keep()',
        "INSERT INTO listing_text (number, words) SELECT l.number, setweight(to_tsvector('english', listing_text_fold(l.name)) || to_tsvector('simple', listing_text_fold(l.name)), 'A') || setweight(to_tsvector('english', listing_text_fold(l.topics)), 'B') || setweight(to_tsvector('english', listing_text_fold(l.summary || ' ' || l.body)), 'C') || setweight(to_tsvector('english', listing_text_fold(l.organization_name)), 'D') FROM listing l",
        'INSERT INTO listing_text_facts (number, service_id, community_id, sort_name, topic_slugs, stage) SELECT l.number, l.service_id, l.community_id, listing_text_fold(trim(l.name)), l.topic_slugs, l.stage FROM listing l',
        'INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy) SELECT f.number, p.id, p.latitude, p.longitude, p.gx, p.gy FROM listing_place p JOIN listing_text_facts f ON f.service_id = p.service_id',
    ],
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in TAKE_OLD[dialect]:
        op.execute(statement)
    op.add_column(
        "listing", sa.Column("words", sa.Text(), server_default=sa.text("'{}'"), nullable=False)
    )
    op.add_column(
        "listing",
        sa.Column("sort_name", sa.String(200), server_default=sa.text("''"), nullable=False),
    )
    op.create_table(
        "listing_topic",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["listing.number"],
            name=op.f("fk_listing_topic_number_listing"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", "slug", name=op.f("pk_listing_topic")),
    )
    op.create_index("ix_listing_topic_slug", "listing_topic", ["slug", "strength", "number"])
    for number in _batches():
        _fill(number)
    for statement in MAKE_NEW[dialect]:
        op.execute(statement)


def _batches() -> Iterator[int]:
    last = op.get_bind().execute(sa.text("SELECT max(number) FROM listing")).scalar() or 0
    yield from range(0, last + 1, AT_ONCE)


def _fill(number: int) -> None:
    """Give the listings of one batch their stems and their topics."""
    bind = op.get_bind()
    wanted = sa.text(
        f"SELECT number, topic_slugs, {', '.join(TEXTS)} FROM listing "
        "WHERE number >= :number AND number < :after"
    )
    rows = bind.execute(wanted, {"number": number, "after": number + AT_ONCE}).mappings().all()
    said = [
        {"key": row["number"], "words": _words(row), "sort_name": _fold(row["name"].strip())}
        for row in rows
    ]
    topics = [topic for row in rows for topic in _topics(row)]
    if said:
        change = "UPDATE listing SET words = :words, sort_name = :sort_name WHERE number = :key"
        bind.execute(sa.text(change), said)
    if topics:
        add = "INSERT INTO listing_topic (number, slug, strength) VALUES (:number, :slug, 100)"
        bind.execute(sa.text(add), topics)


def _topics(row: Any) -> list[dict[str, Any]]:
    slugs = dict.fromkeys(filter(None, row["topic_slugs"].split("|")))
    return [{"number": row["number"], "slug": slug} for slug in slugs if slug[0] != "!"]


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in TAKE_NEW[dialect]:
        op.execute(statement)
    op.drop_table("listing_topic")
    op.drop_column("listing", "sort_name")
    op.drop_column("listing", "words")
    for statement in MAKE_OLD[dialect]:
        op.execute(statement)


# How stems and impacts were worked out when this was released: later ways of doing so are the
# worker's business, which publishes listings anew.
_WORD = re.compile(r"[^\W_]+")
_CUT = snowballstemmer.stemmer("english").stemWord
_WEIGHTS = {"name": 2.5, "topics": 12.0, "summary": 1.0, "body": 0.8, "organization_name": 0.4}
_COMMON = """
a about above after again against all also am an and any anybody anyone anything anywhere are as
at be because been before being below between both but by can cant could couldn couldnt did didn
didnt do does doesn doesnt doing don dont down during each few for from further get gets getting
go goes going got had has hasn hasnt have haven havent having he her here hers herself hes him
himself his how i if im in into is isn isnt it its itself ive just keep keeps let like ll me might
more most much my myself need needs no nor not now of off on once one only or other our ours
ourselves out over own please re really s same she shes should so some somebody someone something
somewhere such t than that thats the their theirs them themselves then there theres these they
theyre theyve this those through to too under until up us ve very want wants was wasn wasnt we
were weve what when where which while who whom whos why will with won wont would you your youre
yours yourself yourselves
"""
_STOP_WORDS = frozenset(_COMMON.split())


def _fold(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in spread if not unicodedata.combining(c))


def _stem(word: str) -> str:
    word = word[:40]
    if word.isdigit():
        return word
    if word.endswith("liness"):
        word = f"{word[:-5]}y"
    return str(_CUT(word)) or word


def _words(texts: Mapping[str, str]) -> str:
    """Return the stems of a listing with their impact, as JSON."""
    said: dict[str, float] = {}
    length = 0
    for name, weight in _WEIGHTS.items():
        words = _WORD.findall(_fold(texts[name]))
        if name != "name":
            words = [word for word in words if word not in _STOP_WORDS]
        length += len(words)
        for known in map(_stem, words):
            said[known] = said.get(known, 0.0) + weight
    held = 1.2 * (0.5 + 0.5 * length / 60)
    pairs = [
        f'"{known}":{max(1, round(220 * total / (total + held)))}'
        for known, total in islice(said.items(), 400)
    ]
    return "{" + ",".join(pairs) + "}"
