"""The full-text index of published listings, kept in step by the database itself.

SQLite has an FTS5 table that borrows its text from `listing`; PostgreSQL has a table of tsvectors.
Both have `listing_text_facts` and `listing_text_place`: the few short columns that filters,
ordering and the map need, known by the listing's number, so that a search never reads a long
description. Triggers keep them; whoever publishes a listing need not know. How a listing has aged
(its stage) changes often and moves no words: a trigger of its own copies it. No extension is
needed.

SQLite drops triggers with their table: a migration that rebuilds `listing` or `listing_place`
(Alembic's batch mode) ends with `for statement in rebuild("sqlite"): op.execute(statement)`.
"""
# ruff: noqa: S608 (every piece below is a constant of ours; nothing here is a value)

from sqlalchemy import DDL, Table, event

from asset_hub.directory.models import Listing

COLUMNS = ("name", "summary", "body", "topics", "organization_name")
# a topic was chosen with care; a name may only sound like one
WEIGHTS = {"name": 2.5, "summary": 1.0, "body": 0.8, "topics": 12.0, "organization_name": 0.4}
RANKS = "{0.1, 0.25, 1.0, 0.6}"  # PostgreSQL's D, C, B, A: organisation, words, topics, name
TOKENS = "porter unicode61 remove_diacritics 2"

Statements = list[str]


def statements(dialect: str) -> tuple[Statements, Statements]:
    """Return what makes the index and what takes it away; a migration runs the same."""
    return _MAKE[dialect] + _FILL[dialect], _DROP[dialect]


def rebuild(dialect: str) -> Statements:
    """Return what makes the index anew from the listings there are."""
    return _DROP[dialect] + _MAKE[dialect] + _FILL[dialect]


def index_after() -> Statements:
    """Return what indexes, on SQLite, the listings above a number (the one parameter)."""
    return list(_AFTER.values())


def keep_index(table: Table) -> None:
    """Make the index after the last of its tables is created, and drop it before that one is."""
    for dialect in _MAKE:
        for moment, todo in (("after_create", _MAKE), ("before_drop", _DROP)):
            for statement in todo[dialect]:
                ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
                event.listen(table, moment, ddl.execute_if(dialect=dialect))


def _of(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in COLUMNS)


_NAMES = ", ".join(COLUMNS)
_FACTS = "number, service_id, community_id, sort_name, topic_slugs, stage"
_PLACE = "number, id, latitude, longitude, gx, gy"
_INDEXES = [
    "CREATE INDEX ix_listing_text_facts_name ON listing_text_facts (sort_name, service_id)",
    "CREATE INDEX ix_listing_text_place_grid ON listing_text_place (gy, gx)",
]


def _place(row: str, tables: str = "") -> str:
    """Return the statement that copies a place (or all, from `tables`) under its number."""
    source = tables or f"listing_text_facts f WHERE f.service_id = {row}.service_id"
    return (
        f"INSERT INTO listing_text_place ({_PLACE}) SELECT f.number, {row}.id, {row}.latitude, "
        f"{row}.longitude, {row}.gx, {row}.gy FROM {source}"
    )


_PLACES = _place("p", "listing_place p JOIN listing_text_facts f ON f.service_id = p.service_id")

# --- SQLite -----------------------------------------------------------------------------------

_ADD = (
    f"INSERT INTO listing_text (rowid, {_NAMES}) VALUES (new.number, {_of('new')}); "
    f"INSERT INTO listing_text_facts ({_FACTS}) VALUES (new.number, new.service_id, "
    "new.community_id, lower(trim(new.name)), new.topic_slugs, new.stage); "
)
_TAKE = (
    f"INSERT INTO listing_text (listing_text, rowid, {_NAMES}) "
    f"VALUES ('delete', old.number, {_of('old')}); "
    "DELETE FROM listing_text_facts WHERE number = old.number; "
)
# by number where the listing is still there (fast), else it went with the listing
_LEAVE = (
    "DELETE FROM listing_text_place WHERE id = old.id AND number IN "
    "(SELECT number FROM listing_text_facts WHERE service_id = old.service_id); "
)
_STAGE = "UPDATE listing_text_facts SET stage = new.stage WHERE number = new.number; "
_WATCHED = ("number", "community_id", "topic_slugs", *COLUMNS)
_CHANGED = " OR ".join(f"old.{column} IS NOT new.{column}" for column in _WATCHED)

