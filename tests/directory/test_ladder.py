"""Asked, reminded, on a champion's list, hidden: by the worker, once each, with kindness."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, SQLModel, col, select

from asset_hub.accounts import service as accounts
from asset_hub.accounts.models import Account
from asset_hub.core import calendar, clock, outbox
from asset_hub.core.errors import RuleBroken
from asset_hub.core.mail import Refused
from asset_hub.core.outbox import Message, MessageState
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import (
    Contact,
    Listing,
    Service,
    ServiceEvent,
    Sign,
    Standing,
    Step,
    Upkeep,
)
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser

LISTING = SQLModel.metadata.tables["listing"]


class World:
    """The choir on its ladder, and a clock that can be moved to a day."""

    def __init__(self, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session, self.cast, self.patch, self.choir = session, cast, monkeypatch, cast.choir
        self.choir.confirmed_at, self.choir.confirmed_by = NOW, "the people who run it"
        service.publish(session, self.choir, now=NOW)
        session.commit()

    def on(self, day: date, hour: int = 9) -> None:
        """Make it a day, at nine, and let the worker do its day's work."""
        moment = calendar.at(day, datetime.min.replace(hour=hour).time())
        self.patch.setattr(clock, "now", lambda: moment)
        jobs.fade()
        jobs.climb()

    def until(self, step: Step) -> date:
        """Let time pass, from one due day to the next, until the choir comes to a step.

        On the day before each, nothing happens. Returns the day.
        """
        self.on(clock.today())
        for _ in range(12):
            if self.row().step is step:
                return clock.today()
            before, due = self.row().step, self.row().due_on
            assert due is not None, self.row()
            self.on(max(due - timedelta(days=1), clock.today()))
            assert self.row().step is before
            self.on(due)
        raise AssertionError(f"never {step}: {self.row()}")

    def signs_in(self, browser: Browser, account: Account) -> None:
        """Sign in on the day it is."""
        token = accounts.open_session(self.session, account, device="test", now=clock.now())
        self.session.commit()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token

    def row(self, one: Service | None = None) -> Upkeep:
        found = queries.upkeep(self.session, one or self.choir)
        assert found is not None
        return found

    def letters(self, kind: str = "") -> list[Message]:
        wanted = select(Message).where(col(Message.kind).startswith(kind))
        return list(self.session.exec(wanted.order_by(col(Message.created_at), col(Message.id))))

    def public(self) -> list[str]:
        names = self.session.connection().execute(select(LISTING.c.name).order_by(LISTING.c.name))
        return list(names.scalars())

    def add(self, name: str, email: str = "olive@choir.example", **more: Any) -> Service:
        """List one more group, confirmed today unless told."""
        one = self.cast.service(name)
        one.contacts = [Contact(name="Olive", email=email)] if email else []
        one.confirmed_at, one.confirmed_by = NOW, "the people who run it"
        for field, value in more.items():
            setattr(one, field, value)
        service.publish(self.session, one, now=NOW)
        self.session.commit()
        return one


