from datetime import time

import pytest
from sqlmodel import Session, col, select

from asset_hub.communities.models import Postcode
from asset_hub.core.outbox import Message
from asset_hub.directory import service
from asset_hub.directory.models import Freq, Location, Schedule, Service, ServiceAtLocation
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.answers import fill_in


class Olive:
    """Olive lists a lunch club in a browser, and reads her mail."""

    def __init__(self, browser: Browser, session: Session, cast: Cast) -> None:
        self.browser, self.session, self.cast = browser, session, cast
        cast.add(Postcode(code="AS1 1AA", outcode="AS1", latitude=53.61234, longitude=-2.21234))
        session.commit()

    def sends(self, **changed: object) -> Service:
        """Fill in every step, send it, and return the listing."""
        fill_in(self.browser, self.cast, **changed)
        page = self.browser.post("/list-a-group/check", follow_redirects=True)
        assert page.status_code == 200, page.text
        return self.newest()

    def newest(self) -> Service:
        found = self.session.exec(select(Service).order_by(col(Service.id).desc())).first()
        assert found is not None
        return found

    def letters(self, kind: str) -> list[Message]:
        wanted = select(Message).where(Message.kind == kind).order_by(col(Message.id))
        return list(self.session.exec(wanted))

    def link(self, kind: str = "listing-confirm") -> str:
        return f"/list-a-group/link/{self.letters(kind)[-1].facts['token']}"

    def confirms(self) -> None:
        page = self.browser.post(f"{self.link()}/confirm")
        assert page.status_code == 302, page.text

    def lists(self, **changed: object) -> Service:
        """Send a listing and confirm it: it waits for a champion."""
        service = self.sends(**changed)
        self.confirms()
        self.session.refresh(service)
        return service


@pytest.fixture
def olive(browser: Browser, session: Session, cast: Cast) -> Olive:
    return Olive(browser, session, cast)


@pytest.fixture
def choir(cast: Cast, session: Session) -> Service:
    """The choir, published: Thursdays at ten in the town hall, free."""
    hall = cast.add(
        Location(name="Town hall", postal_code="AS1 1AA", latitude=53.61, longitude=-2.21)
    )
    cast.choir.places.append(ServiceAtLocation(location_id=hall.id, location=hall))
    cast.choir.schedules.append(Schedule(freq=Freq.WEEKLY, byday="TH", opens_at=time(10)))
    cast.choir.how_to_join, cast.choir.fees = "Come", "Free"
    service.ensure_topics(session)
    service.publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir
