from sqlmodel import Session, select

from asset_hub.accounts import queries, service
from asset_hub.accounts.models import SignIn
from asset_hub.core import ids
from tests.cast import NOW, Cast


def test_a_session_is_a_row_that_holds_only_the_digest(session: Session, cast: Cast) -> None:
    token = service.open_session(session, cast.ben, device="Firefox", now=NOW)

    row = session.exec(select(SignIn)).one()
    assert row.digest == ids.digest(token)
    assert token not in str(row.model_dump())
    found = queries.sign_in_of(session, token, now=NOW)
    assert found is not None
    assert found.account is cast.ben


def test_a_session_ended_or_with_an_old_epoch_opens_nothing(session: Session, cast: Cast) -> None:
    ended = service.open_session(session, cast.ben, device="", now=NOW)
    service.end_token(session, ended, now=NOW)
    old = service.open_session(session, cast.ben, device="", now=NOW)
    cast.ben.epoch += 1
    session.flush()

    assert queries.sign_in_of(session, ended, now=NOW) is None
    assert queries.sign_in_of(session, old, now=NOW) is None
    assert queries.sign_in_of(session, "never issued", now=NOW) is None
