"""Make a town ten times as large from one there is: what finding reads of it, and no more (SQLite).

`python docs/benchmarks/ten_times.py FROM_FILE TO_FILE`: each service ten times, its places moved to
the east a little further each time. Words come as often as before, in ten times as many listings.
"""

import sqlite3
import sys
import time

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
    for name in ("community", "postcode", "taxonomy_term"):
        run.execute(f"INSERT INTO {name} SELECT * FROM small.{name}")
    for statement, kind, _ in parts:
        if kind == "index":
            run.execute(statement)
    run.execute("COMMIT")
    run.execute("PRAGMA analysis_limit=1000")
    run.execute("ANALYZE")
    run.close()


if __name__ == "__main__":
    begun = time.perf_counter()
    grow(*sys.argv[1:3])
    print(f"made in {time.perf_counter() - begun:.0f} s")
