"""Small invented feeds, files of them, and what an import made of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from asset_hub.core import db
from asset_hub.directory.models import Listing, Service
from asset_hub.interop.models import Outcome
from asset_hub.interop.run import command_line
from asset_hub.interop.run.tally import Tally
from tests.cast import NOW

CHOIR = {
    "id": "3f8a1c9e-4d2b-4a7e-9c61-0b5d2e7f8a10",
    "name": "Riverside choir",
    "description": "<p>We sing on Thursdays.</p><p>No audition.</p>",
    "url": "www.riverside.example",
    "email": "choir@riverside.example",
    "status": "active",
    "organization": {"id": "b1e2d3c4-0000-4000-8000-000000000001", "name": "Riverside Arts"},
}


def service(number: int = 1, **more: Any) -> dict[str, Any]:
    """Return one service of a feed, different for each number."""
    return (
        CHOIR
        | {"id": f"{number:08d}-4d2b-4a7e-9c61-0b5d2e7f8a10", "name": f"Choir {number}"}
        | more
    )


class Desk:
    """Somebody who imports files: writes them, runs the import and looks at what came of it."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder

    def write(self, name: str, content: Any) -> Path:
        """Put a file on the desk; anything but text and bytes is written as JSON."""
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8")
        return path

    def imports(
        self,
        content: Any,
        *,
        name: str = "feed.json",
        mapping: dict[str, Any] | None = None,
        source: str = "council",
        community: str = "",
        dry_run: bool = False,
        progress: Callable[[int, Tally], None] = lambda *_: None,
    ) -> Tally:
        """Import a file's content."""
        path = content if isinstance(content, Path) else self.write(name, content)
        chosen = self.write("mapping.json", mapping) if mapping else None
        todo = command_line.plan(path, source=source, mapping=chosen, now=NOW)
        tally = command_line.run(
            todo, community=community, dry_run=dry_run, now=NOW, progress=progress
        )
        self.session.expire_all()
        return tally

    def one(self, name: str) -> Service:
        """Return the one service of a name."""
        return self.session.exec(select(Service).where(Service.name == name)).one()

    def names(self) -> list[str]:
        """Return what the public finds, by name."""
        return list(self.session.exec(select(Listing.name).order_by(col(Listing.name))).all())

    def edit(self, row: SQLModel, **values: Any) -> None:
        """Change a row by hand, as the pages for it do."""
        with db.transaction() as session:
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)


def counts(tally: Tally) -> dict[str, int]:
    """Return the table of an import, without its noughts."""
    table: dict[str, int] = {outcome.value: tally.outcomes[outcome] for outcome in Outcome}
    table |= {"repeated": len(tally.repeated), "refused": len(tally.refused)}
    return {name: count for name, count in table.items() if count}


def warnings(tally: Tally) -> list[tuple[int, str]]:
    """Return every warning with its row."""
    return sorted(warning for kind in tally.warnings.values() for warning in kind)