@pytest.fixture
def world(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(session, cast, monkeypatch)


def test_nobody_answers_and_the_choir_is_hidden_with_a_note(world: World, browser: Browser) -> None:
    asked = world.until(Step.ASKED)
    assert (asked - TODAY).days in range(160, 165)
    reminded = world.until(Step.REMINDED)
    assert (reminded - asked).days in range(14, 18)
    listed = world.until(Step.TO_CHECK)
    assert (listed - reminded).days in range(20, 26)
    assert world.public() == ["Ashby choir"], "still found while a champion looks"
    hidden = world.until(Step.HIDDEN)
    assert (hidden - listed).days in range(35, 40)
    assert (world.public(), world.choir.standing) == ([], Standing.HIDDEN)
    kinds = [letter.kind.removeprefix("listing-") for letter in world.letters("listing")]
    assert kinds == ["still-right", "reminder", "reminder", "hidden"], "one a step, two reminders"
    page = browser.get(f"/groups/{world.choir.id}")
    assert page.status_code == 200
    assert "We have not been able to confirm that Ashby choir is still running" in page.text
    assert "noindex" in page.text
    assert f"/groups/{world.choir.id}/keep" in page.text
    assert "olive@choir.example" not in page.text
    assert "I was there" not in page.text


def letter_of(message: Message) -> str:
    found = outbox._written(message.id)
    assert found is not None
    body = found.get_body(("plain",))
    assert body is not None
    return f"{found['Subject']}\n{body.get_content()}"


def link_in(text: str) -> str:
    start = text.index("/list-a-group/keep/")
    return text[start:].split()[0].split("#")[0]


def test_the_last_reminder_says_so_and_what_was_answered_in_time_has_none(world: World) -> None:
    world.until(Step.REMINDED)
    [first] = world.letters("listing-reminder")
    assert letter_of(first).startswith("Please tell us: is Ashby choir")
    assert "we ask once more" in letter_of(first)
    due = world.row().due_on
    assert due is not None
    for _ in range(2):  # the worker may run twice that day
        world.on(due)
    first, last = world.letters("listing-reminder")
    text = letter_of(last)
    assert text.startswith("Last mail: is Ashby choir still right?")
    assert "a health champion will ring or come by" in text
    service.still_right(world.session, world.choir, by=None, now=clock.now())
    world.session.commit()
    assert outbox._written(last.id) is None, "answered before it left"


def test_who_has_no_address_any_more_goes_to_a_champion(world: World) -> None:
    world.until(Step.ASKED)
    world.choir.contacts, world.choir.email = [], ""
    world.session.commit()
    due = world.row().due_on
    assert due is not None
    world.on(due)
    assert world.row().step is Step.TO_CHECK


def test_the_mail_says_what_people_read_so_that_a_glance_will_do(world: World) -> None:
    world.choir.phone, world.choir.fees = "01632 960123", "£2 a time"
    service.publish(world.session, world.choir, now=NOW)
    world.session.commit()
    world.until(Step.ASKED)
    [letter] = world.letters("listing-still-right")
    text = letter_of(letter)
    assert "Cost: £2 a time" in text
    assert "Telephone: 01632 960123" in text
    html = outbox._written(letter.id)
    assert html is not None
    assert "<li>Cost: £2 a time</li>" in html.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_one_mail_three_links_and_opening_them_changes_nothing(
    world: World, browser: Browser
) -> None:
    world.until(Step.ASKED)
    text = letter_of(world.letters("listing-still-right")[0])
    assert text.startswith("Is Ashby choir still right?")
    link = link_in(text)
    for door in ("#right", "#change", "#stopped"):
        assert f"{link}{door}" in text
        page = browser.get(link).text
        assert f'id="{door[1:]}"' in page
    before = world.choir.confirmed_at, world.row().step
    assert "We have asked you. Please answer by" in browser.get(link).text
    world.session.refresh(world.choir)
    assert (world.choir.confirmed_at, world.row().step) == before, "a scanner opens it too"
    browser.post(f"{link}/right")
    world.session.refresh(world.choir)
    assert world.choir.confirmed_at == clock.now()
    assert (world.row().step, world.row().due_on) == (
        Step.QUIET,
        calendar.working_day_from(clock.today() + timedelta(days=175)),
    )


@pytest.mark.parametrize("step", [Step.ASKED, Step.REMINDED, Step.TO_CHECK, Step.HIDDEN])
def test_a_word_at_any_step_brings_it_back(world: World, step: Step) -> None:
    world.until(step)
    assert service.still_right(world.session, world.choir, by=None, now=clock.now())
    assert (world.row().step, world.choir.standing) == (Step.QUIET, Standing.LISTED)
    assert world.public() == ["Ashby choir"]
    sent = len(world.letters("listing"))
    world.on(clock.today() + timedelta(days=30))
    assert len(world.letters("listing")) == sent, "nobody is asked again so soon"


def test_olive_brings_her_hidden_choir_back_by_the_link_in_the_mail(
    world: World, browser: Browser
) -> None:
    world.until(Step.HIDDEN)
    link = link_in(letter_of(world.letters("listing-hidden")[0]))
    assert "Is it still running?" in browser.get(link).text
    assert world.public() == []
    page = browser.post(f"{link}/right", follow_redirects=True).text
    assert "you confirmed it today" in page
    assert world.public() == ["Ashby choir"]
    assert world.row().step is Step.QUIET


def test_a_hidden_group_without_its_mails_asks_for_another(world: World, browser: Browser) -> None:
    world.until(Step.HIDDEN)
    asking = f"/groups/{world.choir.id}/keep"
    assert "brings it back at once" in browser.get(asking).text
    browser.post(asking)
    link = link_in(letter_of(world.letters("listing-keep")[0]))
    browser.post(f"{link}/stopped")
    world.session.refresh(world.choir)
    assert world.choir.standing is Standing.CLOSED, "or says that it has stopped"


def test_a_champion_or_coordinator_brings_it_back_and_nobody_else(
    world: World, browser: Browser
) -> None:
    world.until(Step.HIDDEN)
    cast, address = world.cast, f"/groups/{world.choir.id}"
    for stranger, answer in ((cast.mia, 403), (cast.otto, 403), (cast.ben, 403), (cast.dora, 404)):
        world.signs_in(browser, stranger)
        assert browser.post(f"{address}/visited").status_code == answer, stranger.name
        assert browser.post(f"{address}/heard").status_code == answer
    assert world.public() == []
    world.signs_in(browser, cast.cath)
    page = browser.get(address).text
    assert "I was there: show it again" in page
    assert "Olive, 01632 960001" in page
    assert browser.get(f"{address}/visited").status_code == 405
    browser.post(f"{address}/visited", data={"next": "//evil.example"}, follow_redirects=True)
    assert world.public() == ["Ashby choir"]
    world.session.refresh(world.choir)
    assert world.choir.confirmed_by == "a champion"
    assert "Visited by a champion in" in browser.get(address).text


def test_what_olive_told_a_champion_is_her_own_word(world: World) -> None:
    world.until(Step.TO_CHECK)
    assert service.heard(world.session, world.choir, by=world.cast.cath, now=clock.now())
    assert world.choir.confirmed_by == "the people who run it"
    assert world.row().step is Step.QUIET


# --- The champion's list ------------------------------------------------------------------------


def test_the_list_has_all_it_takes_to_look(world: World, session: Session) -> None:
    world.choir.phone = "01632 960123"
    session.commit()
    day = world.until(Step.TO_CHECK)
    [row] = queries.to_check(session, world.cast.cath)
    assert (row.service.name, row.phone) == ("Ashby choir", "01632 960123")
    assert (row.private_name, row.private_phone) == ("Olive", "01632 960001")
    assert row.hides_on is not None
    assert (row.hides_on - day).days in range(35, 40)
    assert row.why == "Nobody answered our mails"
    assert queries.to_check(session, world.cast.cora)
    for nobody in (world.cast.dora, world.cast.ben, world.cast.otto, world.cast.mia):
        assert queries.to_check(session, nobody) == []


def test_nobody_there_gives_two_weeks_more_twice(world: World, session: Session) -> None:
    world.until(Step.TO_CHECK)
    due = world.row().due_on
    assert due is not None
    cath, choir = world.cast.cath, world.choir

    def tries(day: date) -> date:
        return service.could_not_reach(session, choir, by=cath, now=calendar.at(day, NOW.time()))

    soon = due - timedelta(days=20)
    assert tries(soon) == due, "there is time enough"
    later = tries(due)
    assert later == calendar.working_day_from(due + timedelta(days=14))
    assert tries(later) == later, "after a second try the day stands"
    assert world.row().tries == 3
    assert world.until(Step.HIDDEN) == later


def test_only_what_is_on_the_list_can_be_tried(world: World, session: Session) -> None:
    world.until(Step.ASKED)
    with pytest.raises(RuleBroken):
        service.could_not_reach(session, world.choir, by=world.cast.cath, now=clock.now())


def test_what_people_plainly_go_to_is_not_hidden(world: World, session: Session) -> None:
    world.until(Step.TO_CHECK)
    due = world.row().due_on
    assert due is not None
    lately = calendar.at(due - timedelta(days=10), NOW.time())
    service.signal(session, world.choir, Sign.ATTENDED, at=lately, cause="somebody went")
    world.on(due)
    assert (world.row().step, world.public()) == (Step.TO_CHECK, ["Ashby choir"])
    assert world.row().due_on == calendar.working_day_from(due + timedelta(days=14))
    assert (world.until(Step.HIDDEN) - due).days > 45, "but not for ever"


def test_without_an_address_it_goes_straight_to_a_champion(world: World) -> None:
    world.choir.contacts[0].email = ""
    world.session.commit()
    world.until(Step.TO_CHECK)
    assert world.letters("listing") == []
    assert queries.to_check(world.session, world.cast.cath)[0].why.startswith("We have no mail")


def test_a_champions_list_stays_an_evenings_work(world: World) -> None:
    for number in range(40):
        world.add(f"Imported {number}", email="", confirmed_at=None)
    world.on(TODAY)
    assert len(queries.to_check(world.session, world.cast.cath)) == 30
    first = queries.to_check(world.session, world.cast.cath)[0].service
    service.visited(world.session, first, by=world.cast.cath, now=clock.now())
    world.on(TODAY + timedelta(days=1))
    assert len(queries.to_check(world.session, world.cast.cath)) == 30, "one more"


# --- Mails --------------------------------------------------------------------------------------


def test_a_charity_with_twelve_groups_has_one_mail(world: World, browser: Browser) -> None:
    groups = [world.add(f"Group {number:02}") for number in range(11)]
    groups[0].confirmed_at = NOW + timedelta(days=20)  # due a little later: it comes along
    groups[1].confirmed_at = NOW + timedelta(days=100)  # due much later
    world.session.commit()
    world.until(Step.ASKED)
    [letter] = world.letters("listing-still-right")
    text = letter_of(letter)
    assert text.startswith("Are your 11 listings still right?")
    link = link_in(text)
    assert link.endswith("/all")
    page = browser.get(link).text
    assert page.count("It is right<") == 11
    assert "All 11 are right" in page
    assert "Group 01" not in page
    steps = {world.row(one).step for one in groups}
    assert steps == {Step.ASKED, Step.QUIET}, "looking changed nothing"
    page = browser.post(link, follow_redirects=True).text
    assert "11 listings are confirmed today" in page
    assert {world.row(one).step for one in groups} == {Step.QUIET}


def test_each_of_several_can_be_answered_for_alone(world: World, browser: Browser) -> None:
    band = world.add("Band")
    band_key = str(band.id)
    world.until(Step.ASKED)
    link = link_in(letter_of(world.letters("listing-still-right")[0]))
    own = link.removesuffix("/all")
    browser.post(f"{own}/stopped", data={"of": band_key})
    world.session.refresh(band)
    world.session.refresh(world.choir)
    assert (band.standing, world.choir.standing) == (Standing.CLOSED, Standing.LISTED)
    assert "Undo: list it again" in browser.get(link).text
    browser.post(f"{own}/undo", data={"of": band_key})
    browser.post(f"{own}/right", data={"of": band_key})
    world.session.refresh(band)
    assert (band.standing, band.confirmed_at) == (Standing.LISTED, clock.now())
    assert world.row(world.choir).step is Step.ASKED
    changing = browser.post(f"{own}/change", data={"of": band_key})
    assert changing.headers["Location"].endswith("/list-a-group/check")
    world.until(Step.REMINDED)
    assert letter_of(world.letters("listing-reminder")[-1]).startswith("Please tell us: is Ashby")


def test_a_link_opens_no_listing_of_another_contact(world: World, browser: Browser) -> None:
    other = world.add("Somebody else’s", email="zoe@else.example")
    world.until(Step.ASKED)
    link = link_in(letter_of(world.letters("listing-still-right")[0]))
    for verb in ("right", "change", "stopped", "undo"):
        assert browser.post(f"{link}/{verb}", data={"of": str(other.id)}).status_code == 404


def test_who_is_no_longer_the_contact_answers_for_it_no_more(
    world: World, browser: Browser
) -> None:
    band = world.add("Band")
    world.until(Step.ASKED)
    link = link_in(letter_of(world.letters("listing-still-right")[0]))
    band.contacts[0].email = "new@band.example"
    world.session.commit()
    assert "Band" not in browser.get(link).text
    answer = browser.post(f"{link.removesuffix('/all')}/stopped", data={"of": str(band.id)})
    assert answer.status_code == 404


def test_a_question_that_was_answered_before_it_left_is_not_sent(world: World) -> None:
    world.add("Band")
    world.until(Step.ASKED)
    [letter] = world.letters("listing-still-right")
    service.still_right(world.session, world.choir, by=None, now=clock.now())
    world.session.commit()
    assert letter_of(letter).startswith("Is Band still right?")
    for one in queries.mine(world.session, world.cast.otto):
        service.still_right(world.session, one, by=None, now=clock.now())
    world.session.commit()
    assert outbox._written(letter.id) is None


def test_an_import_of_hundreds_is_asked_twenty_a_day(world: World) -> None:
    for number in range(45):
        world.add(f"Imported {number}", email=f"{number}@import.example", confirmed_at=None)
    counts, day = [], TODAY
    for _ in range(9):
        before = len(world.letters("listing-still-right"))
        world.on(day)
        world.on(day, hour=11)  # a second worker, or the first one back from the dead
        counts.append(len(world.letters("listing-still-right")) - before)
        day += timedelta(days=1)
    assert counts == [20, 20, 5, 0, 0, 0, 0, 0, 0]


def test_bank_holidays_and_weekends_are_left_in_peace(world: World) -> None:
    world.choir.confirmed_at = None
    world.session.commit()
    for day in (date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 27), date(2026, 12, 28)):
        world.on(day)
        assert world.letters("listing") == []
    world.on(date(2026, 12, 29))
    assert len(world.letters("listing")) == 1


