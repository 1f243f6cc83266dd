"""The index of published listings, kept in step by the database itself, alike on both databases.

`listing_text_word` holds, for each stem, the listings that have it and how much it says about them
(see `directory.rules.indexing`): whole numbers, added up by the same statement everywhere, so that
both databases give the same order. `listing_text_facts` and `listing_text_place` hold the few short
columns that filters, ordering and the map need. All are known by the listing's number, so that a
search never reads a long description.

Triggers keep them from what a listing carries; whoever publishes one need not know. How a listing
has aged (its stage) changes often and moves no words. No extension is needed.

SQLite drops triggers with their table: a migration that rebuilds `listing` or `listing_place`
(Alembic's batch mode) ends with the statements of `rebuild("sqlite")`, written out as they are
then: it never calls living code.
"""
# ruff: noqa: S608 (every piece below is a constant of ours; nothing here is a value)

from sqlalchemy import Table

from asset_hub.core.triggers import run_with
from asset_hub.directory.models import Listing
from asset_hub.search.queries.measuring import STRIP

Statements = list[str]
ADD_WORD = "INSERT INTO listing_text_word (stem, number, impact) VALUES (?, ?, ?)"
STRONG = 100  # the impact of a word in a name or a topic, or often said


def statements(dialect: str) -> tuple[Statements, Statements]:
    """Return what makes the index and what takes it away; a migration has a copy."""
    return _MAKE[dialect] + _FILL[dialect], _DROP[dialect]


def rebuild(dialect: str) -> Statements:
    """Return what makes the index anew from the listings there are."""
    return _DROP[dialect] + _MAKE[dialect] + _FILL[dialect]


def index_after(*, words: bool = True) -> Statements:
    """Return what indexes, on SQLite, the listings above a number (the one parameter)."""
    others = [f"{_FACTS} WHERE number > ?", f"{_PLACES} WHERE f.number > ?"]
    return [*others, _WORDS_AFTER] if words else others


def keep_index(table: Table) -> None:
    """Make the index after the last of its tables is created, and drop it before that one is."""
    run_with(table, "after_create", _MAKE)
    run_with(table, "before_drop", _DROP)


COPIED = (
    "service_id", "community_id", "sort_name", "topic_slugs", "facets", "age_from", "age_to",
    "full_until", "stage",
)  # fmt: skip
_COPIED = ", ".join(COPIED)
_PLACE = "number, id, latitude, longitude, gx, gy, topic_slugs"
_INDEXES = [
    "CREATE INDEX ix_listing_text_facts_name ON listing_text_facts (sort_name, service_id)",
    "CREATE INDEX ix_listing_text_facts_community ON listing_text_facts "
    "(community_id, sort_name, service_id)",
    "CREATE INDEX ix_listing_text_place_strip ON listing_text_place "
    "(strip, gx, gy, number, latitude, longitude, topic_slugs)",
    # for words that very many have: those that are most about one, in order
    "CREATE INDEX ix_listing_text_word_strong ON listing_text_word (stem, impact DESC, number) "
    f"WHERE impact >= {STRONG}",
]


def _of(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in COPIED)


def _place(row: str, tables: str = "") -> str:
    """Return the statement that copies a place (or all, from `tables`) under its number."""
    source = tables or f"listing_text_facts f WHERE f.service_id = {row}.service_id"
    return (
        f"INSERT INTO listing_text_place ({_PLACE}) SELECT f.number, {row}.id, {row}.latitude, "
        f"{row}.longitude, {row}.gx, {row}.gy, f.topic_slugs FROM {source}"
    )


_PLACES = _place("p", "listing_place p JOIN listing_text_facts f ON f.service_id = p.service_id")
_FACTS = f"INSERT INTO listing_text_facts (number, {_COPIED}) SELECT number, {_COPIED} FROM listing"
_ADD_FACTS = (
    f"INSERT INTO listing_text_facts (number, {_COPIED}) VALUES (new.number, {_of('new')}); "
)
_TAKE_FACTS = "DELETE FROM listing_text_facts WHERE number = old.number; "
_SET_FACTS = (
    "UPDATE listing_text_facts SET "
    + ", ".join(f"{column} = new.{column}" for column in COPIED)
    + " WHERE number = new.number; UPDATE listing_text_place SET topic_slugs = new.topic_slugs "
    "WHERE number = new.number AND topic_slugs <> new.topic_slugs; "
)
# by number where the listing is still there (fast), else it went with the listing
_LEAVE = (
    "DELETE FROM listing_text_place WHERE id = old.id AND number IN "
    "(SELECT number FROM listing_text_facts WHERE service_id = old.service_id); "
)

