"""A backup is a file that was proven to open, or it is not there."""

import importlib.util
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from sqlmodel import Session, SQLModel

from asset_hub import create_app
from asset_hub.config import ROOT, Settings
from asset_hub.core import audit, db
from tests.cast import NOW, Cast
from tests.conftest import test_settings


@pytest.fixture(scope="module")
def backup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("backup", ROOT / "deploy" / "backup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A small site in a file: the cast, Rose, and one look at her."""
    folder = tmp_path_factory.mktemp("site")
    found = test_settings(f"sqlite:///{folder}/hub.db", folder / "mail")
    app = create_app(found)
    with app.app_context(), Session(db.engine()) as session:
        SQLModel.metadata.create_all(db.engine())
        cast = Cast(session)
        rose = cast.person("Rose")
        audit.note(session, "read", rose, by=cast.ben.id, now=NOW)
        session.commit()
    yield found
    app.extensions["engine"].dispose()


def test_a_copy_is_made_while_somebody_writes(
    backup: ModuleType, site: Settings, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(site.database_url.removeprefix("sqlite:///"))) as writer:
        writer.execute("BEGIN IMMEDIATE")
        made = backup.back_up(site, tmp_path, keep=3, now=NOW)
    with closing(sqlite3.connect(made)) as copy:
        assert copy.execute("SELECT count(*) FROM person").fetchone() == (1,)
    assert made.stat().st_mode & 0o077 == 0, "nobody else may read it"
    assert [path.name for path in tmp_path.iterdir()] == [made.name], "nothing lies beside it"


def test_only_the_newest_copies_are_kept(
    backup: ModuleType, site: Settings, tmp_path: Path
) -> None:
    days = [NOW + timedelta(days=day) for day in range(4)]
    made = [backup.back_up(site, tmp_path, keep=2, now=day) for day in days]
    assert sorted(tmp_path.iterdir()) == made[-2:]


def test_a_copy_that_another_key_sealed_is_refused(
    backup: ModuleType, site: Settings, tmp_path: Path
) -> None:
    stranger = Settings(**{**vars(site), "data_key": "cd" * 32})
    with pytest.raises(backup.NotProven, match="DATA_KEY"):
        backup.back_up(stranger, tmp_path, keep=2, now=NOW)
    assert not list(tmp_path.glob("asset-hub-*"))


def test_a_chain_that_was_tampered_with_is_refused(
    backup: ModuleType, site: Settings, tmp_path: Path
) -> None:
    spoiled = tmp_path / "spoiled.db"
    backup.copy(site.database_url.removeprefix("sqlite:///"), spoiled)
    with closing(sqlite3.connect(spoiled)) as copy:
        copy.execute("DROP TRIGGER audit_entry_no_update")
        copy.execute("UPDATE audit_entry SET action = 'never looked'")
        copy.commit()
    mine = Settings(**{**vars(site), "database_url": f"sqlite:///{spoiled}"})
    with pytest.raises(backup.NotProven, match="audit chain"):
        backup.back_up(mine, tmp_path / "kept", keep=2, now=NOW)


def test_it_says_when_there_is_no_file_to_copy(
    backup: ModuleType, site: Settings, tmp_path: Path
) -> None:
    for url in ("postgresql://hub:secret@db/hub", f"sqlite:///{tmp_path}/none.db"):
        elsewhere = Settings(**{**vars(site), "database_url": url})
        with pytest.raises(backup.NotProven, match="no SQLite file") as said:
            backup.back_up(elsewhere, tmp_path, keep=2, now=NOW)
        assert "secret" not in str(said.value)
