"""Make a town ten times as large from one there is: what finding reads of it, and no more.

`python docs/benchmarks/ten_times.py FROM_FILE TO_FILE [FLOOR_FILE]` (SQLite), or, where it is,
`python docs/benchmarks/ten_times.py POSTGRESQL_URL`: each service ten times, its places moved to
the east a little further each time. Words come as often as before, in ten times as many listings.
FLOOR_FILE becomes the floor's own file of the same (see `floor.py`). Both are asked by
`speed.py 1000000 TO_FILE POSTGRESQL_URL FLOOR_FILE`.
"""

import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

# ruff: noqa: E402 (the two folders above are not packages)
import psycopg
from floor import MAKE

from asset_hub.search.queries.plan import FILL
from asset_hub.search.queries.text import STRONG

STEP = 0.013  # degrees
WORLD = 2**26


def grow(source: str, target: str) -> None:
    """Fill a new file."""
    run = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-800000", "temp_store=2"):
        run.execute(f"PRAGMA {pragma}")
    run.execute("ATTACH ? AS small", (source,))
    made = "SELECT sql, type, tbl_name FROM small.sqlite_master WHERE sql IS NOT NULL"
    parts = run.execute(f"{made} ORDER BY type = 'index'").fetchall()
    for statement, kind, _ in parts:
        if kind == "table" and "sqlite_" not in statement:
            run.execute(statement)
    (most,) = run.execute("SELECT max(number) FROM small.listing").fetchone()
    run.execute(
        "CREATE TEMP TABLE copy AS WITH RECURSIVE k(k) AS (SELECT 0 UNION ALL SELECT k + 1 "
        "FROM k WHERE k < 9) SELECT k, printf('%02x', k * 16) AS head FROM k"
    )
    run.execute("BEGIN")
    number, key = f"s.number + c.k * {most}", "c.head || substr(s.service_id, 3)"
    listing = [row[1] for row in run.execute("PRAGMA table_info(listing)")]
    values = {"number": number, "service_id": key, "body": "''", "words": "'{}'"}
    said = ", ".join(values.get(name, f"s.{name}") for name in listing)
    run.execute(
        f"INSERT INTO listing ({', '.join(listing)}) SELECT {said} FROM copy c CROSS JOIN "
        "small.listing s ORDER BY c.k, s.number"
    )
    place = "c.head || substr(s.id, 3)"
    moved = f"s.longitude + c.k * {STEP}, s.gx + CAST(c.k * {STEP * WORLD / 360} AS INTEGER), s.gy"
    run.execute(
        "INSERT INTO listing_place (id, service_id, latitude, longitude, gx, gy, area, "
        f"feature) SELECT {place}, {key}, s.latitude, {moved}, s.area, s.feature "
        "FROM copy c CROSS JOIN small.listing_place s"
    )
    run.execute(
        "INSERT INTO listing_text_place (number, id, latitude, longitude, gx, gy, topic_slugs) "
        f"SELECT {number}, {place}, s.latitude, {moved}, s.topic_slugs FROM copy c CROSS JOIN "
        "small.listing_text_place s ORDER BY c.k, s.number"
    )
    facts = [row[1] for row in run.execute("PRAGMA table_info(listing_text_facts)")]
    said = ", ".join(values.get(name, f"s.{name}") for name in facts)
    run.execute(
        f"INSERT INTO listing_text_facts ({', '.join(facts)}) SELECT {said} FROM copy c "
        "CROSS JOIN small.listing_text_facts s ORDER BY c.k, s.number"
    )
    run.execute(
        f"INSERT INTO listing_topic (number, slug, strength, chosen) SELECT {number}, s.slug, "
        "s.strength, s.chosen FROM copy c CROSS JOIN small.listing_topic s"
    )
    run.execute(
        "INSERT INTO listing_text_word (stem, number, impact) SELECT w.stem, "
        f"w.number + c.k * {most}, w.impact FROM (SELECT DISTINCT stem FROM "
        "small.listing_text_word) t CROSS JOIN copy c CROSS JOIN small.listing_text_word w "
        "WHERE w.stem = t.stem ORDER BY t.stem, c.k, w.number"
    )
    for statement in FILL:
        run.execute(statement)
    for name in ("community", "postcode", "taxonomy_term"):
        run.execute(f"INSERT INTO {name} SELECT * FROM small.{name}")
    for statement, kind, _ in parts:
        if kind == "index":
            run.execute(statement)
    run.execute("COMMIT")
    run.execute("PRAGMA analysis_limit=1000")
    run.execute("ANALYZE")
    run.close()


