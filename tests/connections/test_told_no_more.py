"""A group that said yes may read how to reach somebody only while that is agreed."""

from sqlmodel import Session, select

from asset_hub.connections import service
from asset_hub.connections.models import Handover
from asset_hub.core.outbox import Message
from asset_hub.people import service as people
from asset_hub.people.models import AgreedTo
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.connections.steps import connect
from tests.connections.test_reply import YES


def test_after_an_introduction_too_the_link_is_silent_once_sharing_is_taken_back(
    browser: Browser, session: Session, cast: Cast
) -> None:
    rose = cast.person("Rose Ashworth")
    made = connect(session, cast, rose)
    asked = session.exec(select(Message).where(Message.kind == "connection-asked")).one()
    link = f"/reply/{asked.facts['token']}"
    browser.post(link, data=YES)
    session.refresh(made)
    service.introduce(session, made, handover=Handover.TOLD, on=TODAY, by=cast.ben, now=NOW)
    session.commit()
    assert "960777" in browser.get(link).text

    people.withdraw(session, rose, AgreedTo.SHARE, by=cast.ben, now=NOW)
    session.commit()
    session.refresh(made)
    assert made.is_open
    assert "960777" not in browser.get(link).text
