"""Two topics become one, and two again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from asset_hub.communities.models import Postcode
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import (
    ListingDraft,
    Location,
    Revision,
    Service,
    ServiceAtLocation,
    Standing,
    TopicMove,
)
from asset_hub.directory.service import retagging
from asset_hub.directory.service.putting import put
from tests.cast import NOW, Cast
from tests.conftest import Browser
from tests.directory.answers import STEPS, fill_in

MONTH = timedelta(days=30)


class Desk:
    """Cora's work with topics, and what it did to Ashby's listings."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast = session, cast
        self.terms = service.ensure_topics(session)
        self.groups: dict[str, Service] = {}
        session.commit()

    def group(self, name: str, *slugs: str, not_for: tuple[str, ...] = ()) -> Service:
        made = self.groups[name] = self.cast.service(name)
        made.terms = [self.terms[slug] for slug in slugs]
        made.not_for = [self.terms[slug] for slug in not_for]
        service.publish(self.session, made, now=NOW)
        self.session.commit()
        return made

    def merge(self, gone: str, kept: str) -> None:
        service.merge_topic(
            self.session, self.terms[gone], self.terms[kept], by=self.cast.cora, now=NOW
        )
        self.session.commit()
        self.carry_on()

    def carry_on(self) -> None:
        for _ in range(3):
            service.carry_on(self.session, now=NOW)
        self.session.commit()

    def undo(self, gone: str, *, after: timedelta = timedelta(days=1)) -> bool:
        done = service.undo_merge(
            self.session, self.terms[gone], by=self.cast.cora, now=NOW + after
        )
        self.session.commit()
        self.carry_on()
        return done

    def topics(self, name: str) -> list[str]:
        group = self.groups[name]
        self.session.refresh(group, ["terms", "not_for"])
        return sorted([t.slug for t in group.terms] + [f"!{t.slug}" for t in group.not_for])

    def found(self, browser: Browser, asked: str) -> list[str]:
        return sorted(
            one["name"] for one in browser.get(f"/find.json?{asked}").get_json()["results"]
        )


@pytest.fixture
def desk(session: Session, cast: Cast) -> Desk:
    return Desk(session, cast)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retagging, "BATCH", 2)


def test_listings_get_the_kept_topic_and_old_links_find_them(desk: Desk, browser: Browser) -> None:
    desk.group("Steady", "falls", "music")
    desk.group("Gym", "moving")
    desk.group("Both", "falls", "moving")
    browser.sign_in(desk.cast.cora)
    url = f"/topics/{desk.terms['falls'].id}"
    assert "2 listings" in browser.get(f"{url}/merge").text
    kept = {"kept_id": str(desk.terms["moving"].id), "version": str(desk.terms["falls"].version)}
    answer = browser.post(f"{url}/merge", data=kept)
    assert answer.location == f"/topics/{desk.terms['moving'].id}"

    assert desk.topics("Steady") == ["moving", "music"]
    assert desk.topics("Both") == ["moving"]
    for slug in ("falls", "moving"):
        assert desk.found(browser, f"topic={slug}") == ["Both", "Gym", "Steady"]
        page = browser.get(f"/find?topic={slug}").text
        assert "Support for Getting moving" in page
    page = browser.get(url).text
    assert "It was merged into" in page
    assert "Undo the merge" in page
    assert "Steady on your feet" in browser.get(answer.location).text
    assert "Took another topic in" in browser.get(f"{answer.location}/history").text
    assert "Steady on your feet" not in browser.get(f"/groups/{desk.cast.choir.id}/edit/who").text


