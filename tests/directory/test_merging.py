"""Cora finds the choir listed twice and makes the two one; nobody who knew either is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, select

from asset_hub.accounts.models import Grant
from asset_hub.core import ids
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.core.outbox import Message
from asset_hub.core.powers import Role
from asset_hub.directory import jobs, queries, service
from asset_hub.directory.models import (
    Asks,
    ChangeRequest,
    ChangeState,
    Contact,
    DuplicateState,
    LinkFor,
    ListingLink,
    Location,
    Merge,
    Revision,
    RevisionCause,
    Schedule,
    Service,
    ServiceAtLocation,
    Sign,
    Signal,
    Standing,
    Step,
    Upkeep,
    Watch,
)
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.joining import Take
from tests.cast import NOW, TODAY, Cast
from tests.conftest import Browser

LISTING = SQLModel.metadata.tables["listing"]


class Choirs:
    """The choir, its double, and what hangs on the double."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast = session, cast
        topics = service.ensure_topics(session)
        self.kept, self.gone = cast.choir, cast.service("Ashby Choirs")
        self.kept.confirmed_at = NOW
        self.kept.terms = [topics["music"]]
        self.gone.terms = [topics["company"]]
        self.gone.fees = "£2"
        self.gone.description = "We sing on Thursdays"
        self.gone.contacts = [Contact(name="Oz", email="oz@choir.example")]
        for one, street in ((self.kept, "1 High Street"), (self.gone, "9 Mill Lane")):
            place = cast.add(
                Location(address_1=street, postal_code="AS1 1AA", latitude=53.6, longitude=-2.2)
            )
            one.places.append(ServiceAtLocation(location_id=place.id, location=place))
            one.schedules.append(Schedule(description=f"Most Thursdays at {street}"))
            one.schedules[0].location_id = place.id
        session.commit()
        for one in (self.kept, self.gone):
            service.publish(session, one, now=NOW)
        session.commit()
        jobs.find_doubles()
        self.pair = queries.pairs_of(session, self.kept)[self.gone.id]

    def merge(self, *, turned: bool = False, **choices: Take) -> Merge:
        kept, gone = (self.gone, self.kept) if turned else (self.kept, self.gone)
        done = service.merge(
            self.session, kept, gone, choices=choices, versions=(kept.version, gone.version),
            by=self.cast.cora, now=NOW,
        )  # fmt: skip
        self.session.commit()
        return done

    def parts(self) -> list[Any]:
        self.session.expire_all()
        return [snapshot.parts_of(one) for one in (self.kept, self.gone)]

    def found(self) -> set[str]:
        return set(self.session.connection().execute(select(LISTING.c.name)).scalars())


@pytest.fixture
def choirs(session: Session, cast: Cast) -> Choirs:
    return Choirs(session, cast)


def test_a_double_is_found_by_the_worker(choirs: Choirs) -> None:
    assert choirs.pair.state is DuplicateState.OPEN
    assert choirs.pair.reasons[:2] == ["the same name", "in the same place"]


def test_cora_sees_both_beside_each_other_and_merges_them(browser: Browser, choirs: Choirs) -> None:
    browser.sign_in(choirs.cast.cora)
    page = browser.get("/to-approve").text
    assert f"/duplicates/{choirs.pair.id}" in page
    page = browser.get(f"/duplicates/{choirs.pair.id}").text
    for words in ("the same name", "9 Mill Lane", "1 High Street", "olive@choir.example",
                  "oz@choir.example", "£2", "<mark>", "Monday 7 September 2026"):  # fmt: skip
        assert words in page, words
    seen = {"keep": choirs.kept.id, "kept_version": choirs.kept.version,
            "gone_version": choirs.gone.version, "take-description": "gone"}  # fmt: skip
    page = browser.post(
        f"/duplicates/{choirs.pair.id}/merge", data=seen, follow_redirects=True
    ).text
    assert "One listing now" in page
    assert "Undo: make them two again" in page
    choirs.session.expire_all()
    assert choirs.kept.description == "We sing on Thursdays"
    assert choirs.kept.fees == "£2", "it said nothing about the cost"
    assert choirs.kept.name == "Ashby choir"
    assert sorted(term.slug for term in choirs.kept.terms) == ["company", "music"]
    assert [at.location.address_1 for at in choirs.kept.places] == ["1 High Street", "9 Mill Lane"]
    where = {place.id: place.address_1 for place in snapshot.places_of(choirs.kept)}
    for time in choirs.kept.schedules:
        assert time.location_id
        assert time.description.endswith(where[time.location_id]), "each time keeps its place"
    assert choirs.found() == {"Ashby choir"}
    assert browser.get(f"/duplicates/{choirs.pair.id}").status_code == 302, "decided"


