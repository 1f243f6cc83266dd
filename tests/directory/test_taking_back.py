"""The wrong button: "I visited", "I rang" is taken back that day, and all is as it was."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.core import audit, clock
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import (
    ChangeRequest,
    ChangeState,
    Listing,
    Service,
    ServiceEvent,
    Sign,
    Signal,
    Standing,
    Step,
    Upkeep,
    WordGiven,
)
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser

SOON = NOW + timedelta(minutes=3)
LONG_AGO = NOW - timedelta(days=300)


@pytest.fixture
def stale(session: Session, cast: Cast) -> Service:
    """List a choir that was confirmed long ago and is on Cath's list, tried once."""
    choir = cast.choir
    choir.confirmed_at = choir.alive_at = LONG_AGO
    choir.confirmed_by = "the people who run it"
    service.publish(session, choir, now=NOW)
    session.add(ServiceEvent(service_id=choir.id, at=LONG_AGO, standing=Standing.LISTED))
    session.add(
        Upkeep(
            service_id=choir.id, step=Step.TO_CHECK, tries=1, due_on=TODAY + timedelta(days=9),
            since=NOW - timedelta(days=20),
        )
    )  # fmt: skip
    session.commit()
    return choir


def everything(session: Session, group: Service) -> dict[str, Any]:
    """Return all that says how sure we are of a group: its dates, signs, step, words and queue."""
    session.expire_all()
    listing = session.exec(select(Listing)).first()
    row = session.get(Upkeep, group.id)
    changes = session.exec(select(ChangeRequest).order_by(ChangeRequest.id)).all()  # type: ignore[arg-type]
    return {
        "dates": (group.standing, group.confirmed_at, group.confirmed_by, group.alive_at),
        "signs": sorted((s.sign, s.at, s.cause, s.said_by) for s in session.exec(select(Signal))),
        "step": row and (row.step, row.due_on, row.since, row.tries),
        "said": listing and (listing.stage, listing.fades_on, listing.card["alive_words"]),
        "waits": [(one.id, one.state, one.decided_at, one.decided_by_id) for one in changes],
    }


@pytest.mark.parametrize("word", ["visited", "heard"])
def test_cath_takes_back_her_word_and_all_is_exactly_as_it_was(
    session: Session, cast: Cast, stale: Service, word: str
) -> None:
    before = everything(session, stale)
    assert getattr(service, word)(session, stale, by=cast.cath, now=NOW)
    assert everything(session, stale) != before
    service.take_back_word(session, stale, by=cast.cath, now=SOON)
    assert everything(session, stale) == before
    history = queries.history(session, stale, now=SOON, today=TODAY, names=True)
    assert [f"{one.who} {one.what}" for one in history[:2]] == [
        "Cath took back that it is right",
        "Cath said that it is right",
    ], "what happened stays written down"
    entries = session.exec(select(audit.AuditEntry).order_by(audit.AuditEntry.id)).all()  # type: ignore[arg-type]
    actions = [row.action for row in entries if row.by_id == cast.cath.id]
    assert actions[-2:] == ["confirm", "take back"]


def test_what_was_hidden_is_hidden_again(session: Session, cast: Cast, stale: Service) -> None:
    row = session.get_one(Upkeep, stale.id)
    row.due_on = TODAY
    session.flush()
    assert service.hide(session, stale.id, now=NOW - timedelta(hours=1))
    before = everything(session, stale)
    service.visited(session, stale, by=cast.cath, now=NOW)
    assert stale.standing is Standing.LISTED
    service.take_back_word(session, stale, by=cast.cath, now=SOON)
    assert everything(session, stale) == before
    assert before["said"] is None, "nobody finds it"


def test_a_report_that_the_word_had_answered_waits_and_counts_again(
    session: Session, cast: Cast, stale: Service
) -> None:
    for number, once in enumerate(("one", "two")):
        service.report_gone(
            session, stale, reason="nobody", found_out="Tuesday", comment="Dark.", reply="",
            once=once, address=f"192.0.{number}.1", now=NOW - timedelta(hours=2),
        )  # fmt: skip
    before = everything(session, stale)
    assert before["said"][0] == 2, "two people say that it has gone"
    service.heard(session, stale, by=cast.cath, now=NOW)
    states = {one.state for one in session.exec(select(ChangeRequest))}
    assert states == {ChangeState.SUPERSEDED}
    service.take_back_word(session, stale, by=cast.cath, now=SOON)
    assert everything(session, stale) == before