def test_a_merge_of_topics_stands_in_each_listings_history(desk: Desk, browser: Browser) -> None:
    steady = desk.group("Steady", "falls", "music")
    both = desk.group("Both", "falls", not_for=("falls",))
    desk.merge("falls", "moving")
    browser.sign_in(desk.cast.cora)
    page = browser.get(f"/groups/{steady.id}/history").text
    assert "Cora made one of its topics another for every listing" in page
    assert "Undo this" not in page, "the merge itself is undone, for all at once"
    [first] = revisions(desk, steady)
    assert (first.before, first.after) == (
        {"topics": ["falls", "music"]}, {"topics": ["moving", "music"]},
    )  # fmt: skip
    assert [list(one.after) for one in revisions(desk, both)] == [["topics"], ["not_for"]]
    with pytest.raises(RuleBroken):
        service.undo(desk.session, steady, first, by=desk.cast.cora, now=NOW)
    desk.undo("falls")
    assert [one.after for one in revisions(desk, steady)] == [first.after, first.before]
    assert revisions(desk, steady)[-1].by_id == desk.cast.cora.id


def test_an_older_change_of_topics_is_not_undone_over_a_merge(desk: Desk) -> None:
    steady = desk.group("Steady", "music")
    parts = {"topics": ["falls", "music"]}
    service.save_parts(
        desk.session, steady, parts, by=desk.cast.cora, now=NOW, version=steady.version
    )
    desk.session.commit()
    [added] = revisions(desk, steady)
    desk.merge("falls", "moving")
    done = service.undo(desk.session, steady, added, by=desk.cast.cora, now=NOW)
    assert (done.put_back, done.left) == ([], ["topics"])


def revisions(desk: Desk, service: Service) -> list[Revision]:
    desk.session.expire_all()
    wanted = select(Revision).where(Revision.service_id == service.id)
    return list(desk.session.exec(wanted.order_by(col(Revision.number))))


def test_undoing_gives_it_back_to_those_who_had_it(desk: Desk, browser: Browser) -> None:
    desk.group("Steady", "falls")
    desk.group("Gym", "moving")
    desk.group("Both", "falls", "moving")
    desk.merge("falls", "moving")
    browser.sign_in(desk.cast.dora)
    url = f"/topics/{desk.terms['falls'].id}"
    assert browser.post(f"{url}/undo").location == url
    assert [desk.topics(name) for name in ("Steady", "Gym", "Both")] == [
        ["falls"], ["moving"], ["falls", "moving"],
    ]  # fmt: skip
    assert desk.found(browser, "topic=falls") == ["Both", "Steady"]
    assert desk.found(browser, "topic=moving") == ["Both", "Gym"]
    assert not desk.session.exec(select(TopicMove)).all()
    assert "Its merge was undone" in browser.get(f"{url}/history").text
    assert browser.post(f"{url}/undo").status_code == 302, "a second press does nothing"
    assert desk.topics("Gym") == ["moving"]


def test_whoever_took_the_kept_topic_off_since_is_left_alone(desk: Desk) -> None:
    group = desk.group("Steady", "falls", "music")
    desk.merge("falls", "moving")
    desk.session.refresh(group, ["terms"])
    group.terms = [desk.terms["music"]]
    desk.session.commit()
    desk.undo("falls")
    assert desk.topics("Steady") == ["music"]


def test_whom_a_group_is_not_for_follows_too(desk: Desk, browser: Browser) -> None:
    desk.group("Pub quiz", "games", not_for=("children",))
    desk.group("Any", "games")
    desk.merge("children", "under-18s")
    assert desk.topics("Pub quiz") == ["!under-18s", "games"]
    for slug in ("children", "under-18s"):
        assert desk.found(browser, f"topic=games&for={slug}") == ["Any"]
    desk.undo("children")
    assert desk.topics("Pub quiz") == ["!children", "games"]


