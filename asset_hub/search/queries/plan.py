"""The map's own index: every public place in the order of the map, and counts of its cells.

It is read when the map shows everything (see `everything`). `listing_text_spot` has each place's
feature in bands of the grid, so that a piece of the map is a few short ranges. `listing_text_cell`
has how many places each cell of a few coarse grids holds, and the sums of where they are.

The database keeps it in step with `listing_place`, so it holds what that holds: exact points, the
middles of coarse cells, and of hidden places nothing. A place that comes or goes is only written
down in `listing_text_moved`, which a reader adds to the counts: two people who publish in one cell
at a time never wait for each other. The worker adds them up (`fold`).

A migration that rebuilds `listing_place` on SQLite ends with the statements of `rebuild("sqlite")`,
written out as they are then: it never calls living code.
"""
# ruff: noqa: S608 (every piece below is a constant of ours)

from asset_hub.core.triggers import run_with
from asset_hub.directory.models import ListingPlace
from asset_hub.search.queries.clusters import shift
from asset_hub.search.queries.measuring import STRIP

Statements = list[str]
BAND = STRIP  # bits of gy in one band: both indexes are cut alike
LEVELS = (6, 8, 10, 12, 14)  # the zooms whose cells are counted
FOLD = 20_000  # movements that are added up at a time

_LEVELS = "(" + " UNION ALL ".join(f"SELECT {z} AS level, {shift(z)} AS bits" for z in LEVELS) + ")"
_SPOT = "INSERT INTO listing_text_spot (band, gx, gy, id, feature) "
_COLUMNS = "(level, cy, cx, count, sx, sy)"
_ADDED = (
    "SELECT l.level, m.gy >> l.bits, m.gx >> l.bits, sum(m.n), sum(m.n * CAST(m.gx AS BIGINT)), "
    "sum(m.n * CAST(m.gy AS BIGINT)) FROM {} m CROSS JOIN " + _LEVELS + " l {}GROUP BY 1, 2, 3"
)
_KEPT = (
    "ON CONFLICT (level, cy, cx) DO UPDATE SET count = listing_text_cell.count + excluded.count, "
    "sx = listing_text_cell.sx + excluded.sx, sy = listing_text_cell.sy + excluded.sy"
)


def _come(row: str) -> str:
    return (
        f"{_SPOT}VALUES ({row}.gy >> {BAND}, {row}.gx, {row}.gy, {row}.id, {row}.feature); "
        f"INSERT INTO listing_text_moved (gx, gy, n) VALUES ({row}.gx, {row}.gy, 1); "
    )