def test_what_somebody_else_said_since_stands(session: Session, cast: Cast, stale: Service) -> None:
    service.visited(session, stale, by=cast.cath, now=NOW)
    service.still_right(session, stale, by=None, now=NOW + timedelta(minutes=1))
    service.take_back_word(session, stale, by=cast.cath, now=SOON)
    assert stale.confirmed_at == NOW + timedelta(minutes=1)
    assert stale.confirmed_by == "the people who run it"
    assert [one.sign for one in session.exec(select(Signal))] == [Sign.OWNER_CONFIRMED]
    assert session.get_one(Upkeep, stale.id).step is Step.QUIET


def test_two_champions_take_back_in_any_order(session: Session, cast: Cast, stale: Service) -> None:
    before = everything(session, stale)
    for first, second in (("cath", "cora"), ("cora", "cath")):
        service.visited(session, stale, by=cast.cath, now=NOW)
        service.heard(session, stale, by=cast.cora, now=NOW + timedelta(minutes=2))
        service.take_back_word(session, stale, by=getattr(cast, first), now=SOON)
        assert everything(session, stale) != before, "the other one's word stands"
        service.take_back_word(session, stale, by=getattr(cast, second), now=SOON)
        assert everything(session, stale) == before


def test_only_on_the_same_day_and_only_ones_own(
    session: Session, cast: Cast, stale: Service
) -> None:
    service.visited(session, stale, by=cast.cath, now=NOW)
    for by, when in ((cast.cora, SOON), (cast.cath, NOW + timedelta(days=1))):
        with pytest.raises(RuleBroken, match="the same day"):
            service.take_back_word(session, stale, by=by, now=when)
    service.take_back_word(session, stale, by=cast.cath, now=SOON)
    with pytest.raises(RuleBroken, match="the same day"):  # a double click
        service.take_back_word(session, stale, by=cast.cath, now=SOON)
    assert stale.confirmed_at == LONG_AGO


def test_a_word_given_again_after_it_was_taken_back_counts(
    session: Session, cast: Cast, stale: Service
) -> None:
    service.visited(session, stale, by=cast.cath, now=NOW)
    service.take_back_word(session, stale, by=cast.cath, now=NOW + timedelta(seconds=5))
    service.visited(session, stale, by=cast.cath, now=NOW + timedelta(seconds=9))
    assert stale.confirmed_at == NOW + timedelta(seconds=9)


def test_cath_does_it_on_her_list_and_on_the_groups_page(
    browser: Browser, session: Session, cast: Cast, stale: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    browser.sign_in(cast.cath)
    assert "You said today" not in browser.get("/my-patch").text
    browser.post(f"/groups/{stale.id}/visited", data={"next": "/my-patch"})
    page = browser.get("/my-patch").text
    assert "You said today" in page
    assert "To check (0)" in page
    assert "You said today that it is right." in browser.get(f"/groups/{stale.id}").text
    monkeypatch.setattr(clock, "now", lambda: SOON)
    done = browser.post(
        f"/groups/{stale.id}/take-back-word", data={"next": "/my-patch"}, follow_redirects=True
    ).text
    assert "Taken back. Ashby choir is as it was before." in done
    assert "To check (1)" in done
    assert "You said today" not in done
    assert "I was there: it is right" in browser.get(f"/groups/{stale.id}").text
    again = browser.post(f"/groups/{stale.id}/take-back-word", follow_redirects=True).text
    assert "only be taken back on the same day" in again


def test_nobody_from_elsewhere_takes_it_back(
    browser: Browser, session: Session, cast: Cast, stale: Service
) -> None:
    service.visited(session, stale, by=cast.cath, now=NOW)
    session.commit()
    browser.sign_in(cast.dora)
    assert browser.post(f"/groups/{stale.id}/take-back-word").status_code == 404
    session.refresh(stale)
    assert stale.confirmed_at == NOW


def test_how_it_stood_before_is_forgotten_after_two_days(
    session: Session, cast: Cast, stale: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.visited(session, stale, by=cast.cath, now=NOW)
    session.commit()
    for days, held in ((1, True), (3, False)):
        monkeypatch.setattr(clock, "now", lambda days=days: NOW + timedelta(days=days))
        jobs.settle_words()
        session.expire_all()
        assert bool(session.exec(select(WordGiven)).one().before) is held