def test_the_old_address_leads_to_the_new_one(browser: Browser, choirs: Choirs) -> None:
    choirs.merge()
    answer = browser.get(f"/groups/{choirs.gone.id}")
    assert (answer.status_code, answer.location) == (301, f"/groups/{choirs.kept.id}")
    assert "max-age=3600" in answer.headers["Cache-Control"]
    poster = browser.get(f"/groups/{choirs.gone.id}/poster")
    assert poster.location == f"/groups/{choirs.kept.id}/poster"


def test_merges_follow_each_other(browser: Browser, choirs: Choirs) -> None:
    choirs.merge()
    last = choirs.cast.service("Ashby singers")
    choirs.session.commit()
    done = service.merge(
        choirs.session, last, choirs.kept, choices={}, by=choirs.cast.cora, now=NOW,
        versions=(last.version, choirs.kept.version),
    )  # fmt: skip
    choirs.session.commit()
    choirs.session.expire_all()
    assert browser.get(f"/groups/{choirs.gone.id}").location == f"/groups/{last.id}"
    assert set(queries.merged_here(choirs.session, last.id)) == {choirs.kept.id, choirs.gone.id}
    first = choirs.session.exec(select(Merge).where(Merge.gone_id == choirs.gone.id)).one()
    with pytest.raises(RuleBroken, match="Undo that first"):
        service.part(choirs.session, first, by=choirs.cast.cora, now=NOW)
    assert not service.part(choirs.session, done, by=choirs.cast.cora, now=NOW)
    assert not service.part(choirs.session, first, by=choirs.cast.cora, now=NOW)


def test_a_ring_of_merges_ends(choirs: Choirs) -> None:
    """The service makes none; a hand in the database might."""
    choirs.kept.standing = choirs.gone.standing = Standing.CLOSED
    choirs.kept.merged_into_id, choirs.gone.merged_into_id = choirs.gone.id, choirs.kept.id
    choirs.session.commit()
    choirs.session.expire_all()
    assert choirs.kept.stands_in.id == choirs.gone.id
    assert queries.merged_here(choirs.session, choirs.kept.id) == [choirs.gone.id]


def test_undone_both_are_exactly_what_they_were(browser: Browser, choirs: Choirs) -> None:
    before, proven = choirs.parts(), choirs.kept.contacts[0].proven_at
    done = choirs.merge(contact=Take.GONE, name=Take.GONE, places=Take.GONE)
    assert choirs.parts() != before
    browser.sign_in(choirs.cast.cath)
    page = browser.post(f"/merges/{done.id}/undo", follow_redirects=True).text
    assert "They are two listings again" in page
    assert choirs.parts() == before
    assert choirs.kept.contacts[0].proven_at == proven
    assert choirs.gone.standing is Standing.LISTED
    assert choirs.gone.merged_into_id is None
    assert choirs.found() == {"Ashby choir", "Ashby Choirs"}
    assert browser.get(f"/groups/{choirs.gone.id}").status_code == 200
    assert choirs.pair.state is DuplicateState.OPEN
    causes = choirs.session.exec(select(Revision.cause).order_by(col(Revision.number)))
    assert list(causes) == [RevisionCause.MERGE, RevisionCause.UNDO]