_GO = (
    f"DELETE FROM listing_text_spot WHERE band = old.gy >> {BAND} AND gx = old.gx "
    "AND gy = old.gy AND id = old.id; "
    "INSERT INTO listing_text_moved (gx, gy, n) VALUES (old.gx, old.gy, -1); "
)
_SAY = (
    f"UPDATE listing_text_spot SET feature = new.feature WHERE band = new.gy >> {BAND} "
    "AND gx = new.gx AND gy = new.gy AND id = new.id; "
)
_STAYS = "old.id = new.id AND old.gx = new.gx AND old.gy = new.gy"
FILL = [
    f"{_SPOT}SELECT gy >> {BAND}, gx, gy, id, feature FROM listing_place ORDER BY 1, 2, 3, 4",
    f"INSERT INTO listing_text_cell {_COLUMNS} "
    + _ADDED.format("(SELECT gx, gy, 1 AS n FROM listing_place)", ""),
]
_MAKE = {
    "sqlite": [
        "CREATE TABLE listing_text_spot (band INTEGER NOT NULL, gx INTEGER NOT NULL, "
        "gy INTEGER NOT NULL, id CHAR(32) NOT NULL, feature TEXT NOT NULL, "
        "PRIMARY KEY (band, gx, gy, id)) WITHOUT ROWID",
        "CREATE TABLE listing_text_cell (level INTEGER NOT NULL, cy INTEGER NOT NULL, "
        "cx INTEGER NOT NULL, count INTEGER NOT NULL, sx INTEGER NOT NULL, sy INTEGER NOT NULL, "
        "PRIMARY KEY (level, cy, cx)) WITHOUT ROWID",
        "CREATE TABLE listing_text_moved (id INTEGER PRIMARY KEY, gx INTEGER NOT NULL, "
        "gy INTEGER NOT NULL, n INTEGER NOT NULL)",
        "CREATE TRIGGER listing_text_spot_insert AFTER INSERT ON listing_place "
        f"BEGIN {_come('new')}END",
        f"CREATE TRIGGER listing_text_spot_delete AFTER DELETE ON listing_place BEGIN {_GO}END",
        "CREATE TRIGGER listing_text_spot_say AFTER UPDATE ON listing_place "
        f"WHEN {_STAYS} AND old.feature IS NOT new.feature BEGIN {_SAY}END",
        "CREATE TRIGGER listing_text_spot_update AFTER UPDATE ON listing_place "
        f"WHEN NOT ({_STAYS}) BEGIN {_GO}{_come('new')}END",
    ],
    "postgresql": [
        "CREATE TABLE listing_text_spot (band INTEGER NOT NULL, gx INTEGER NOT NULL, "
        "gy INTEGER NOT NULL, id UUID NOT NULL, feature TEXT NOT NULL, "
        "PRIMARY KEY (band, gx, gy, id))",
        "CREATE TABLE listing_text_cell (level INTEGER NOT NULL, cy INTEGER NOT NULL, "
        "cx INTEGER NOT NULL, count BIGINT NOT NULL, sx BIGINT NOT NULL, sy BIGINT NOT NULL, "
        "PRIMARY KEY (level, cy, cx))",
        "CREATE TABLE listing_text_moved (id BIGSERIAL PRIMARY KEY, gx INTEGER NOT NULL, "
        "gy INTEGER NOT NULL, n INTEGER NOT NULL)",
        "CREATE OR REPLACE FUNCTION listing_text_spot_keep() RETURNS trigger AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {_STAYS} THEN "
        f"IF old.feature IS DISTINCT FROM new.feature THEN {_SAY}END IF; RETURN NULL; "
        f"END IF; END IF; IF TG_OP <> 'INSERT' THEN {_GO}END IF; "
        f"IF TG_OP <> 'DELETE' THEN {_come('new')}END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER listing_text_spot_keep AFTER INSERT OR UPDATE OR DELETE ON listing_place "
        "FOR EACH ROW EXECUTE FUNCTION listing_text_spot_keep()",
    ],
}
_TABLES = [f"DROP TABLE IF EXISTS listing_text_{name}" for name in ("spot", "cell", "moved")]
_DROP = {
    "sqlite": [
        *(
            f"DROP TRIGGER IF EXISTS listing_text_spot_{verb}"
            for verb in ("insert", "delete", "say", "update")
        ),
        *_TABLES,
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS listing_text_spot_keep ON listing_place",
        "DROP FUNCTION IF EXISTS listing_text_spot_keep()",
        *_TABLES,
    ],
}
_SOME = f"SELECT id FROM listing_text_moved ORDER BY id LIMIT {FOLD}"
FOLDING = {
    # nobody else writes meanwhile
    "sqlite": [
        f"INSERT INTO listing_text_cell {_COLUMNS} "
        + _ADDED.format("listing_text_moved", f"WHERE m.id IN ({_SOME}) ")
        + f" {_KEPT}",
        f"DELETE FROM listing_text_moved WHERE id IN ({_SOME})",
    ],
    # what others write meanwhile is not deleted unread: one statement does both
    "postgresql": [
        f"WITH gone AS (DELETE FROM listing_text_moved WHERE id IN ({_SOME}) "
        f"RETURNING gx, gy, n) INSERT INTO listing_text_cell {_COLUMNS} "
        + _ADDED.format("gone", "")
        + f" {_KEPT}",
    ],
}
EMPTIED = "DELETE FROM listing_text_cell WHERE count = 0"


def statements(dialect: str) -> tuple[Statements, Statements]:
    """Return what makes the index and what takes it away."""
    return _MAKE[dialect] + FILL, _DROP[dialect]


def rebuild(dialect: str) -> Statements:
    """Return what makes the index anew from the places there are."""
    return _DROP[dialect] + _MAKE[dialect] + FILL


_TABLE = ListingPlace.metadata.tables["listing_place"]
run_with(_TABLE, "after_create", _MAKE)
run_with(_TABLE, "before_drop", _DROP)