_SQLITE_MAKE = [
    "CREATE TABLE listing_text_facts (number INTEGER PRIMARY KEY, service_id CHAR(32) NOT NULL "
    "UNIQUE, community_id CHAR(32), sort_name TEXT NOT NULL, topic_slugs TEXT NOT NULL, "
    "stage INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE listing_text_place (number INTEGER NOT NULL, id CHAR(32) NOT NULL, "
    "latitude FLOAT NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, "
    "PRIMARY KEY (number, id)) WITHOUT ROWID",
    *_INDEXES,
    f"CREATE VIRTUAL TABLE listing_text USING fts5({_NAMES}, content='listing', "
    f"content_rowid='number', tokenize='{TOKENS}')",
    "CREATE VIRTUAL TABLE listing_text_vocab USING fts5vocab(listing_text, 'row')",
    # Holds a row while many listings are added, which are then indexed at once: search.service.
    "CREATE TABLE listing_text_held (held INTEGER PRIMARY KEY)",
    "CREATE TRIGGER listing_text_insert AFTER INSERT ON listing "
    f"WHEN NOT EXISTS (SELECT 1 FROM listing_text_held) BEGIN {_ADD}END",
    f"CREATE TRIGGER listing_text_delete AFTER DELETE ON listing BEGIN {_TAKE}"
    "DELETE FROM listing_text_place WHERE number = old.number; END",
    f"CREATE TRIGGER listing_text_update AFTER UPDATE ON listing WHEN {_CHANGED} "
    f"BEGIN {_TAKE}{_ADD}END",
    "CREATE TRIGGER listing_text_stage_update AFTER UPDATE OF stage ON listing "
    f"WHEN old.stage IS NOT new.stage BEGIN {_STAGE}END",
    f"CREATE TRIGGER listing_text_place_insert AFTER INSERT ON listing_place BEGIN "
    f"{_place('new')}; END",
    f"CREATE TRIGGER listing_text_place_delete AFTER DELETE ON listing_place BEGIN {_LEAVE}END",
    f"CREATE TRIGGER listing_text_place_update AFTER UPDATE ON listing_place BEGIN "
    f"{_LEAVE}{_place('new')}; END",
]
_SQLITE_FILL = [
    f"INSERT INTO listing_text_facts ({_FACTS}) SELECT number, service_id, community_id, "
    "lower(trim(name)), topic_slugs, stage FROM listing",
    "INSERT INTO listing_text (listing_text) VALUES ('rebuild')",
    _PLACES,
]
_SQLITE_DROP = [
    *(
        f"DROP TRIGGER IF EXISTS listing_text_{of}{verb}"
        for of in ("", "place_", "stage_")
        for verb in ("insert", "delete", "update")
    ),
    "DROP TABLE IF EXISTS listing_text_vocab",
    "DROP TABLE IF EXISTS listing_text",
    "DROP TABLE IF EXISTS listing_text_facts",
    "DROP TABLE IF EXISTS listing_text_place",
    "DROP TABLE IF EXISTS listing_text_held",
]
_AFTER = {  # what the triggers would have done for the listings above a number
    "facts": f"INSERT INTO listing_text_facts ({_FACTS}) SELECT number, service_id, community_id, "
    "lower(trim(name)), topic_slugs, stage FROM listing WHERE number > ?",
    "words": f"INSERT INTO listing_text (rowid, {_NAMES}) SELECT number, {_NAMES} FROM listing "
    "WHERE number > ?",
    "places": f"{_PLACES} WHERE f.number > ?",
}

# --- PostgreSQL -------------------------------------------------------------------------------


def _weighed(row: str) -> str:
    """Return the words of a row with their weights; names also as they are, for "The Who"."""
    texts = {
        "A": f"{row}.name",
        "B": f"{row}.topics",
        "C": f"{row}.summary || ' ' || {row}.body",
        "D": f"{row}.organization_name",
    }
    words = {weight: _words("english", text) for weight, text in texts.items()}
    words["A"] += f" || {_words('simple', texts['A'])}"
    return " || ".join(f"setweight({found}, '{weight}')" for weight, found in words.items())


def _words(language: str, text: str) -> str:
    return f"to_tsvector('{language}', listing_text_fold({text}))"


def _facts(row: str) -> str:
    return (
        f"{row}.number, {row}.service_id, {row}.community_id, "
        f"listing_text_fold(trim({row}.name)), {row}.topic_slugs, {row}.stage"
    )