def test_what_was_changed_since_stays_and_is_said(browser: Browser, choirs: Choirs) -> None:
    done = choirs.merge()
    service.save_parts(
        choirs.session, choirs.kept, {"fees": "£5"}, by=choirs.cast.cora, now=NOW,
        version=choirs.kept.version,
    )  # fmt: skip
    choirs.session.commit()
    browser.sign_in(choirs.cast.cora)
    assert (
        "Changed since, and staying as it is now: cost." in browser.get(f"/merges/{done.id}").text
    )
    browser.post(f"/merges/{done.id}/undo")
    choirs.session.expire_all()
    assert choirs.kept.fees == "£5"
    assert choirs.kept.description == "", "what nobody touched is as before"


def test_after_thirty_days_it_stays(choirs: Choirs) -> None:
    done = choirs.merge()
    with pytest.raises(RuleBroken, match="longer than 30 days ago"):
        service.part(choirs.session, done, by=choirs.cast.cora, now=NOW + timedelta(days=30))
    choirs.session.rollback()
    assert service.may_part(done, NOW + timedelta(days=29))
    assert choirs.found() == {"Ashby choir"}


def hang_on(choirs: Choirs, email: str) -> None:
    gone, now = choirs.gone, NOW
    choirs.cast.add(Signal(service_id=gone.id, sign=Sign.ATTENDED, at=now, cause="a:1"))
    for one in ("new", "old"):
        choirs.cast.add(
            Watch(
                email_print=one,
                service_id=gone.id,
                digest=one,
                confirm_digest=f"c{one}",
                created_at=now,
            )
        )
    choirs.cast.add(
        Watch(
            email_print="old",
            service_id=choirs.kept.id,
            digest="there",
            confirm_digest="cthere",
            created_at=now,
        )
    )
    choirs.cast.add(Upkeep(service_id=gone.id, step=Step.ASKED, due_on=TODAY, since=now))
    choirs.cast.add(
        ListingLink(
            service_id=gone.id, purpose=LinkFor.KEEP, digest=ids.digest("keep"),
            expires_at=now + timedelta(days=100),
        )
    )  # fmt: skip
    gone.contacts[0].email, gone.contacts[0].proven_at = email, now
    choirs.kept.contacts[0].proven_at = now
    gone.alive_at = now
    choirs.session.commit()


@pytest.mark.parametrize(
    ("email", "leads"), [("OLIVE@choir.example", True), ("oz@choir.example", False)]
)
def test_what_led_to_the_one_that_went_leads_to_the_one_that_stayed(
    browser: Browser, choirs: Choirs, email: str, leads: bool
) -> None:
    hang_on(choirs, email)
    done = choirs.merge()
    session = choirs.session
    session.expire_all()
    assert session.exec(select(Signal.service_id)).one() == choirs.kept.id
    watched = session.exec(select(Watch.digest).where(Watch.service_id == choirs.kept.id)).all()
    assert set(watched) == {"new", "there"}, "nobody is told twice"
    assert session.get(Upkeep, choirs.gone.id) is None
    assert choirs.kept.alive_at == NOW
    page = browser.get("/list-a-group/keep/keep").text
    if leads:
        assert "Below is what Ashby choir has told us" in page
    else:
        assert "A champion has made the two one" in page
        assert f"/groups/{choirs.kept.id}/keep" in page
        assert "olive@choir.example" not in page
    service.part(session, done, by=choirs.cast.cora, now=NOW)
    session.commit()
    session.expire_all()
    assert session.exec(select(Signal.service_id)).one() == choirs.gone.id
    upkeep = session.get(Upkeep, choirs.gone.id)
    assert upkeep
    assert (upkeep.step, upkeep.due_on, upkeep.since) == (Step.ASKED, TODAY, NOW)
    assert choirs.kept.alive_at is None
    assert "Below is what Ashby Choirs has told us" in browser.get("/list-a-group/keep/keep").text


def test_whoever_listed_the_one_that_went_is_told(choirs: Choirs) -> None:
    done = choirs.merge()
    letter = choirs.session.exec(select(Message).where(Message.kind == "listing-merged")).one()
    assert letter.to == "oz@choir.example"
    said = service.mails.merged(choirs.session, dict(letter.facts))
    assert said
    assert said["kept"].name == "Ashby choir"
    service.part(choirs.session, done, by=choirs.cast.cora, now=NOW)
    assert service.mails.merged(choirs.session, dict(letter.facts)) is None, "not true any more"


