"""The map's own index: places in the order of the map, and counts of its cells.

Frozen as they were then; the living ones are in `search.queries.plan`.
"""
# ruff: noqa: E501, Q000 (statements as they were run)

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MAKE = {
    'sqlite': [
        'CREATE TABLE listing_text_spot (band INTEGER NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, id CHAR(32) NOT NULL, feature TEXT NOT NULL, PRIMARY KEY (band, gx, gy, id)) WITHOUT ROWID',
        'CREATE TABLE listing_text_cell (level INTEGER NOT NULL, cy INTEGER NOT NULL, cx INTEGER NOT NULL, count INTEGER NOT NULL, sx INTEGER NOT NULL, sy INTEGER NOT NULL, PRIMARY KEY (level, cy, cx)) WITHOUT ROWID',
        'CREATE TABLE listing_text_moved (id INTEGER PRIMARY KEY, gx INTEGER NOT NULL, gy INTEGER NOT NULL, n INTEGER NOT NULL)',
        'CREATE TRIGGER listing_text_spot_insert AFTER INSERT ON listing_place BEGIN INSERT INTO listing_text_spot (band, gx, gy, id, feature) VALUES (new.gy >> 12, new.gx, new.gy, new.id, new.feature); INSERT INTO listing_text_moved (gx, gy, n) VALUES (new.gx, new.gy, 1); END',
        'CREATE TRIGGER listing_text_spot_delete AFTER DELETE ON listing_place BEGIN DELETE FROM listing_text_spot WHERE band = old.gy >> 12 AND gx = old.gx AND gy = old.gy AND id = old.id; INSERT INTO listing_text_moved (gx, gy, n) VALUES (old.gx, old.gy, -1); END',
        'CREATE TRIGGER listing_text_spot_say AFTER UPDATE ON listing_place WHEN old.id = new.id AND old.gx = new.gx AND old.gy = new.gy AND old.feature IS NOT new.feature BEGIN UPDATE listing_text_spot SET feature = new.feature WHERE band = new.gy >> 12 AND gx = new.gx AND gy = new.gy AND id = new.id; END',
        'CREATE TRIGGER listing_text_spot_update AFTER UPDATE ON listing_place WHEN NOT (old.id = new.id AND old.gx = new.gx AND old.gy = new.gy) BEGIN DELETE FROM listing_text_spot WHERE band = old.gy >> 12 AND gx = old.gx AND gy = old.gy AND id = old.id; INSERT INTO listing_text_moved (gx, gy, n) VALUES (old.gx, old.gy, -1); INSERT INTO listing_text_spot (band, gx, gy, id, feature) VALUES (new.gy >> 12, new.gx, new.gy, new.id, new.feature); INSERT INTO listing_text_moved (gx, gy, n) VALUES (new.gx, new.gy, 1); END',
        'INSERT INTO listing_text_spot (band, gx, gy, id, feature) SELECT gy >> 12, gx, gy, id, feature FROM listing_place ORDER BY 1, 2, 3, 4',
        'INSERT INTO listing_text_cell (level, cy, cx, count, sx, sy) SELECT l.level, m.gy >> l.bits, m.gx >> l.bits, sum(m.n), sum(m.n * CAST(m.gx AS BIGINT)), sum(m.n * CAST(m.gy AS BIGINT)) FROM (SELECT gx, gy, 1 AS n FROM listing_place) m CROSS JOIN (SELECT 6 AS level, 18 AS bits UNION ALL SELECT 8 AS level, 16 AS bits UNION ALL SELECT 10 AS level, 14 AS bits UNION ALL SELECT 12 AS level, 12 AS bits UNION ALL SELECT 14 AS level, 10 AS bits) l GROUP BY 1, 2, 3',
    ],
    'postgresql': [
        'CREATE TABLE listing_text_spot (band INTEGER NOT NULL, gx INTEGER NOT NULL, gy INTEGER NOT NULL, id UUID NOT NULL, feature TEXT NOT NULL, PRIMARY KEY (band, gx, gy, id))',
        'CREATE TABLE listing_text_cell (level INTEGER NOT NULL, cy INTEGER NOT NULL, cx INTEGER NOT NULL, count BIGINT NOT NULL, sx BIGINT NOT NULL, sy BIGINT NOT NULL, PRIMARY KEY (level, cy, cx))',
        'CREATE TABLE listing_text_moved (id BIGSERIAL PRIMARY KEY, gx INTEGER NOT NULL, gy INTEGER NOT NULL, n INTEGER NOT NULL)',
        "CREATE OR REPLACE FUNCTION listing_text_spot_keep() RETURNS trigger AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF old.id = new.id AND old.gx = new.gx AND old.gy = new.gy THEN IF old.feature IS DISTINCT FROM new.feature THEN UPDATE listing_text_spot SET feature = new.feature WHERE band = new.gy >> 12 AND gx = new.gx AND gy = new.gy AND id = new.id; END IF; RETURN NULL; END IF; END IF; IF TG_OP <> 'INSERT' THEN DELETE FROM listing_text_spot WHERE band = old.gy >> 12 AND gx = old.gx AND gy = old.gy AND id = old.id; INSERT INTO listing_text_moved (gx, gy, n) VALUES (old.gx, old.gy, -1); END IF; IF TG_OP <> 'DELETE' THEN INSERT INTO listing_text_spot (band, gx, gy, id, feature) VALUES (new.gy >> 12, new.gx, new.gy, new.id, new.feature); INSERT INTO listing_text_moved (gx, gy, n) VALUES (new.gx, new.gy, 1); END IF; RETURN NULL; END $$ LANGUAGE plpgsql",
        'CREATE TRIGGER listing_text_spot_keep AFTER INSERT OR UPDATE OR DELETE ON listing_place FOR EACH ROW EXECUTE FUNCTION listing_text_spot_keep()',
        'INSERT INTO listing_text_spot (band, gx, gy, id, feature) SELECT gy >> 12, gx, gy, id, feature FROM listing_place ORDER BY 1, 2, 3, 4',
        'INSERT INTO listing_text_cell (level, cy, cx, count, sx, sy) SELECT l.level, m.gy >> l.bits, m.gx >> l.bits, sum(m.n), sum(m.n * CAST(m.gx AS BIGINT)), sum(m.n * CAST(m.gy AS BIGINT)) FROM (SELECT gx, gy, 1 AS n FROM listing_place) m CROSS JOIN (SELECT 6 AS level, 18 AS bits UNION ALL SELECT 8 AS level, 16 AS bits UNION ALL SELECT 10 AS level, 14 AS bits UNION ALL SELECT 12 AS level, 12 AS bits UNION ALL SELECT 14 AS level, 10 AS bits) l GROUP BY 1, 2, 3',
    ],
}
DROP = {
    'sqlite': [
        'DROP TRIGGER IF EXISTS listing_text_spot_insert',
        'DROP TRIGGER IF EXISTS listing_text_spot_delete',
        'DROP TRIGGER IF EXISTS listing_text_spot_say',
        'DROP TRIGGER IF EXISTS listing_text_spot_update',
        'DROP TABLE IF EXISTS listing_text_spot',
        'DROP TABLE IF EXISTS listing_text_cell',
        'DROP TABLE IF EXISTS listing_text_moved',
    ],
    'postgresql': [
        'DROP TRIGGER IF EXISTS listing_text_spot_keep ON listing_place',
        'DROP FUNCTION IF EXISTS listing_text_spot_keep()',
        'DROP TABLE IF EXISTS listing_text_spot',
        'DROP TABLE IF EXISTS listing_text_cell',
        'DROP TABLE IF EXISTS listing_text_moved',
    ],
}


def upgrade() -> None:
    for statement in MAKE[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in DROP[op.get_bind().dialect.name]:
        op.execute(statement)