_POSTGRESQL_MAKE = [
    # service ids are compared as text in C order, so that both databases break ties alike
    "CREATE TABLE listing_text_facts (number BIGINT PRIMARY KEY, service_id UUID NOT NULL UNIQUE, "
    'community_id UUID, sort_name TEXT COLLATE "C" NOT NULL, topic_slugs TEXT NOT NULL, '
    "stage INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE listing_text_place (number BIGINT NOT NULL, id UUID NOT NULL, latitude FLOAT "
    "NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, "
    "PRIMARY KEY (number, id))",
    *_INDEXES,
    "CREATE TABLE listing_text (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_listing_text_words ON listing_text USING gin (words)",
    # small letters, no accents, punctuation as spaces: the same words FTS5 sees
    "CREATE OR REPLACE FUNCTION listing_text_fold(raw TEXT) RETURNS TEXT AS $$ SELECT "
    "regexp_replace(regexp_replace(normalize(lower(coalesce(raw, '')), NFD), "
    r"'[\u0300-\u036f]', '', 'g'), '[!-/:-@\[-`{-~]', ' ', 'g') $$ LANGUAGE sql IMMUTABLE",
    "CREATE OR REPLACE FUNCTION listing_text_keep() RETURNS trigger AS $$ BEGIN "
    "IF TG_OP <> 'INSERT' THEN "
    "DELETE FROM listing_text WHERE number = OLD.number; "
    "DELETE FROM listing_text_facts WHERE number = OLD.number; "
    "END IF; "
    "IF TG_OP <> 'DELETE' THEN "
    f"INSERT INTO listing_text (number, words) VALUES (NEW.number, {_weighed('NEW')}); "
    f"INSERT INTO listing_text_facts ({_FACTS}) VALUES ({_facts('NEW')}); "
    "ELSE DELETE FROM listing_text_place WHERE number = OLD.number; "
    "END IF; "
    "RETURN NULL; END $$ LANGUAGE plpgsql",
    "CREATE OR REPLACE FUNCTION listing_text_keep_place() RETURNS trigger AS $$ BEGIN "
    f"IF TG_OP <> 'INSERT' THEN {_LEAVE}END IF; "
    f"IF TG_OP <> 'DELETE' THEN {_place('NEW')}; END IF; "
    "RETURN NULL; END $$ LANGUAGE plpgsql",
    "CREATE OR REPLACE FUNCTION listing_text_keep_stage() RETURNS trigger AS $$ BEGIN "
    f"{_STAGE}RETURN NULL; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER listing_text_stage AFTER UPDATE OF stage ON listing FOR EACH ROW "
    "WHEN (OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION listing_text_keep_stage()",
    "CREATE TRIGGER listing_text_place_keep AFTER INSERT OR UPDATE OR DELETE ON listing_place "
    "FOR EACH ROW EXECUTE FUNCTION listing_text_keep_place()",
    "CREATE TRIGGER listing_text_add AFTER INSERT OR DELETE ON listing "
    "FOR EACH ROW EXECUTE FUNCTION listing_text_keep()",
    "CREATE TRIGGER listing_text_update AFTER UPDATE ON listing FOR EACH ROW WHEN ("
    + " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _WATCHED)
    + ") EXECUTE FUNCTION listing_text_keep()",
]
_POSTGRESQL_FILL = [
    f"INSERT INTO listing_text (number, words) SELECT l.number, {_weighed('l')} FROM listing l",
    f"INSERT INTO listing_text_facts ({_FACTS}) SELECT {_facts('l')} FROM listing l",
    _PLACES,
]
_POSTGRESQL_DROP = [
    "DROP TRIGGER IF EXISTS listing_text_add ON listing",
    "DROP TRIGGER IF EXISTS listing_text_update ON listing",
    "DROP TRIGGER IF EXISTS listing_text_stage ON listing",
    "DROP TRIGGER IF EXISTS listing_text_place_keep ON listing_place",
    "DROP FUNCTION IF EXISTS listing_text_keep_stage()",
    "DROP FUNCTION IF EXISTS listing_text_keep_place()",
    "DROP FUNCTION IF EXISTS listing_text_keep()",
    "DROP TABLE IF EXISTS listing_text",
    "DROP TABLE IF EXISTS listing_text_facts",
    "DROP TABLE IF EXISTS listing_text_place",
    "DROP FUNCTION IF EXISTS listing_text_fold(TEXT)",
]

_MAKE = {"sqlite": _SQLITE_MAKE, "postgresql": _POSTGRESQL_MAKE}
_FILL = {"sqlite": _SQLITE_FILL, "postgresql": _POSTGRESQL_FILL}
_DROP = {"sqlite": _SQLITE_DROP, "postgresql": _POSTGRESQL_DROP}

keep_index(Listing.metadata.tables["listing_place"])
