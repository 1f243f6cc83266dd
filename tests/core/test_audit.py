from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from asset_hub.core import audit, calendar
from asset_hub.core.audit import AuditEntry
from asset_hub.core.crypto import Vault
from tests.cast import NOW, Cast


@pytest.fixture
def looks(cast: Cast, session: Session) -> list[AuditEntry]:
    rose = cast.person("Rose")
    found = [
        audit.note(
            session, "read", rose, by=cast.ben.id, now=NOW + timedelta(minutes=n), page="show"
        )
        for n in range(3)
    ]
    session.commit()
    return found


def test_a_look_says_who_what_whom_and_where(cast: Cast, looks: list[AuditEntry]) -> None:
    look = looks[0]
    assert (look.by_id, look.action, look.kind) == (cast.ben.id, "read", "person")
    assert (look.community_id, look.practice_id) == (cast.ashby.id, cast.surgery.id)
    assert look.detail == {"page": "show"}


def test_each_entry_holds_the_one_before(session: Session, looks: list[AuditEntry]) -> None:
    assert [looks[1].before, looks[2].before] == [looks[0].digest, looks[1].digest]
    assert list(audit.broken_links(session)) == []


@pytest.mark.parametrize(
    "change", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"]
)
def test_the_log_only_grows(session: Session, looks: list[AuditEntry], change: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"), session.begin_nested():
        session.connection().execute(text(change))


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE audit_entry SET action = 'approve' WHERE id = :two", ["two"]),
        ("UPDATE audit_entry SET by_id = NULL WHERE id = :two", ["two"]),
        ("UPDATE audit_entry SET detail = '{}' WHERE id = :two", ["two"]),
        ("DELETE FROM audit_entry WHERE id = :two", ["three"]),
        ("UPDATE audit_entry SET digest = before WHERE id = :two", ["two", "three"]),
    ],
)
def test_tampering_shows(
    session: Session, looks: list[AuditEntry], change: str, broken: list[str]
) -> None:
    ids = dict(zip(("one", "two", "three"), (look.id for look in looks), strict=True))
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))
    else:
        connection.execute(text("DROP TRIGGER audit_entry_only_grows ON audit_entry"))
    connection.execute(text(change), {"two": ids["two"]})
    session.expire_all()
    assert list(audit.broken_links(session)) == [ids[name] for name in broken]
    session.rollback()


def test_a_look_that_is_rolled_back_leaves_the_chain_whole(cast: Cast, session: Session) -> None:
    rose = cast.person("Rose")
    audit.note(session, "read", rose, by=cast.ben.id, now=NOW)
    session.rollback()
    audit.note(session, "read", rose, by=cast.ben.id, now=NOW)
    session.commit()
    assert len(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()) == 1
    assert list(audit.broken_links(session)) == []


def test_what_was_cut_off_the_end_shows_against_an_anchor(
    session: Session, looks: list[AuditEntry]
) -> None:
    kept = audit.anchor(session)
    assert audit.holds(session, kept)
    if session.get_bind().dialect.name == "sqlite":
        session.connection().execute(text("DROP TRIGGER audit_entry_no_delete"))
    else:
        session.connection().execute(text("DROP TRIGGER audit_entry_only_grows ON audit_entry"))
    session.connection().execute(
        text("DELETE FROM audit_entry WHERE id = :last"), {"last": looks[-1].id}
    )
    assert list(audit.broken_links(session)) == []  # the rest fits together
    assert not audit.holds(session, kept)


def test_nobody_writes_a_fitting_entry_without_the_key(
    session: Session, cast: Cast, looks: list[AuditEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as thief:
        thief.setattr("asset_hub.core.crypto.vault", lambda: Vault(b"another key"))
        forged = audit.note(session, "read", cast.choir, by=None, now=NOW)
        session.commit()
    assert list(audit.broken_links(session)) == [forged.id]


def test_not_even_a_replace_or_a_truncate_empties_the_log(
    session: Session, looks: list[AuditEntry]
) -> None:
    sly = "TRUNCATE audit_entry CASCADE"
    if session.get_bind().dialect.name == "sqlite":
        sly = "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry LIMIT 1"
    with pytest.raises(DBAPIError, match="only grows"), session.begin_nested():
        session.connection().execute(text(sly))


def test_a_look_told_by_londons_clock_still_fits_the_chain(
    session: Session, cast: Cast, looks: list[AuditEntry]
) -> None:
    summer = looks[-1].at.astimezone(calendar.LONDON)
    audit.note(session, "read", cast.choir, by=cast.ben.id, now=summer)
    session.commit()
    session.expire_all()
    assert list(audit.broken_links(session)) == []