def test_a_job_does_the_rest_a_few_listings_at_a_time(
    desk: Desk, browser: Browser, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Group {n}" for n in range(9)]
    for name in names:
        desk.group(name, "falls")
    desk.merge("falls", "moving")
    moved = [name for name in names if desk.topics(name) == ["moving"]]
    assert 0 < len(moved) < 9, "the press of the button does not wait for all of them"
    monkeypatch.setattr(jobs, "MOST_STEPS", 1)
    jobs.follow_topics()
    monkeypatch.setattr(jobs, "MOST_STEPS", 500)
    jobs.follow_topics()
    jobs.follow_topics()
    assert all(desk.topics(name) == ["moving"] for name in names)
    assert desk.found(browser, "topic=moving") == names
    assert not service.carry_on(desk.session, now=NOW)

    desk.undo("falls")
    jobs.follow_topics()
    assert all(desk.topics(name) == ["falls"] for name in names)
    assert desk.found(browser, "topic=falls") == names


def test_undoing_before_the_job_is_through_loses_nothing(desk: Desk, small: None) -> None:
    names = [f"Group {n}" for n in range(9)]
    for name in names:
        desk.group(name, "falls")
    desk.merge("falls", "moving")
    desk.undo("falls")
    jobs.follow_topics()
    assert all(desk.topics(name) == ["falls"] for name in names)


def test_a_listing_closed_meanwhile_stays_closed(desk: Desk, browser: Browser) -> None:
    group = desk.group("Steady", "falls")
    service.close(desk.session, group, by=None, now=NOW)
    desk.session.commit()
    desk.merge("falls", "moving")
    assert group.standing is Standing.CLOSED
    assert desk.found(browser, "topic=moving") == []
    service.reopen(desk.session, group, by=None, now=NOW)
    desk.session.commit()
    assert desk.found(browser, "topic=falls") == ["Steady"]


def test_one_merge_after_the_other_leads_to_the_last(desk: Desk, browser: Browser) -> None:
    desk.group("Steady", "falls")
    desk.merge("falls", "moving")
    desk.merge("moving", "eating-well")
    assert desk.topics("Steady") == ["eating-well"]
    assert desk.found(browser, "topic=falls") == ["Steady"]
    offer = queries.offer(desk.session)
    assert offer.now(["falls", "moving", "sleep"]) == ["eating-well", "sleep"]
    with pytest.raises(RuleBroken, match="Undo that merge first"):
        desk.undo("falls")
    desk.session.rollback()
    desk.undo("moving")
    desk.undo("falls")
    assert desk.topics("Steady") == ["falls"]


def test_people_go_on_saying_the_words_of_what_was_merged(desk: Desk) -> None:
    desk.merge("falls", "moving")
    [moving] = [t for t in queries.offer(desk.session).topics if t.slug == "moving"]
    assert {"wobbly", "get fit", "Steady on your feet"} <= set(moving.words)


@pytest.mark.parametrize(
    ("gone", "kept", "said"),
    [
        ("falls", "falls", "another topic"),
        ("falls", "music", "same kind"),
        ("falls", "gambling", "no longer in use"),
        ("diabetes", "moving", "merged already"),
        ("sleep", "diabetes", "no longer in use"),
    ],
)
def test_what_cannot_be_merged_is_refused(desk: Desk, gone: str, kept: str, said: str) -> None:
    service.retire_topic(desk.session, desk.terms["gambling"], by=desk.cast.cora, now=NOW)
    desk.merge("diabetes", "eating-well")
    with pytest.raises(RuleBroken, match=said):
        desk.merge(gone, kept)


def test_only_topics_of_its_kind_are_offered_to_merge_into(desk: Desk, browser: Browser) -> None:
    browser.sign_in(desk.cast.cora)
    page = browser.get(f"/topics/{desk.terms['men'].id}/merge").text
    assert "Women" in page
    assert "Grief and loss" not in page
    data = {"kept_id": str(desk.terms["grief"].id), "version": "1"}
    assert browser.post(f"/topics/{desk.terms['men'].id}/merge", data=data).status_code == 422


def test_a_merge_can_be_undone_for_thirty_days(desk: Desk) -> None:
    desk.merge("falls", "moving")
    with pytest.raises(RuleBroken, match="30 days"):
        desk.undo("falls", after=MONTH)
    desk.session.rollback()
    assert desk.undo("falls", after=MONTH - timedelta(minutes=1))


def test_a_name_taken_meanwhile_stops_the_undoing_with_words(desk: Desk, browser: Browser) -> None:
    desk.merge("falls", "moving")
    browser.sign_in(desk.cast.cora)
    taken = {"name": "Steady on your feet", "kind": "access", "words": ""}
    assert browser.post("/topics/add", data=taken).status_code == 302
    page = browser.post(f"/topics/{desk.terms['falls'].id}/undo")
    assert page.status_code == 422
    assert "There is a topic with this name already" in page.text


def test_a_merged_topic_can_be_neither_changed_nor_retired(desk: Desk) -> None:
    desk.merge("falls", "moving")
    for verb in (service.retire_topic, service.restore_topic):
        with pytest.raises(RuleBroken):
            verb(desk.session, desk.terms["falls"], by=desk.cast.cora, now=NOW)


def test_a_page_opened_before_the_merge_saves_the_kept_topic(
    desk: Desk, browser: Browser, cast: Cast, session: Session
) -> None:
    fill_in(browser, cast, help_with=["falls", "smoking"], setting="none")
    desk.merge("falls", "moving")
    service.retire_topic(session, desk.terms["smoking"], by=cast.cora, now=NOW)
    session.commit()
    page = browser.get("/list-a-group/about").text
    assert 'value="moving" checked' in page
    who: dict[str, Any] = STEPS["about"] | {"help_with": ["falls"]}
    assert browser.post("/list-a-group/about", data=who).status_code == 302
    [draft] = session.exec(select(ListingDraft))
    assert draft.answers["about"]["help_with"] == ["moving"]


def test_answers_kept_before_a_merge_are_sent_as_it_is_now(
    desk: Desk, browser: Browser, cast: Cast, session: Session
) -> None:
    cast.add(Postcode(code="AS1 1AA", outcode="AS1", latitude=53.61234, longitude=-2.21234))
    session.commit()
    fill_in(browser, cast, help_with=["falls", "smoking"], setting="none")
    desk.merge("falls", "moving")
    service.retire_topic(session, desk.terms["smoking"], by=cast.cora, now=NOW)
    session.commit()
    assert browser.post("/list-a-group/check").status_code == 302
    made = session.exec(select(Service).where(Service.name == "Lunch club")).one()
    assert [term.slug for term in made.terms] == ["moving", "step-free"]


def test_an_edit_begun_before_a_merge_ends_as_it_is_now(desk: Desk, session: Session) -> None:
    group = desk.group("Steady", "falls")
    assert [term.slug for term in group.terms] == ["falls"], "which the session remembers"
    falls, moving = desk.terms["falls"], desk.terms["moving"]
    service.merge_topic(session, falls, moving, by=desk.cast.cora, now=NOW)
    service.carry_on(session, now=NOW)
    put(session, group, {"topics": ["falls", "music"], "not_for": ["men"]})
    assert desk.topics("Steady") == ["!men", "moving", "music"]


def test_a_topic_of_people_in_danger_hides_the_address_when_it_comes_by_a_merge(
    browser: Browser, desk: Desk
) -> None:
    gone = "worry"  # a need, as "safety" is
    group = desk.group("Ashby evenings", gone)
    place = desk.cast.add(Location(address_1="77 Canary Row", postal_code="AS1 1AA"))
    group.places.append(ServiceAtLocation(location_id=place.id, location=place))
    service.publish(desk.session, group, now=NOW)
    desk.session.commit()
    assert "77 Canary" in browser.get(f"/groups/{group.id}").text
    service.merge_topic(
        desk.session, desk.terms[gone], desk.terms["safety"], by=desk.cast.cora, now=NOW
    )
    desk.session.commit()
    desk.carry_on()
    assert desk.topics("Ashby evenings") == ["safety"]
    assert "77 Canary" not in browser.get(f"/groups/{group.id}").text