@pytest.mark.parametrize("turn", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_clocks_may_change_meanwhile(world: World, turn: date) -> None:
    """Due days are London's dates: an hour more or less moves nothing. One turn is Easter."""
    confirmed = calendar.at(turn - timedelta(days=160), datetime.min.replace(hour=23).time())
    world.choir.confirmed_at = confirmed
    world.session.commit()
    world.on(turn - timedelta(days=1))
    assert world.letters("listing") == []
    world.on(turn)
    assert world.letters("listing") == [], "a Sunday"
    world.on(calendar.working_day_from(turn))
    assert len(world.letters("listing")) == 1


def test_a_mail_waits_for_the_morning(world: World) -> None:
    world.choir.confirmed_at = None
    world.session.commit()
    world.on(TODAY, hour=22)  # a worker that was down all day
    [letter] = world.letters("listing")
    assert letter.due_at == datetime(2026, 9, 8, 7, tzinfo=UTC), "eight in London"


def test_a_step_half_done_by_a_killed_worker_is_not_done_at_all(
    world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    band = world.add("Band", email="b@band.example", confirmed_at=None)
    world.choir.confirmed_at = None
    session.commit()
    real: Callable[..., bool] = outbox.post
    calls: list[str] = []

    def dies(*words: Any, **more: Any) -> bool:
        calls.append(more["to"])
        if len(calls) == 1:
            raise MemoryError
        return real(*words, **more)

    monkeypatch.setattr(outbox, "post", dies)
    world.on(TODAY)
    steps = {world.row(one).step for one in (band, world.choir)}
    assert steps == {Step.QUIET, Step.ASKED}, "one spoilt, the other untouched by it"
    assert len(world.letters("listing")) == 1
    world.on(TODAY, hour=10)
    assert {world.row(one).step for one in (band, world.choir)} == {Step.ASKED}
    assert len(world.letters("listing")) == 2, "exactly one mail each"


def test_two_workers_ask_once(world: World, session: Session) -> None:
    world.choir.confirmed_at = None
    session.commit()
    world.on(TODAY)
    assert service.write(session, [world.choir.id], before=Step.QUIET, now=clock.now()) == []
    assert len(world.letters("listing")) == 1


def test_a_confirmation_between_the_list_and_the_mail_wins(world: World, session: Session) -> None:
    world.choir.confirmed_at = None
    session.commit()
    service.begin(session, [world.choir.id], now=NOW)
    [due] = queries.mails(session, Step.QUIET, now=NOW)
    service.still_right(session, world.choir, by=None, now=NOW)
    assert service.write(session, due, before=Step.QUIET, now=NOW) == []


def test_what_is_closed_or_waits_is_not_asked_about(world: World, session: Session) -> None:
    world.choir.confirmed_at = None
    session.commit()
    service.begin(session, [world.choir.id], now=NOW)
    service.close(session, world.choir, by=world.cast.cath, now=NOW)
    session.commit()
    world.on(TODAY + timedelta(days=1))
    assert (world.letters("listing"), queries.upkeep(session, world.choir)) == ([], None)
    service.reopen(session, world.choir, by=world.cast.cath, now=clock.now())
    assert world.row().due_on is not None


def test_the_ladder_can_be_switched_off(world: World, app: Flask, session: Session) -> None:
    world.choir.confirmed_at = None
    session.commit()
    settings = app.extensions["settings"]
    world.patch.setitem(app.extensions, "settings", replace(settings, ladder=False))
    world.on(TODAY)
    assert world.letters("listing") == []
    assert queries.upkeep(session, world.choir) is None


# --- A mail that comes back ---------------------------------------------------------------------


class Refuses:
    """A mail server that knows nobody."""

    def send(self, letter: EmailMessage) -> None:
        raise Refused("[550]")


@contextmanager
def refusing(_: object) -> Iterator[Refuses]:
    yield Refuses()


def test_when_what_follows_a_refusal_fails_the_message_is_parked_all_the_same(
    world: World, session: Session
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    world.until(Step.ASKED)
    world.patch.setattr(outbox, "transport", refusing)
    world.patch.setitem(outbox._REFUSED, "listing-still-right", fails)
    outbox.deliver()
    [letter] = world.letters("listing-still-right")
    session.refresh(letter)
    assert (letter.state, world.row().step) == (MessageState.PARKED, Step.ASKED)


def test_a_refused_mail_is_a_sign_and_puts_the_choir_on_the_list(
    world: World, session: Session
) -> None:
    world.until(Step.ASKED)
    [letter] = world.letters("listing-still-right")
    world.patch.setattr(outbox, "transport", refusing)
    outbox.deliver()
    outbox.deliver()
    session.refresh(letter)
    assert letter.state is MessageState.PARKED
    assert world.row().step is Step.TO_CHECK
    [row] = queries.to_check(session, world.cast.cath)
    assert row.why == "Our mail to them came back"
    card = session.exec(select(Listing)).one().card
    assert (card["stage"], "came back" in card["alive_words"]) == (2, True)


def test_a_refusal_by_somebody_who_lost_the_lease_says_nothing(
    world: World, session: Session
) -> None:
    world.until(Step.ASKED)
    [letter] = world.letters("listing-still-right")
    outbox._park_refused(outbox._Lease(letter.id, 1, False, "late", clock.now()), "refused 550")
    assert world.row().step is Step.ASKED


def test_hiding_is_written_down(world: World, session: Session) -> None:
    world.until(Step.HIDDEN)
    events = session.exec(select(ServiceEvent).where(ServiceEvent.service_id == world.choir.id))
    assert [(one.standing, one.by_id) for one in events] == [(Standing.HIDDEN, None)]


def test_owners_see_when_it_was_confirmed_and_when_they_are_asked(
    world: World, browser: Browser
) -> None:
    world.on(TODAY)
    world.signs_in(browser, world.cast.otto)
    page = browser.get("/your-groups").text
    assert "Confirmed by the people who run it in September 2026." in page
    assert "We ask you again around Monday 15 February 2027." in page
    world.until(Step.HIDDEN)
    world.signs_in(browser, world.cast.otto)
    page = browser.get("/your-groups").text
    assert "Hidden: nobody has confirmed it" in page
    browser.post(f"/groups/{world.choir.id}/still-right")
    assert world.public() == ["Ashby choir"]