# --- SQLite -----------------------------------------------------------------------------------

_SAID = {"sqlite": "json_each({}.words) w", "postgresql": "json_each_text({}.words::json) w"}


def _add_words(dialect: str) -> str:
    return (
        "INSERT INTO listing_text_word (stem, number, impact) SELECT w.key, new.number, "
        f"CAST(w.value AS INTEGER) FROM {_SAID[dialect].format('new')}; "
    )


def _take_words(dialect: str) -> str:
    return (
        "DELETE FROM listing_text_word WHERE number = old.number AND stem IN "
        f"(SELECT w.key FROM {_SAID[dialect].format('old')}); "
    )


def _words(dialect: str, more: str = "") -> str:
    """Return the statement that indexes the words of every listing, in the index's own order."""
    return (
        "INSERT INTO listing_text_word (stem, number, impact) SELECT w.key, l.number, "
        f"CAST(w.value AS INTEGER) FROM listing l, {_SAID[dialect].format('l')}{more} "
        "ORDER BY 1, 2"
    )


_WORDS_AFTER = _words("sqlite", " WHERE l.number > ?")
_CHANGED = " OR ".join(f"old.{column} IS NOT new.{column}" for column in COPIED)
_CHANGED_POSTGRESQL = _CHANGED.replace("IS NOT", "IS DISTINCT FROM")

_SQLITE_MAKE = [
    "CREATE TABLE listing_text_facts (number INTEGER PRIMARY KEY, service_id CHAR(32) NOT NULL "
    "UNIQUE, community_id CHAR(32), sort_name TEXT NOT NULL, topic_slugs TEXT NOT NULL, "
    "facets TEXT NOT NULL, age_from INTEGER, age_to INTEGER, full_until DATE, "
    "stage INTEGER NOT NULL)",
    "CREATE TABLE listing_text_place (number INTEGER NOT NULL, id CHAR(32) NOT NULL, "
    "latitude FLOAT NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, "
    "topic_slugs TEXT NOT NULL DEFAULT '', "
    f"strip INTEGER GENERATED ALWAYS AS (gy >> {STRIP}) VIRTUAL, "
    "PRIMARY KEY (number, id)) WITHOUT ROWID",
    "CREATE TABLE listing_text_word (stem TEXT NOT NULL, number INTEGER NOT NULL, "
    "impact INTEGER NOT NULL, PRIMARY KEY (stem, number)) WITHOUT ROWID",
    *_INDEXES,
    # Holds a row while many listings are added, which are then indexed at once: search.service.
    "CREATE TABLE listing_text_held (held INTEGER PRIMARY KEY)",
    "CREATE TRIGGER listing_text_insert AFTER INSERT ON listing "
    "WHEN NOT EXISTS (SELECT 1 FROM listing_text_held) "
    f"BEGIN {_ADD_FACTS}{_add_words('sqlite')}END",
    f"CREATE TRIGGER listing_text_delete AFTER DELETE ON listing "
    f"BEGIN {_take_words('sqlite')}{_TAKE_FACTS}"
    "DELETE FROM listing_text_place WHERE number = old.number; END",
    f"CREATE TRIGGER listing_text_update AFTER UPDATE ON listing WHEN {_CHANGED} "
    f"BEGIN {_SET_FACTS}END",
    "CREATE TRIGGER listing_text_words_update AFTER UPDATE OF words ON listing "
    "WHEN old.words IS NOT new.words "
    f"BEGIN {_take_words('sqlite')}{_add_words('sqlite')}END",
    f"CREATE TRIGGER listing_text_place_insert AFTER INSERT ON listing_place BEGIN "
    f"{_place('new')}; END",
    f"CREATE TRIGGER listing_text_place_delete AFTER DELETE ON listing_place BEGIN {_LEAVE}END",
    f"CREATE TRIGGER listing_text_place_update AFTER UPDATE ON listing_place BEGIN "
    f"{_LEAVE}{_place('new')}; END",
]
_SQLITE_FILL = [_FACTS, _words("sqlite"), _PLACES]
_SQLITE_DROP = [
    *(
        f"DROP TRIGGER IF EXISTS listing_text_{of}{verb}"
        for of in ("", "place_", "words_")
        for verb in ("insert", "delete", "update")
    ),
    "DROP TABLE IF EXISTS listing_text_word",
    "DROP TABLE IF EXISTS listing_text_facts",
    "DROP TABLE IF EXISTS listing_text_place",
    "DROP TABLE IF EXISTS listing_text_held",
]