def test_a_waiting_listing_goes_into_the_one_that_people_find(
    browser: Browser, choirs: Choirs
) -> None:
    new = choirs.cast.service("Ashby choir", standing=Standing.WAITING)
    choirs.session.commit()
    browser.sign_in(choirs.cast.cora)
    assert "ay be listed already" in browser.get(f"/to-approve/{new.id}").text
    answer = browser.post(f"/to-approve/{new.id}/compare", data={"other": choirs.kept.id})
    page = browser.get(answer.location).text
    assert "They are the same: merge them" in page
    with pytest.raises(RuleBroken, match="Keep the one that people can find"):
        service.merge(
            choirs.session, new, choirs.kept, choices={}, by=choirs.cast.cora, now=NOW,
            versions=(new.version, choirs.kept.version),
        )  # fmt: skip
    seen = {"keep": choirs.kept.id, "kept_version": choirs.kept.version,
            "gone_version": new.version}  # fmt: skip
    browser.post(f"{answer.location}/merge", data=seen)
    choirs.session.expire_all()
    assert (new.standing, new.merged_into_id) == (Standing.CLOSED, choirs.kept.id)
    done = choirs.session.exec(select(Merge)).one()
    service.part(choirs.session, done, by=choirs.cast.cora, now=NOW)
    assert new.standing is Standing.WAITING, "it waits as before, and was never listed"
    assert choirs.found() == {"Ashby choir", "Ashby Choirs"}


def test_a_suggested_change_is_decided_first(choirs: Choirs) -> None:
    choirs.cast.add(
        ChangeRequest(service_id=choirs.gone.id, made_on=1, asks=Asks.GONE, submitted_at=NOW)
    )
    choirs.session.commit()
    with pytest.raises(RuleBroken, match="First decide about a suggested change"):
        choirs.merge()


def test_what_nobody_has_proven_goes_with_the_listing_that_goes(choirs: Choirs) -> None:
    def unproven(service: Service, asks: Asks) -> ChangeRequest:
        state = ChangeState.UNPROVEN
        return choirs.cast.add(
            ChangeRequest(
                service_id=service.id, made_on=1, asks=asks, submitted_at=NOW, state=state
            )
        )

    claim, address = (unproven(choirs.gone, asks) for asks in (Asks.CLAIM, Asks.ADDRESS))
    other = unproven(choirs.kept, Asks.CLAIM)
    choirs.session.commit()
    choirs.merge()
    assert [claim.state, address.state] == [ChangeState.WITHDRAWN] * 2
    assert claim.decided_by_id == choirs.cast.cora.id
    assert other.state is ChangeState.UNPROVEN, "the one that stays keeps its own"


def test_words_that_changed_after_the_page_was_opened_are_not_merged_unseen(
    browser: Browser, choirs: Choirs
) -> None:
    browser.sign_in(choirs.cast.cora)
    seen = {"keep": choirs.kept.id, "kept_version": choirs.kept.version,
            "gone_version": choirs.gone.version}  # fmt: skip
    for one in (choirs.gone, choirs.kept):
        service.save_parts(
            choirs.session, one, {"summary": "New words"}, by=choirs.cast.cora, now=NOW,
            version=one.version,
        )  # fmt: skip
        choirs.session.commit()
        page = browser.post(f"/duplicates/{choirs.pair.id}/merge", data=seen)
        assert page.status_code == 422
        assert "was changed after you opened it" in page.text
        seen["gone_version"] = choirs.gone.version
    choirs.session.expire_all()
    assert choirs.gone.standing is Standing.LISTED


