"""One list of everything that waits in Ashby, the oldest first, with what is at risk."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from asset_hub.accounts.models import Grant
from asset_hub.core import clock
from asset_hub.core.powers import Role
from asset_hub.directory import queries, service
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeRequest,
    ChangeState,
    Duplicate,
    Location,
    Service,
    ServiceAtLocation,
    Standing,
    Step,
    Upkeep,
)
from asset_hub.directory.queries import Waits
from asset_hub.directory.queries.queue import PAGE
from asset_hub.directory.rules import risks
from asset_hub.directory.rules.promised import days_waited, say_waited
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser
from tests.directory.conftest import Olive

DAY = timedelta(days=1)


def asked(cast: Cast, asks: Asks, of: Service | None = None, **more: Any) -> ChangeRequest:
    return cast.add(
        ChangeRequest(**{
            "service_id": (of or cast.choir).id, "made_on": (of or cast.choir).version,
            "asks": asks, "submitted_at": NOW, **more,
        })
    )  # fmt: skip


def pair(cast: Cast, one: Service, other: Service, **more: Any) -> Duplicate:
    first, second = sorted((one.id, other.id))
    found = Duplicate(one_id=first, other_id=second, score=0.9, reasons=["the same name"],
                      found_at=NOW, **more)  # fmt: skip
    return cast.add(found)


@pytest.fixture
def busy(session: Session, cast: Cast) -> Cast:
    """One of everything waits in Ashby."""
    waiting = cast.service("Ukuleles", standing=Standing.WAITING)
    waiting.submitted_at = NOW - 3 * DAY
    asked(cast, Asks.CHANGE, submitted_at=NOW - 2 * DAY, after={"phone": "1"}, comment="New number")
    asked(cast, Asks.GONE, submitted_at=NOW - 4 * DAY)
    asked(cast, Asks.CLAIM, submitted_at=NOW - DAY, asker=Asker.OWNER)
    pair(cast, cast.choir, cast.service("Ashby choirs"))
    cast.add(Upkeep(service_id=cast.choir.id, step=Step.TO_CHECK, since=NOW))
    session.commit()
    return cast


def test_everything_is_in_one_list_the_oldest_first(browser: Browser, busy: Cast) -> None:
    browser.sign_in(busy.cath)
    page = browser.get("/to-approve").text
    assert "5 things wait" in page
    order = ["Reported gone</span>", "New listing</span>", "Suggested change</span>",
             "Somebody asks to run it</span>", "Possible duplicate</span>"]  # fmt: skip
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    for words in (
        "It is public now and somebody says it has gone",
        "How people reach it changes",
        "New number",
        "Whoever gets it can change what everybody reads",
        "People may find the one that is out of date",
        "Its owner, signed in",
        'href="/my-patch">1 listing waits for a call or a visit',
    ):
        assert words in page, words
    for change in ("change", "gone", "claim"):
        assert f"kind={change}" in page


def test_another_address_for_mail_waits_like_the_rest(browser: Browser, busy: Cast) -> None:
    busy.add(
        ChangeRequest(
            service_id=busy.choir.id, made_on=1, asks=Asks.ADDRESS, asker=Asker.OWNER,
            submitted_at=NOW,
        )
    )  # fmt: skip
    busy.session.commit()
    browser.sign_in(busy.cora)
    assert "Another address for its mail" in browser.get("/to-approve?kind=address").text


@pytest.mark.parametrize("kind", [kind for kind in Waits if kind is not Waits.ADDRESS])
def test_one_kind_alone_can_be_looked_at(browser: Browser, busy: Cast, kind: Waits) -> None:
    browser.sign_in(busy.cora)
    page = browser.get(f"/to-approve?kind={kind.value}").text
    assert page.count('class="hub-today__who"') == 1
    assert "(5)" in page


@pytest.mark.parametrize(
    "address", ["kind=nothing", "page=-3", "page=x", "page=99", "community=<b>"]
)
def test_a_strange_address_shows_everything(browser: Browser, busy: Cast, address: str) -> None:
    browser.sign_in(busy.cora)
    page = browser.get(f"/to-approve?{address}").text
    assert page.count('class="hub-today__who"') == 5


def test_dora_sees_none_of_ashbys(browser: Browser, busy: Cast) -> None:
    browser.sign_in(busy.dora)
    page = browser.get("/to-approve").text
    assert "Nothing waits" in page
    assert "call or a visit" not in page


def test_who_looks_after_two_places_sees_both_or_either(
    browser: Browser, session: Session, busy: Cast
) -> None:
    busy.service("Elsewhere bees", community=busy.elsewhere, standing=Standing.WAITING)
    busy.add(Grant(account_id=busy.dora.id, role=Role.CHAMPION, community_id=busy.ashby.id,
                   given_at=NOW))  # fmt: skip
    session.commit()
    session.expire_all()
    browser.sign_in(busy.dora)
    assert "6 things wait" in browser.get("/to-approve").text
    page = browser.get("/to-approve?community=elsewhere").text
    assert "Elsewhere bees" in page
    assert "Ukuleles" not in page
    assert "Ashby (5)" in page


@pytest.mark.parametrize("state", [s for s in ChangeState if s is not ChangeState.WAITING])
def test_what_was_decided_waits_no_more(cast: Cast, state: ChangeState) -> None:
    decided = None if state is ChangeState.UNPROVEN else NOW
    asked(cast, Asks.CHANGE, state=state, decided_at=decided)
    assert queries.queue(cast.session, cast.cora, today=TODAY).total == 0


@pytest.mark.parametrize("standing", [Standing.CLOSED, Standing.WAITING, Standing.RETURNED])
def test_a_pair_that_nobody_can_find_twice_is_no_work(cast: Cast, standing: Standing) -> None:
    pair(cast, cast.choir, cast.service("Ashby choirs", standing=standing))
    rows = queries.queue(cast.session, cast.cora, today=TODAY).rows
    assert Waits.DOUBLE not in {row.kind for row in rows}


def test_a_pair_across_a_border_is_both_peoples_work(cast: Cast) -> None:
    other = cast.service("Ashby choirs", community=cast.elsewhere)
    pair(cast, cast.choir, other)
    for who in (cast.cora, cast.dora):
        assert queries.queue(cast.session, who, today=TODAY).total == 1
    other.standing = Standing.HIDDEN
    cast.session.commit()
    assert queries.queue(cast.session, cast.cora, today=TODAY).total == 0, "not hers to see"


def test_fifty_are_a_page_and_none_is_lost_between_two(cast: Cast) -> None:
    for number in range(PAGE + 3):
        cast.service(f"Group {number}", standing=Standing.WAITING)
    cast.session.commit()
    pages = [queries.queue(cast.session, cast.cora, today=TODAY, page=n) for n in (1, 2, 3)]
    assert [len(one.rows) for one in pages] == [PAGE, 3, 3], "past the end is the end"
    assert len({row.id for one in pages[:2] for row in one.rows}) == PAGE + 3


def test_however_much_waits_the_database_is_asked_as_often(
    browser: Browser, session: Session, busy: Cast
) -> None:
    counts = []
    browser.sign_in(busy.cora)
    for round_ in range(2):
        for number in range(round_, 1 + 4 * round_):
            one = busy.service(f"Group {number}", standing=Standing.WAITING)
            other = busy.service(f"Band {number}")
            asked(busy, Asks.GONE, other)
            pair(busy, busy.choir, other)
            place = busy.add(Location(address_1="1 High Street"))
            one.places.append(ServiceAtLocation(location_id=place.id, location=place))
        session.commit()
        session.expunge_all()
        said: list[object] = []

        def count(*what: object, said: list[object] = said) -> None:
            said.append(what)

        event.listen(session.get_bind(), "before_cursor_execute", count)
        assert browser.get("/to-approve").status_code == 200
        event.remove(session.get_bind(), "before_cursor_execute", count)
        counts.append(len(said))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("days", "waited"), [(0, 0), (1, 1), (4, 4), (5, 4), (6, 4), (7, 5), (900, 61)]
)
def test_working_days_are_counted(days: int, waited: int) -> None:
    assert days_waited(NOW, TODAY + days * DAY) == waited


def test_a_wait_is_said() -> None:
    assert [say_waited(n) for n in (0, 1, 2, 61)] == [
        "since today", "1 working day", "2 working days", "more than 60 working days",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "risk"),
    [
        ({"maximum_age": 11}, "children come"),
        ({"summary": "For toddlers and their grown-ups"}, "children come"),
        ({"summary": "We come to your home"}, "goes to people’s homes"),
        ({"phone": "07700 900123"}, "shows a mobile number"),
        ({"description": "A safe house"}, "may be a refuge"),
    ],
)
def test_what_is_at_risk_is_said(cast: Cast, said: dict[str, Any], risk: str) -> None:
    for name, value in said.items():
        setattr(cast.choir, name, value)
    assert risk in [one.words for one in risks.of_listing(cast.choir, doubles=0)]
    assert risks.of_listing(cast.service("Plain"), doubles=0) == []


@pytest.mark.parametrize(
    ("after", "risk", "grave"),
    [
        ({"contact": {}}, "the private contact changes", True),
        ({"email": "a@b.example"}, "how people reach it changes", True),
        ({"times": []}, "people may come at the wrong time", False),
        ({"places": [{"visibility": "exact"}]}, "the address changes", False),
        ({"places": "nonsense"}, "the address changes", False),
        ({"venue_notes": "x"}, "private notes change", False),
    ],
)
def test_what_a_change_puts_at_risk(
    cast: Cast, after: dict[str, Any], risk: str, grave: bool
) -> None:
    found = {one.words: one.grave for one in risks.of_change(asked(cast, Asks.CHANGE, after=after))}
    assert found[risk] is grave
    assert "from somebody we do not know" in found


def test_three_who_say_it_has_gone_weigh_more_and_an_old_change_says_so(cast: Cast) -> None:
    change = asked(cast, Asks.GONE, made_on=0)
    words = [one.words for one in risks.of_change(change, reports=3)]
    assert words == [
        "it is public now and 3 people say it has gone", "the listing has changed since",
    ]  # fmt: skip


def test_many_pairs_of_one_import_are_told_together(cast: Cast) -> None:
    for number in range(3):
        one, other = cast.service(f"Hall {number}"), cast.service(f"Halls {number}")
        one.source, other.source = "register", "council"
        one.source_id = other.source_id = str(number)
        first, second = sorted((one, other), key=lambda each: each.id)
        first.source, second.source = "register", "council"
        pair(cast, first, second)
    cast.session.commit()
    rows = queries.queue(cast.session, cast.cora, today=TODAY).rows
    assert "3 pairs like it from the same import" in [r.words for row in rows for r in row.risks]


def test_olive_is_shown_what_is_listed_already(browser: Browser, olive: Olive) -> None:
    from asset_hub.directory import jobs
    from tests.directory.answers import fill_in

    there = olive.cast.service("The Lunch Clubs")
    hidden = olive.cast.service("Lunch club", standing=Standing.WAITING)
    service.publish(olive.session, there, now=NOW)
    olive.session.commit()
    jobs.find_doubles()
    fill_in(browser, olive.cast)
    page = browser.get("/list-a-group/check").text
    assert "Is it one of these?" in page
    assert f"/groups/{there.id}/keep" in page
    assert str(hidden.id) not in page, "not public"
    assert "olive@choir.example" not in page
    assert "No, ours is another: send it" in page
    browser.post("/list-a-group/check")
    assert olive.newest().name == "Lunch club"


def test_a_listing_that_is_like_nothing_is_not_asked_about(browser: Browser, olive: Olive) -> None:
    from tests.directory.answers import fill_in

    fill_in(browser, olive.cast)
    assert "Is it one of these?" not in browser.get("/list-a-group/check").text


def test_trying_addresses_does_not_tell_where_a_hidden_one_is(
    browser: Browser, olive: Olive
) -> None:
    """Whoever guesses the street of a hidden group learns nothing from the doubles."""
    from asset_hub.directory import jobs
    from asset_hub.directory.models import Visibility

    secret = olive.cast.service("Quiet place")
    place = olive.cast.add(
        Location(address_1="1 High Street", postal_code="AS1 1AA", latitude=53.61234,
                 longitude=-2.21234, visibility=Visibility.HIDDEN)
    )  # fmt: skip
    secret.places.append(ServiceAtLocation(location_id=place.id, location=place))
    olive.session.commit()
    jobs.find_doubles()
    keys = queries.keys_of(olive.session, secret.id)
    assert not [key for key in keys if key.startswith(("a:", "z:", "m:"))]
    group = olive.lists(name="Quiet places")
    [double] = queries.doubles(olive.session, group)
    assert double.reasons == ["the same name"]


def test_late_is_marked_by_working_days(
    browser: Browser, busy: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY + DAY)
    browser.sign_in(busy.cora)
    page = browser.get("/to-approve").text
    assert page.count("hub-today--late") == 1, "the report of last Thursday"