# --- PostgreSQL -------------------------------------------------------------------------------

_FUNCTIONS = {  # by table: the trigger function that keeps the index in step with it
    "listing_text_keep": "IF TG_OP <> 'INSERT' THEN "
    f"{_take_words('postgresql')}{_TAKE_FACTS}"
    "DELETE FROM listing_text_place WHERE number = old.number AND TG_OP = 'DELETE'; END IF; "
    f"IF TG_OP <> 'DELETE' THEN {_ADD_FACTS}{_add_words('postgresql')}END IF; ",
    "listing_text_keep_facts": _SET_FACTS,
    "listing_text_keep_place": f"IF TG_OP <> 'INSERT' THEN {_LEAVE}END IF; "
    f"IF TG_OP <> 'DELETE' THEN {_place('NEW')}; END IF; ",
}
_POSTGRESQL_MAKE = [
    # stems, names and ids are compared in C order, so that both databases break ties alike
    "CREATE TABLE listing_text_facts (number BIGINT PRIMARY KEY, service_id UUID NOT NULL UNIQUE, "
    'community_id UUID, sort_name TEXT COLLATE "C" NOT NULL, topic_slugs TEXT NOT NULL, '
    "facets TEXT NOT NULL, age_from INTEGER, age_to INTEGER, full_until DATE, "
    "stage INTEGER NOT NULL)",
    "CREATE TABLE listing_text_place (number BIGINT NOT NULL, id UUID NOT NULL, latitude FLOAT "
    "NOT NULL, longitude FLOAT NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, "
    "topic_slugs TEXT NOT NULL DEFAULT '', "
    f"strip INTEGER GENERATED ALWAYS AS (gy >> {STRIP}) STORED, PRIMARY KEY (number, id))",
    'CREATE TABLE listing_text_word (stem TEXT COLLATE "C" NOT NULL, number BIGINT NOT NULL, '
    "impact INTEGER NOT NULL, PRIMARY KEY (stem, number) INCLUDE (impact))",
    *_INDEXES,
    *(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body}"
        "RETURN NULL; END $$ LANGUAGE plpgsql"
        for name, body in _FUNCTIONS.items()
    ),
    "CREATE TRIGGER listing_text_add AFTER INSERT OR DELETE ON listing "
    "FOR EACH ROW EXECUTE FUNCTION listing_text_keep()",
    "CREATE TRIGGER listing_text_update AFTER UPDATE ON listing FOR EACH ROW "
    f"WHEN ({_CHANGED_POSTGRESQL}) EXECUTE FUNCTION listing_text_keep_facts()",
    "CREATE TRIGGER listing_text_words_update AFTER UPDATE OF words ON listing FOR EACH ROW "
    "WHEN (old.words IS DISTINCT FROM new.words) EXECUTE FUNCTION listing_text_keep()",
    "CREATE TRIGGER listing_text_place_keep AFTER INSERT OR UPDATE OR DELETE ON listing_place "
    "FOR EACH ROW EXECUTE FUNCTION listing_text_keep_place()",
]
_POSTGRESQL_FILL = [_FACTS, _words("postgresql"), _PLACES]
_POSTGRESQL_DROP = [
    *(
        f"DROP TRIGGER IF EXISTS listing_text_{name} ON listing"
        for name in ("add", "update", "words_update")
    ),
    "DROP TRIGGER IF EXISTS listing_text_place_keep ON listing_place",
    *(f"DROP FUNCTION IF EXISTS {name}()" for name in _FUNCTIONS),
    "DROP TABLE IF EXISTS listing_text_word",
    "DROP TABLE IF EXISTS listing_text_facts",
    "DROP TABLE IF EXISTS listing_text_place",
]

_MAKE = {"sqlite": _SQLITE_MAKE, "postgresql": _POSTGRESQL_MAKE}
_FILL = {"sqlite": _SQLITE_FILL, "postgresql": _POSTGRESQL_FILL}
_DROP = {"sqlite": _SQLITE_DROP, "postgresql": _POSTGRESQL_DROP}

keep_index(Listing.metadata.tables["listing_place"])
