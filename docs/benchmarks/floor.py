"""The floor: a few lines of WSGI over FTS5, tuned by hand, with no ranking but the text's own.

It answers what the site answers (words, the nearest 20, a viewport, one service) from the same
town, without a framework, filters, freshness, misspellings or reasons. Nothing that does our work
can be expected to be faster; how near the site comes is measured in `speed.py`.
"""

import json
import math
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

Start = Callable[[str, list[tuple[str, str]]], Any]
_WORD = re.compile(r"\w+")
_RINGS = (1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 20_000_000)
MAKE = """
    CREATE TABLE card (number INTEGER PRIMARY KEY, id TEXT, text TEXT);
    CREATE UNIQUE INDEX card_id ON card (id);
    CREATE TABLE place (number INTEGER, latitude REAL, longitude REAL, gx INTEGER, gy INTEGER,
        feature TEXT);
    CREATE INDEX place_at ON place (latitude, longitude, number);
    CREATE INDEX place_grid ON place (gy, gx, feature);
    CREATE INDEX place_band ON place (gy >> 12, gx, gy, feature);
    CREATE VIRTUAL TABLE words USING fts5(name, summary, body, topics, organization,
        content='', tokenize='porter unicode61 remove_diacritics 2');
    INSERT INTO card SELECT number, service_id, CAST(card AS TEXT) FROM site.listing;
    INSERT INTO place SELECT l.number, p.latitude, p.longitude, p.gx, p.gy, p.feature
        FROM site.listing_place p JOIN site.listing l ON l.service_id = p.service_id;
    INSERT INTO words (rowid, name, summary, body, topics, organization)
        SELECT number, name, summary, body, topics, organization_name FROM site.listing;
    INSERT INTO words (words) VALUES ('optimize');
    ANALYZE;
"""


def make(path: Path, site: Path) -> None:
    """Make the floor's own database from the site's (SQLite)."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("ATTACH ? AS site", (f"{site}",))
    connection.executescript(MAKE)
    connection.close()


class Floor:
    """The endpoint. It finds with `/find?q=`, `/near?lat=&lng=`, `/view?…` and `/one?id=`."""

    def __init__(self, path: Path) -> None:
        self.run = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        self.run.execute("PRAGMA mmap_size = 2000000000")

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        given = dict(parse_qsl(environ["QUERY_STRING"]))
        body = getattr(self, environ["PATH_INFO"].strip("/"))(given).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def livez(self, given: dict[str, str]) -> str:
        return '{"ok": true}'

    def find(self, given: dict[str, str]) -> str:
        words = _WORD.findall(given["q"])
        wanted = " OR ".join(f'"{word}"' for word in words)
        rows = self.run.execute(
            "SELECT c.text FROM (SELECT rowid, rank FROM words WHERE words MATCH ? AND rank "
            "MATCH 'bm25(2.5, 1.0, 0.8, 12.0, 0.4)' ORDER BY rank LIMIT 20) found "
            "JOIN card c ON c.number = found.rowid ORDER BY found.rank",
            (f"{wanted} OR {words[-1]} *",),
        )
        return f'{{"results": [{", ".join(text for (text,) in rows)}]}}'

    def near(self, given: dict[str, str]) -> str:
        latitude, longitude = float(given["lat"]), float(given["lng"])
        squeeze = math.cos(math.radians(latitude)) ** 2
        rows: list[tuple[str, float]] = []
        for metres in _RINGS:
            up, across = metres / 111_195, metres / 111_195 / math.sqrt(squeeze)
            rows = self.run.execute(
                "SELECT c.text, far FROM (SELECT number, (latitude - ?1) * (latitude - ?1) + "
                "(longitude - ?2) * (longitude - ?2) * ?3 AS far FROM place WHERE latitude "
                "BETWEEN ?4 AND ?5 AND longitude BETWEEN ?6 AND ?7 ORDER BY far LIMIT 20) found "
                "JOIN card c ON c.number = found.number ORDER BY far",
                (latitude, longitude, squeeze, latitude - up, latitude + up,
                 longitude - across, longitude + across),
            ).fetchall()  # fmt: skip
            if len(rows) == 20 and rows[-1][1] <= up * up:
                break
        said = (f'{text[:-1]}, "m": {round(math.sqrt(far) * 111_195)}}}' for text, far in rows)
        return f'{{"results": [{", ".join(said)}]}}'

    def view(self, given: dict[str, str]) -> str:
        edges = (given[edge] for edge in ("top", "bottom", "first", "last"))
        rows = self.run.execute(
            "SELECT feature FROM place WHERE gy BETWEEN ? AND ? AND gx BETWEEN ? AND ? LIMIT 1000",
            tuple(map(int, edges)),
        )
        features = ", ".join(feature for (feature,) in rows)
        return f'{{"type": "FeatureCollection", "features": [{features}]}}'

    def tight(self, given: dict[str, str]) -> str:
        """Answer a viewport from bands of the grid, as the site does."""
        edges = [int(given[edge]) for edge in ("top", "bottom", "first", "last")]
        bands = [str(band) for band in range(edges[0] >> 12, (edges[1] >> 12) + 1)]
        rows = self.run.execute(
            f"SELECT feature FROM place WHERE gy >> 12 IN ({', '.join(bands)}) "
            "AND gy BETWEEN ? AND ? AND gx BETWEEN ? AND ? LIMIT 1000",
            edges,
        )
        features = ", ".join(feature for (feature,) in rows)
        return f'{{"type": "FeatureCollection", "features": [{features}]}}'

    def one(self, given: dict[str, str]) -> str:
        row = self.run.execute("SELECT text FROM card WHERE id = ?", (given["id"],)).fetchone()
        return row[0] if row else json.dumps(None)


def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answer from the file that FLOOR names; each thread has a connection of its own."""
    if not hasattr(_LOCAL, "floor"):
        _LOCAL.floor = Floor(Path(os.environ["FLOOR"]))
    answer: Iterable[bytes] = _LOCAL.floor(environ, start)
    return answer


_LOCAL = threading.local()
