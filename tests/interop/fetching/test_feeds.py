"""Feeds: addresses that the worker reads by itself, with a person's yes where it matters."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.core.outbox import Message
from asset_hub.directory.models import Listing
from asset_hub.interop import jobs
from asset_hub.interop import service as imports
from asset_hub.interop.models import Feed, ImportChunk, ImportRow, ImportRun, Stage
from asset_hub.interop.run import working
from asset_hub.interop.run.deciding import must_be_seen
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.interop.feeds import service
from tests.interop.office import Office
from tests.interop.site import OtherSite, other_site


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = NOW

    def on(self, **more: Any) -> None:
        """Let time pass."""
        self.now += timedelta(**more)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr("asset_hub.core.clock.now", lambda: found.now)
    return found


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherSite]:
    with other_site() as found:
        monkeypatch.setattr(jobs, "POLICY", found.policy())
        monkeypatch.setattr("asset_hub.interop.service.feeds.PORTS", found.policy().ports)
        yield found


@pytest.fixture
def office(session: Session, cast: Cast, browser: Browser) -> Office:
    return Office(session, browser, cast.cora)


def add(office: Office, site: OtherSite, **more: Any) -> Feed:
    form = {"name": "Council", "url": site.at("/services"), "days": "7", **more}
    answer = office.browser.post("/import/feeds/add", data=form)
    assert answer.status_code == 303, answer.text
    return office.session.exec(select(Feed)).one()


def tick(office: Office) -> list[ImportRun]:
    """Let the worker do what is due; return the runs there are, the oldest first."""
    jobs.read_feeds()
    working.work()
    office.session.expire_all()
    return sorted(office.session.exec(select(ImportRun)).all(), key=lambda run: run.id)


def names(session: Session) -> list[str]:
    return sorted(session.exec(select(Listing.name)).all())


def ten(*changed: int) -> list[dict[str, Any]]:
    return [service(n, fees="£1" if n in changed else "") for n in range(1, 11)]


def test_the_first_reading_waits_and_later_ones_go_by_themselves(
    office: Office, session: Session, site: OtherSite, clock: Clock
) -> None:
    site.says("/services", {"contents": ten()})
    feed = add(office, site)
    [run] = tick(office)
    assert (run.stage, run.counts["added"], names(session)) == (Stage.READY, 10, [])
    mail = session.exec(select(Message).where(Message.kind == "import-waits")).one()
    assert mail.to == "cora@example.org"
    assert "first time" in office.page(run)
    office.press(run, "go")
    assert len(names(session)) == 10
    assert len(tick(office)) == 1, "not due yet"
    clock.on(days=7, minutes=1)
    site.says("/services", {"contents": ten(1, 2)})
    first, second = tick(office)
    assert (second.stage, second.counts["updated"]) == (Stage.DONE, 2)
    assert first.id != second.id
    session.refresh(feed)
    assert feed.next_at == clock.now + timedelta(days=7)


def test_a_large_change_waits_for_a_person(
    office: Office, session: Session, site: OtherSite, clock: Clock
) -> None:
    site.says("/services", {"contents": ten()})
    add(office, site)
    office.press(tick(office)[0], "go")
    clock.on(days=8)
    site.says("/services", {"contents": ten()[:7]})
    run = tick(office)[-1]
    assert (run.stage, run.counts["gone"]) == (Stage.READY, 3)
    assert run.message.startswith("3 of the 10 groups")
    clock.on(days=-8)  # she is still signed in
    page = office.browser.get("/import").text
    assert "Once you have decided about" in page, "it is not read meanwhile"
    assert page.count(f'href="/import/{run.id}"') == 2
    assert "Read it now" not in page
    clock.on(days=8)
    assert len(session.exec(select(Message).where(Message.kind == "import-waits")).all()) == 2
    clock.on(days=30)
    assert len(tick(office)) == 2, "while one waits, it is not read again"


@pytest.mark.parametrize(("counts", "waits"), [
    ({"unchanged": 80, "updated": 20}, False), ({"unchanged": 79, "updated": 21}, True),
    ({"unchanged": 90, "gone": 30}, True), ({"added": 500, "unchanged": 10}, False),
    ({"kept": 5, "unchanged": 90, "gone": 5}, False), ({}, False),
])  # fmt: skip
def test_a_fifth_is_the_most(counts: dict[str, int], waits: bool) -> None:
    assert bool(must_be_seen(counts, trusted=True, closes=False)) is waits
    assert must_be_seen(counts, trusted=False, closes=False)


def test_nothing_new_is_said_and_nothing_is_written(
    office: Office, site: OtherSite, clock: Clock
) -> None:
    site.says("/services", ten())
    add(office, site)
    office.press(tick(office)[0], "go")
    clock.on(days=8)
    run = tick(office)[-1]
    assert (run.stage, run.message) == (Stage.DONE, "Nothing in it is new.")


def test_what_went_wrong_stands_beside_the_feed_and_is_tried_again(
    office: Office, session: Session, site: OtherSite, clock: Clock
) -> None:
    feed = add(office, site)
    assert tick(office) == []
    session.refresh(feed)
    assert feed.problem.startswith("The site answered 404")
    assert "The site answered 404" in office.browser.get("/import").text
    site.says("/services", ten())
    clock.on(hours=7)
    assert len(tick(office)) == 1


def test_a_feed_that_is_a_sheet_asks_for_its_columns_once(
    office: Office, session: Session, site: OtherSite, clock: Clock
) -> None:
    site.says("/services", b"Wer,Nummer\nRuderclub,7\n", Content_Type="text/csv")
    add(office, site)
    [run] = tick(office)
    assert run.stage is Stage.MAPPING
    run = office.columns(run, column_name="Wer", column_id="Nummer")
    office.press(run, "go")
    clock.on(days=8)
    site.says("/services", b"Wer,Nummer\nRuderclub,7\nTurnclub,8\n", Content_Type="text/csv")
    assert tick(office)[-1].stage is Stage.DONE
    assert names(session) == ["Ruderclub", "Turnclub"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:22/", "file:///etc/passwd", "http://me:pw@a.example/", "no address"]
)
def test_an_address_that_cannot_be_is_refused_at_once(
    office: Office, site: OtherSite, url: str
) -> None:
    form = {"name": "Council", "url": url, "days": "7"}
    answer = office.browser.post("/import/feeds/add", data=form)
    assert answer.status_code == 422
    assert "address" in answer.text.partition("error-summary")[2]


def test_an_address_inside_is_refused_by_the_worker(
    office: Office, session: Session, site: OtherSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "POLICY", site.policy(allowed=lambda _: False))
    feed = add(office, site)
    assert tick(office) == []
    session.refresh(feed)
    assert "not on the open internet" in feed.problem
    assert site.asked == []


def test_pause_read_now_change_and_delete(
    office: Office, session: Session, site: OtherSite, clock: Clock
) -> None:
    site.says("/services", ten())
    feed = add(office, site)
    press = office.browser.post
    assert press(f"/import/feeds/{feed.id}/pause").status_code == 303
    assert tick(office) == []
    press(f"/import/feeds/{feed.id}/read")
    [run] = tick(office)
    office.press(run, "go")
    form = {"name": "Council", "url": site.at("/other"), "days": "30"}
    assert press(f"/import/feeds/{feed.id}", data=form).status_code == 303
    session.refresh(feed)
    assert (feed.days, feed.trusted) == (30, False), "another address is nobody’s word yet"
    press(f"/import/feeds/{feed.id}/delete")
    assert session.exec(select(Feed)).all() == []
    assert office.at(run.id).stage is Stage.DONE
    assert len(names(session)) == 10


def test_one_feed_of_a_name_in_a_community(office: Office, site: OtherSite) -> None:
    add(office, site)
    form = {"name": "Council", "url": site.at("/x"), "days": "7"}
    answer = office.browser.post("/import/feeds/add", data=form)
    assert "already a feed with this name" in answer.text


def test_two_workers_read_a_feed_once(
    office: Office, session: Session, site: OtherSite, clock: Clock
) -> None:
    """The second finds it leased; when the first was killed, its lease ends."""
    feed = add(office, site)
    assert imports.claim_feed(session, feed.id, now=clock.now)
    assert imports.claim_feed(session, feed.id, now=clock.now) is None
    clock.on(minutes=11)
    assert imports.claim_feed(session, feed.id, now=clock.now)


def test_files_and_rows_are_kept_for_thirty_days(
    office: Office, session: Session, clock: Clock
) -> None:
    run = office.imports([service(1)])
    clock.on(days=29)
    jobs.tidy()
    assert session.exec(select(ImportChunk.number)).all() == [0]
    clock.on(days=3)
    jobs.tidy()
    assert session.exec(select(ImportChunk.number)).all() == []
    assert session.exec(select(ImportRow.id)).all() == []
    assert not imports.can_undo(office.at(run.id), clock.now)
    assert names(session) == ["Choir 1"]