def test_they_are_different_is_remembered_until_both_are_others(
    browser: Browser, choirs: Choirs
) -> None:
    browser.sign_in(choirs.cast.cath)
    browser.post(f"/duplicates/{choirs.pair.id}/different")
    assert stands(choirs) is DuplicateState.DIFFERENT
    assert f"/duplicates/{choirs.pair.id}" not in browser.get("/to-approve").text
    say(choirs, choirs.gone, name="Ashby choir")
    assert stands(choirs) is DuplicateState.DIFFERENT
    say(choirs, choirs.gone, name="Glee club", places=[], times=[])
    say(choirs, choirs.kept, name="Glee Clubs", places=[], times=[])
    assert stands(choirs) is DuplicateState.OPEN
    audit = list(choirs.session.exec(select(AuditEntry.action)))
    assert audit.count("say different") == 1


def test_what_is_different_is_not_pointed_at_again(browser: Browser, choirs: Choirs) -> None:
    new = choirs.cast.service("Ashby choir", standing=Standing.WAITING)
    choirs.session.commit()
    browser.sign_in(choirs.cast.cora)
    assert "This may be listed already" in browser.get(f"/to-approve/{new.id}").text
    for other in (choirs.kept, choirs.gone):
        pair = service.compare(choirs.session, new, other, now=NOW)
        service.different(choirs.session, pair, by=choirs.cast.cora, now=NOW)
    choirs.session.commit()
    assert "This may be listed already" not in browser.get(f"/to-approve/{new.id}").text


def stands(choirs: Choirs) -> DuplicateState:
    choirs.session.expire_all()
    return choirs.pair.state


def say(choirs: Choirs, one: Service, **parts: Any) -> None:
    from asset_hub.directory.service.putting import put

    put(choirs.session, one, parts)
    choirs.session.commit()
    jobs.find_doubles()
    choirs.session.expire_all()


def test_different_can_be_taken_back(browser: Browser, choirs: Choirs) -> None:
    browser.sign_in(choirs.cast.cora)
    browser.post(f"/duplicates/{choirs.pair.id}/different")
    assert "two are different groups" in browser.get(f"/duplicates/{choirs.pair.id}").text
    browser.post(f"/duplicates/{choirs.pair.id}/again")
    choirs.session.expire_all()
    assert choirs.pair.state is DuplicateState.OPEN


def test_across_a_border_both_see_it_and_only_who_approves_in_both_merges(
    browser: Browser, choirs: Choirs
) -> None:
    cast, session = choirs.cast, choirs.session
    choirs.gone.community_id = cast.elsewhere.id
    choirs.gone.venue_notes = choirs.kept.venue_notes = "The key is under the mat"
    session.commit()
    for who, theirs in ((cast.cora, "oz@choir"), (cast.dora, "olive@choir")):
        browser.sign_in(who)
        page = browser.get(f"/duplicates/{choirs.pair.id}").text
        assert "another community" in page
        assert theirs not in page, "a private contact stays at home"
        assert "under the mat" not in page
        assert "They are the same: merge them" not in page
        seen = {"kept_version": choirs.kept.version, "gone_version": choirs.gone.version}
        answer = browser.post(f"/duplicates/{choirs.pair.id}/merge", data=seen)
        assert answer.status_code == 422
    cast.add(Grant(account_id=cast.dora.id, role=Role.CHAMPION, community_id=cast.ashby.id,
                   given_at=NOW))  # fmt: skip
    session.commit()
    session.expire_all()
    browser.sign_in(cast.dora)
    assert "They are the same: merge them" in browser.get(f"/duplicates/{choirs.pair.id}").text
    browser.post(f"/duplicates/{choirs.pair.id}/merge", data=seen)
    session.expire_all()
    assert {choirs.kept.standing, choirs.gone.standing} == {Standing.LISTED, Standing.CLOSED}


def test_strangers_to_both_see_neither(browser: Browser, choirs: Choirs) -> None:
    done = choirs.merge()
    browser.sign_in(choirs.cast.dora)
    for page in (f"/duplicates/{choirs.pair.id}", f"/merges/{done.id}"):
        assert browser.get(page).status_code == 404
    assert "Ashby" not in browser.get("/merges").text