def grow_floor(source: str, site: str, target: str) -> None:
    """Fill the floor's file: cards and places of the large town, words of the small one ten times.

    The large town keeps no long texts, so these come from where it came from.
    """
    Path(target).unlink(missing_ok=True)
    run = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-800000"):
        run.execute(f"PRAGMA {pragma}")
    run.execute("ATTACH ? AS site", (site,))
    run.execute("ATTACH ? AS small", (source,))
    words = "INSERT INTO words (rowid"
    before, _, after = MAKE.partition(words)
    run.executescript(before)
    (most,) = run.execute("SELECT max(number) FROM small.listing").fetchone()
    for k in range(10):
        run.execute(
            f"{words}, name, summary, body, topics, organization) SELECT number + {k * most}, "
            "name, summary, body, topics, organization_name FROM small.listing"
        )
    run.executescript(after.partition(";")[2])
    run.close()


def grow_in_place(url: str) -> None:
    """Make a town on PostgreSQL ten times as large where it is; needs a superuser."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as run:
        # nothing but what is asked for: no triggers, no foreign keys, indexes afterwards
        run.execute("SET session_replication_role = replica")
        run.execute("SET maintenance_work_mem = '1GB'")
        row = run.execute("SELECT max(number) FROM listing").fetchone()
        assert row
        (most,) = row
        for statement in (*_copied(run, most), *_FRESH):
            run.execute(statement.encode())
            print(f"{time.perf_counter():.0f} s: {statement[:60]}", flush=True)


def _copied(run: Any, most: int) -> Iterator[str]:
    """Yield what copies each table that finding reads, nine times more."""
    ten = "generate_series(1, 9) k"

    def key(column: str) -> str:
        plain = f"substr(replace(CAST(s.{column} AS TEXT), '-', ''), 3)"
        return f"CAST(lpad(to_hex(k * 16), 2, '0') || {plain} AS UUID)"

    number, east = f"s.number + k * {most}", f"CAST(k * {STEP * WORLD / 360} AS INTEGER)"
    moved = {"longitude": f"s.longitude + k * {STEP}", "gx": f"s.gx + {east}"}
    changed: dict[str, dict[str, str]] = {
        "listing": {"number": number, "service_id": key("service_id"), "body": "''",
                    "words": "'{}'"},
        "listing_place": {"id": key("id"), "service_id": key("service_id"), **moved},
        "listing_text_place": {"id": key("id"), "number": number, **moved},
        "listing_text_facts": {"number": number, "service_id": key("service_id")},
        "listing_topic": {"number": number},
        "listing_text_word": {"number": number},
    }  # fmt: skip
    yield "DROP INDEX ix_listing_text_word_strong"
    yield "ALTER TABLE listing_text_word DROP CONSTRAINT listing_text_word_pkey"
    for table, values in changed.items():
        named = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        columns = [name for (name,) in run.execute(named, (table,))]
        said = ", ".join(values.get(name, f"s.{name}") for name in columns)
        yield f"INSERT INTO {table} ({', '.join(columns)}) SELECT {said} FROM {ten}, {table} s"


_FRESH = [
    "ALTER TABLE listing_text_word ADD PRIMARY KEY (stem, number) INCLUDE (impact)",
    "CREATE INDEX ix_listing_text_word_strong ON listing_text_word "
    f"(stem, impact DESC, number) WHERE impact >= {STRONG}",
    "TRUNCATE listing_text_spot, listing_text_cell, listing_text_moved",
    *FILL,
    "VACUUM ANALYZE",
]


if __name__ == "__main__":
    begun = time.perf_counter()
    if sys.argv[1].startswith("postgres"):
        grow_in_place(sys.argv[1])
    else:
        grow(*sys.argv[1:3])
    if len(sys.argv) > 3:
        grow_floor(*sys.argv[1:4])
    print(f"made in {time.perf_counter() - begun:.0f} s")
