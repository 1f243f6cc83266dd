"""What those who run a group change waits beside the listing; a champion looks at both."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, select

from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import service
from asset_hub.directory.models import (
    Asker,
    ChangeRequest,
    ChangeState,
    Parts,
    Revision,
    RevisionCause,
    Service,
    Standing,
)
from asset_hub.directory.rules import snapshot
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.answers import edit
from tests.directory.conftest import Olive
from tests.directory.test_keeping_it_right import card, form_of, place_of, points
from tests.directory.waiting import waiting_changes

CANARY = "olive@choir.example"
LATER = NOW + timedelta(hours=1)


def sends(cast: Cast, group: Service, parts: Parts, **more: Any) -> ChangeRequest:
    """Otto suggests something, unless told otherwise."""
    given: dict[str, Any] = {
        "made_on": group.version, "asker": Asker.OWNER, "by": cast.otto, "comment": "",
        "reply": "", "now": NOW, "once": str(parts),
    }  # fmt: skip
    change = service.propose(cast.session, group, parts, **given | more)
    cast.session.commit()
    assert change
    return change


def takes(cast: Cast, change: ChangeRequest, **picks: str) -> bool:
    done = service.approve_change(
        cast.session, change, by=cast.cath, now=LATER, version=change.service.version, picks=picks
    )
    cast.session.commit()
    return done


def edits(cast: Cast, group: Service, **parts: Any) -> None:
    """Cora changes parts of a listing at once."""
    values = service.as_fields(service.answers_of(group)) | {
        "often": "weekly", "days": ["TH"], "cost": "paid", "fees": group.fees,
    }  # fmt: skip
    edit(cast.session, group, by=cast.cora, now=NOW, **values | parts)
    cast.session.commit()


def test_an_owners_change_waits_and_people_read_the_listing_as_it_was(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    session, cast = olive.session, olive.cast
    browser.sign_in(cast.otto)
    changed = form_of(choir, name="Ashby singers", fees="£2", cost="paid")
    for section in ("what", "who"):
        answer = browser.post(f"/groups/{choir.id}/edit/{section}", data=changed)
        assert answer.status_code == 302, answer.text
    assert (card(session)["name"], choir.standing) == ("Ashby choir", Standing.LISTED)
    [change] = waiting_changes(session, cast.cath)
    assert change.after == {"name": "Ashby singers", "fees": "£2"}
    assert change.before == {"name": "Ashby choir", "fees": "Free"}
    assert {letter.to for letter in olive.letters("change-waits")} == {
        "cath@example.org", "cora@example.org",
    }  # fmt: skip
    browser.post(f"/groups/{choir.id}/edit/who", data=changed)
    assert len(waiting_changes(session, cast.cath)) == 1, "a double click is one"
    assert takes(cast, change)
    assert (card(session)["name"], card(session)["cost"]) == ("Ashby singers", "£2")
    assert [letter.to for letter in olive.letters("change-decided")] == ["otto@example.org"]
    [revision] = session.exec(select(Revision).where(Revision.service_id == choir.id))
    assert (revision.cause, revision.change_id) == (RevisionCause.CHANGE, change.id)
    done = select(AuditEntry.action).where(AuditEntry.subject_id == change.id)
    assert list(session.exec(done)) == ["approved change"]


def test_those_who_run_it_are_confirmed_by_what_they_sent(cast: Cast, choir: Service) -> None:
    takes(cast, sends(cast, choir, {"fees": "£2"}))
    assert (choir.confirmed_at, choir.confirmed_by) == (NOW, "the people who run it")


def test_a_newer_change_takes_the_place_of_the_older_and_keeps_its_words(
    cast: Cast, choir: Service
) -> None:
    first = sends(cast, choir, {"fees": "£2", "access": "Ramp"})
    second = sends(cast, choir, {"fees": "£3"})
    cast.session.refresh(first)
    assert first.state is ChangeState.SUPERSEDED
    assert first.after == {"fees": "£2", "access": "Ramp"}, "and nothing of it is deleted"
    assert second.after == {"fees": "£3", "access": "Ramp"}
    assert waiting_changes(cast.session, cast.cath) == [second]


def test_two_authors_do_not_supersede_each_other(cast: Cast, choir: Service) -> None:
    sends(cast, choir, {"fees": "£2"})
    sends(cast, choir, {"fees": "£3"}, asker=Asker.CONTACT, by=None)
    assert len(waiting_changes(cast.session, cast.cath)) == 2


def test_operating_facts_count_at_once(cast: Cast, choir: Service) -> None:
    change = sends(cast, choir, {"welcomes": 3, "fees": "£2"})
    assert (choir.welcomes, choir.fees, change.after) == (3, "Free", {"fees": "£2"})


def test_an_address_is_hidden_at_once_and_shown_only_after_a_look(
    browser: Browser, session: Session, cast: Cast, choir: Service
) -> None:
    browser.sign_in(cast.otto)
    place = f"/groups/{choir.id}/edit/where/1"
    browser.post(place, data=place_of(choir, setting="hidden"))
    assert points(session) == []
    assert waiting_changes(session, cast.cath) == []
    browser.post(place, data=place_of(choir, setting="exact"))
    assert points(session) == []
    [change] = waiting_changes(session, cast.cath)
    assert "kept back would be shown" in service.review(session, change, today=NOW.date()).advice[0]


def test_parts_nobody_else_touched_apply_though_the_listing_moved_on(
    cast: Cast, choir: Service
) -> None:
    change = sends(cast, choir, {"fees": "£2"})
    edits(cast, choir, access="Steps at the front")
    assert takes(cast, change)
    assert (choir.fees, choir.access) == ("£2", "Steps at the front")


def test_an_author_who_saw_an_older_copy_takes_nothing_back(cast: Cast, choir: Service) -> None:
    opened = choir.version
    all_of_it = snapshot.parts_of(choir) | {"fees": "£2"}
    edits(cast, choir, access="Steps at the front")
    change = sends(cast, choir, all_of_it, made_on=opened)
    assert change.after == {"fees": "£2"}, "what they did not touch is not theirs to take back"


@pytest.mark.parametrize(("pick", "stands"), [("now", "£5"), ("suggested", "£2")])
def test_a_part_changed_twice_is_chosen_by_the_reviewer(
    browser: Browser, cast: Cast, choir: Service, pick: str, stands: str
) -> None:
    change = sends(cast, choir, {"fees": "£2", "languages": "Urdu"})
    edits(cast, choir, fees="£5")
    with pytest.raises(RuleBroken, match="Choose one"):
        takes(cast, change)
    cast.session.rollback()
    browser.sign_in(cast.cath)
    url = f"/changes/{change.id}"
    page = browser.get(url).text
    for words in (
        "As it was",
        "As it is now",
        "Suggested",
        "£5",
        "£2",
        "Somebody else has changed",
    ):
        assert words in page
    refused = browser.post(f"{url}/approve", data={"version": choir.version})
    assert refused.status_code == 422
    assert "Select which words stand for “Cost”" in refused.text
    browser.post(f"{url}/approve", data={"version": choir.version, "fees": pick})
    cast.session.refresh(choir)
    assert (choir.fees, choir.languages) == (stands, "Urdu")
    cast.session.refresh(change)
    assert change.after["fees"] == "£2", "words that were not taken stay in the request"


def test_a_listing_changed_since_the_reviewer_looked_is_looked_at_again(
    browser: Browser, cast: Cast, choir: Service
) -> None:
    change = sends(cast, choir, {"fees": "£2"})
    seen = choir.version
    edits(cast, choir, access="Ramp")
    browser.sign_in(cast.cath)
    page = browser.post(f"/changes/{change.id}/approve", data={"version": seen})
    assert page.status_code == 422
    assert "changed after you opened it" in page.text
    assert choir.fees == "Free"
    browser.post(f"/changes/{change.id}/approve", data={"version": choir.version})
    cast.session.refresh(choir)
    assert choir.fees == "£2"
    again = browser.post(
        f"/changes/{change.id}/approve", data={"version": choir.version}, follow_redirects=True
    )
    assert "Somebody has decided this already" in again.text


def test_two_places_with_other_times_count_as_a_save(cast: Cast, choir: Service) -> None:
    opened = choir.version
    edits(cast, choir, days=["FR"])
    assert choir.version > opened, "the next who saves over it must notice"


def test_sent_back_with_words_that_only_the_link_shows(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    cast = olive.cast
    change = sends(cast, choir, {"fees": "£2"})
    browser.sign_in(cast.cath)
    url = f"/changes/{change.id}/return"
    assert "Enter what to tell them" in browser.post(url, data={"message": " "}).text
    browser.post(url, data={"message": "It is free: I asked"})
    cast.session.refresh(change)
    assert (change.state, choir.fees) == (ChangeState.RETURNED, "Free")
    letter = olive.letters("change-decided")[-1]
    page = browser.get(f"/suggested/{letter.facts['token']}").text
    assert "It is free: I asked" in page
    sends(cast, choir, {"fees": "£2"})
    assert len(waiting_changes(cast.session, cast.cath)) == 1, "it may be sent again"


def test_an_owner_takes_back_only_their_own(browser: Browser, cast: Cast, choir: Service) -> None:
    mine = sends(cast, choir, {"fees": "£2"})
    theirs = sends(cast, choir, {"fees": "£3"}, asker=Asker.CONTACT, by=None)
    browser.sign_in(cast.otto)
    assert "waits for a champion" in browser.get("/your-groups").text
    assert browser.post(f"/your-groups/changes/{theirs.id}/withdraw").status_code == 404
    for _ in range(2):
        browser.post(f"/your-groups/changes/{mine.id}/withdraw")
    assert waiting_changes(cast.session, cast.cath) == [theirs]


@pytest.mark.parametrize(("name", "status"), [("dora", 404), ("otto", 403), ("mia", 403)])
def test_others_see_and_decide_nothing(
    browser: Browser, cast: Cast, choir: Service, name: str, status: int
) -> None:
    change = sends(cast, choir, {"fees": "£2"})
    browser.sign_in(getattr(cast, name))
    url = f"/changes/{change.id}"
    assert browser.get(url).status_code == status
    for verb in ("approve", "return"):
        data = {"message": "No", "version": choir.version}
        assert browser.post(f"{url}/{verb}", data=data).status_code == status
    if name == "dora":
        assert url not in browser.get("/changes", follow_redirects=True).text
    cast.session.refresh(change)
    assert change.state is ChangeState.WAITING


def test_old_and_new_stand_side_by_side_with_the_words_that_differ(
    browser: Browser, cast: Cast, choir: Service
) -> None:
    places = snapshot.parts_of(choir)["places"]
    times = snapshot.parts_of(choir)["times"]
    change = sends(
        cast,
        choir,
        {
            "summary": "Ashby choir: come as you like",
            "places": [places[0] | {"latitude": 53.62}],
            "times": [times[0] | {"byday": "FR"}],
            "phone": "01632 960222",
        },
    )
    browser.sign_in(cast.cath)
    page = browser.get(f"/changes/{change.id}").text
    assert f"/changes/{change.id}" in browser.get("/changes", follow_redirects=True).text
    for words in (
        '<del><span class="govuk-visually-hidden">[taken out: </span>are',
        '<ins><span class="govuk-visually-hidden">[put in: </span>like',
        "Every ", "Thursday", "Friday", "Next: Friday 11 September 2026",
        "The pin moves 1.1 km", "People would ring another number", "Otto",
    ):  # fmt: skip
        assert words in page, words


def test_a_champion_of_here_lets_it_go_there_and_they_look_again(
    cast: Cast, choir: Service
) -> None:
    change = sends(cast, choir, {"community_id": str(cast.elsewhere.id)})
    assert takes(cast, change)
    assert (choir.standing, choir.community_id) == (Standing.WAITING, cast.elsewhere.id)


def test_by_link_a_new_name_of_who_runs_it_is_this_groups_alone(cast: Cast, choir: Service) -> None:
    cast.service("Ashby walkers")
    change = sends(cast, choir, {"organization_name": "Choir people"}, asker=Asker.CONTACT, by=None)
    assert takes(cast, change)
    assert (choir.organization.name, cast.friends.name) == ("Choir people", "Friends of Ashby")


def test_nothing_private_is_on_the_list_or_in_the_mails(
    browser: Browser, olive: Olive, choir: Service
) -> None:
    change = sends(olive.cast, choir, {"venue_notes": "Key under the CANARY pot"})
    assert takes(olive.cast, change)
    assert CANARY not in browser.get(f"/groups/{choir.id}").text
    assert "CANARY" not in browser.get(f"/groups/{choir.id}").text
    token = olive.letters("change-decided")[-1].facts["token"]
    assert CANARY not in browser.get(f"/suggested/{token}").text
    listing = SQLModel.metadata.tables["listing"]
    published = olive.session.connection().execute(listing.select()).all()
    assert "CANARY" not in str(published)


def test_what_waits_for_a_closed_group_is_not_shown(cast: Cast, choir: Service) -> None:
    sends(cast, choir, {"fees": "£2"})
    service.close(cast.session, choir, by=cast.cath, now=NOW)
    assert waiting_changes(cast.session, cast.cath) == []
    assert len(cast.session.exec(select(ChangeRequest).order_by(col(ChangeRequest.id))).all()) == 1


def test_what_is_decided_stays_decided(cast: Cast, choir: Service) -> None:
    change = sends(cast, choir, {"fees": "£2"})
    takes(cast, change)
    session = cast.session
    assert not service.withdraw_change(session, change, by=cast.otto.id, now=LATER)
    assert not service.return_change(session, change, message="No", by=cast.cora, now=LATER)
    assert not takes(cast, change)
    assert (change.state, change.message) == (ChangeState.APPROVED, "")
