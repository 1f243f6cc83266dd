"""Copy the site's SQLite database while it runs, and prove that the copy can be restored.

    .venv/bin/python deploy/backup.py FOLDER [--keep 14]

The copy is opened as the site would open it: SQLite's own integrity and foreign-key checks, the
audit chain from its first entry, and one sealed field with the site's key. Only then does it get
its name, and only then are the oldest copies removed. Anything else ends with an exit code of 1.
For PostgreSQL use pg_dump and pg_restore (docs/deploying.md).
"""

import argparse
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, col, select

sys.path.insert(0, str(Path(__file__).parent.parent))

from asset_hub import create_app
from asset_hub.config import Settings, settings
from asset_hub.core import audit, db
from asset_hub.people.models import Person

PREFIX = "asset-hub-"


class NotProven(Exception):
    """Say what is wrong with the copy."""


def copy(source: str, target: Path) -> None:
    """Copy a database that is in use: readers and writers go on meanwhile."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    here = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    with closing(here), closing(sqlite3.connect(target)) as there:
        here.backup(there, pages=2000, sleep=0.01)
        there.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    with target.open("rb") as file:
        os.fsync(file.fileno())


def prove(found: Settings, target: Path) -> str:
    """Open the copy as the site would; return its audit anchor, or raise NotProven."""
    with closing(sqlite3.connect(target)) as there:
        (state,) = there.execute("PRAGMA integrity_check").fetchone()
        if state != "ok":
            raise NotProven(f"the file is damaged: {state}")
        if there.execute("PRAGMA foreign_key_check").fetchone():
            raise NotProven("a row points at a row that is not there")
    app = create_app(replace(found, database_url=f"sqlite:///{target}"))
    with app.app_context(), Session(db.engine()) as session:
        sealed = select(Person).where(col(Person.name_sealed).is_not(None))
        if person := session.exec(sealed.limit(1)).first():
            _must_open(person)
        if broken := list(audit.broken_links(session)):
            raise NotProven(f"the audit chain is broken at {broken[:5]}")
        anchor = audit.anchor(session)
    app.extensions["engine"].dispose()
    for beside in ("-wal", "-shm"):
        target.with_name(target.name + beside).unlink(missing_ok=True)
    return anchor


def _must_open(person: Person) -> None:
    try:
        person.name  # noqa: B018
    except Exception as error:
        raise NotProven("DATA_KEY does not open what is sealed in the copy") from error


def tidy(folder: Path, keep: int) -> None:
    """Remove all but the newest copies."""
    for old in sorted(folder.glob(f"{PREFIX}*.db"))[:-keep]:
        old.unlink()


def back_up(found: Settings, folder: Path, *, keep: int, now: datetime) -> Path:
    """Copy, prove, name, tidy; return the new file."""
    source = found.database_url.removeprefix("sqlite:///")
    if source == found.database_url or not Path(source).is_file():
        raise NotProven(f"{found.database_url.split('@')[-1]} is no SQLite file")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / "copy.part"
    copy(source, part)
    anchor = prove(found, part)
    target = part.rename(folder / f"{PREFIX}{now:%Y-%m-%dT%H%M%S}.db")
    tidy(folder, keep)
    size = target.stat().st_size / 1_000_000
    sys.stdout.write(f"{target}: {size:.1f} MB, proven; audit anchor {anchor}\n")
    return target


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=int, default=14, help="how many copies to keep")
    given = parser.parse_args()
    try:
        back_up(settings(), given.folder, keep=given.keep, now=datetime.now(UTC))
    except (NotProven, sqlite3.Error, OSError) as error:
        sys.stderr.write(f"No backup was made: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