def test_a_merged_listing_is_not_opened_again_by_another_way(
    browser: Browser, choirs: Choirs
) -> None:
    choirs.merge()
    with pytest.raises(RuleBroken, match="merged into another"):
        service.reopen(choirs.session, choirs.gone, by=choirs.cast.cora, now=NOW)
    browser.sign_in(choirs.cast.cora)
    assert "A champion can undo that" in browser.get(f"/groups/{choirs.gone.id}/stopped").text


def test_hostile_words_are_shown_as_they_are(browser: Browser, choirs: Choirs) -> None:
    choirs.gone.name = "<script>alert(1)</script> {{7*7}}"
    choirs.gone.summary = "</mark><img src=x onerror=alert(1)>"
    choirs.session.commit()
    browser.sign_in(choirs.cast.cora)
    page = browser.get(f"/duplicates/{choirs.pair.id}").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{7*7}}" in page
    done = choirs.merge(name=Take.GONE)
    assert (
        "<script>alert" not in browser.get(f"/merges/{done.id}").text + browser.get("/merges").text
    )


def letters(choirs: Choirs) -> list[str]:
    wanted = select(Message).where(Message.kind == "listing-merged")
    return sorted(letter.to for letter in choirs.session.exec(wanted))


def test_a_listing_with_a_public_address_does_not_take_the_others_contact_unasked(
    choirs: Choirs,
) -> None:
    choirs.kept.contacts, choirs.kept.email = [], "choir@ashby.example"
    choirs.session.commit()
    choirs.merge()
    assert queries.contact_email(choirs.kept) == "choir@ashby.example"
    assert letters(choirs) == ["oz@choir.example"]


def test_whoever_loses_the_mail_of_a_listing_is_told(choirs: Choirs) -> None:
    choirs.kept.contacts = [Contact(name="Olive", email="olive@choir.example")]
    choirs.session.commit()
    choirs.merge(contact=Take.GONE)
    assert queries.contact_email(choirs.kept) == "oz@choir.example"
    assert letters(choirs) == ["olive@choir.example", "oz@choir.example"]


def test_links_follow_only_where_both_had_one_proven_contact_before(choirs: Choirs) -> None:
    choirs.kept.contacts = [Contact(name="Olive", email="olive@choir.example", proven_at=NOW)]
    choirs.gone.contacts[0].proven_at = NOW
    link = ListingLink(
        service_id=choirs.gone.id, purpose=LinkFor.KEEP, digest=ids.digest("theirs"),
        expires_at=NOW + timedelta(days=400),
    )  # fmt: skip
    choirs.cast.add(link)
    choirs.session.commit()
    choirs.merge(contact=Take.GONE)
    choirs.session.refresh(link)
    assert link.service_id == choirs.gone.id, "it was never a link of the one that stays"


def test_the_choices_say_the_listings_names_and_the_list_has_the_undo(
    browser: Browser, choirs: Choirs
) -> None:
    signs = ((choirs.gone, Sign.ACCEPTED), (choirs.gone, Sign.REPORTED_GONE))
    for one, sign in signs:
        service.signal(choirs.session, one, sign, at=NOW, cause=sign)
    choirs.session.commit()
    browser.sign_in(choirs.cast.cora)
    page = browser.get(f"/duplicates/{choirs.pair.id}").text
    assert "The first\n" not in page
    assert "1 person welcomed, 1 report that it has gone" in page
    done = choirs.merge()
    assert f'action="/merges/{done.id}/undo"' in browser.get("/merges").text
    browser.post(f"/merges/{done.id}/undo")
    assert f'action="/merges/{done.id}/undo"' not in browser.get("/merges").text


def test_what_is_nobodys_is_taken_in_by_a_coordinator_and_not_by_a_champion(
    session: Session, cast: Cast
) -> None:
    stray = cast.service("Ashby Choirs")
    stray.community_id = None  # its private contact would come along
    session.commit()
    assert queries.may_merge(cast.cora, cast.choir, stray)
    assert not queries.may_merge(cast.cath, cast.choir, stray)
    assert not queries.may_merge(cast.dora, cast.choir, stray)
