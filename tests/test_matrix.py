"""Who may open what, executed: every address × everybody × one's own, another place's, nothing.

The table below is written by hand and read by a person; it is not derived from the labels in the
code. An address that is missing from it fails.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from asset_hub.accounts import service as accounts
from asset_hub.accounts.models import Account, Grant
from asset_hub.communities.models import Borough, Community, Locality, SchoolHoliday
from asset_hub.connections import service as connections
from asset_hub.connections.models import Connection, HelloWish, Route
from asset_hub.core.powers import Role
from asset_hub.directory import service as directory
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeRequest,
    Location,
    Merge,
    Organization,
    Photo,
    Revision,
    RevisionCause,
    Service,
    ServiceAtLocation,
    Standing,
)
from asset_hub.interop import service as imports
from asset_hub.interop.models import Stage
from asset_hub.people.models import AgreedHow, AgreedTo, Consent, Need, Person, PersonBlock
from asset_hub.privacy.models import OwnRequest, Wish
from asset_hub.volunteers import service as volunteers
from asset_hub.volunteers.models import Volunteer, Wants
from tests.cast import NOW, TODAY, Cast

OPEN = "open to everybody"
SIGNED_IN = "anybody with an account"


@dataclass(frozen=True)
class Door:
    """Who may, for what is Ashby's; who may, for what is Elsewhere's; who may for neither."""

    here: str
    there: str
    neither: str = ""


# Ben keeps Rose in Ashby, Dev keeps Tariq elsewhere. Nell navigates in Ashby, but keeps nobody.
KEEPING = Door("ben cora petra lee", "dev dora pip", "nell")
HELLOS = Door("ben nell cora", "dev dora")
GIVING = Door("cora lee", "dora")
APPROVING = Door("cath cora", "dora")
LISTING = Door("otto cath cora", "dora")
TEAM = Door("cora ada", "dora ada", "lee")  # the role and the invitation are a community's
WELCOMING = Door("cora", "dora")
TELLING = Door("cora ada", "dora ada")
RUNNING = Door("ada", "ada")
IMPORTING = Door("cora ada", "dora ada")
ANSWERING = Door("cora lee dee", "dora")
TOPICS = Door("cora dora ada", "cora dora ada")  # all communities share them

TABLE: dict[str, Door | str] = {
    "accounts.account": SIGNED_IN,
    "accounts.accounts": RUNNING,
    "accounts.add_passkey": SIGNED_IN,
    "accounts.again": SIGNED_IN,
    "accounts.ask_new_passkey": SIGNED_IN,
    "accounts.ask_passkey": OPEN,
    "accounts.authenticator": SIGNED_IN,
    "accounts.begin_authenticator": SIGNED_IN,
    "accounts.carry_on": SIGNED_IN,
    "accounts.check_mail": OPEN,
    "accounts.confirm": OPEN,
    "accounts.disable": RUNNING,
    "accounts.enable": RUNNING,
    "accounts.end_grant": TEAM,
    "accounts.end_others": SIGNED_IN,
    "accounts.end_session": SIGNED_IN,
    "accounts.forgotten": OPEN,
    "accounts.forgotten_sent": OPEN,
    "accounts.give_back": TEAM,
    "accounts.help_in": TEAM,
    "accounts.invitation": OPEN,
    "accounts.invite": TEAM,
    "accounts.lock_cover": OPEN,
    "accounts.locked": OPEN,
    "accounts.name": SIGNED_IN,
    "accounts.named": SIGNED_IN,
    "accounts.new_password": OPEN,
    "accounts.one": RUNNING,
    "accounts.passkey": SIGNED_IN,
    "accounts.password": SIGNED_IN,
    "accounts.recovery_codes": SIGNED_IN,
    "accounts.register": OPEN,
    "accounts.remove_authenticator": SIGNED_IN,
    "accounts.remove_passkey": SIGNED_IN,
    "accounts.roles": OPEN,
    "accounts.send_again": OPEN,
    "accounts.send_invitation_again": TEAM,
    "accounts.second": OPEN,
    "accounts.security": SIGNED_IN,
    "accounts.sign_in": OPEN,
    "accounts.sign_out": OPEN,
    "accounts.still_here": SIGNED_IN,
    "accounts.team": TEAM,
    "accounts.throw_away": SIGNED_IN,
    "accounts.withdraw": TEAM,
    "communities.accessibility": OPEN,
    "communities.add_borough": RUNNING,
    "communities.add_community": RUNNING,
    "communities.add_locality": RUNNING,
    "communities.add_practice": RUNNING,
    "communities.boundary": TELLING,
    "communities.change_borough": RUNNING,
    "communities.change_community": RUNNING,
    "communities.change_holiday": TELLING,
    "communities.change_locality": RUNNING,
    "communities.change_practice": RUNNING,
    "communities.delete_holiday": TELLING,
    "communities.edit": TELLING,
    "communities.holidays": TELLING,
    "communities.holidays_everywhere": RUNNING,
    "communities.index": OPEN,
    "communities.places": RUNNING,
    "communities.privacy": OPEN,
    "connections.alive": KEEPING,
    "connections.died": KEEPING,
    "connections.keep_out": KEEPING,
    "connections.let_in": KEEPING,
    "connections.need": KEEPING,
    "connections.settle": KEEPING,
    "connections.answer": KEEPING,
    "connections.ask": KEEPING,
    "connections.close": KEEPING,
    "connections.date": KEEPING,
    "connections.give": GIVING,
    "connections.index": KEEPING,
    "connections.keeper": GIVING,
    "connections.make": KEEPING,
    "connections.hello": OPEN,
    "connections.hello_asked": OPEN,
    "connections.hello_decline": HELLOS,
    "connections.hello_take": HELLOS,
    "connections.hello_take_back": OPEN,
    "connections.hellos": HELLOS,
    "connections.quick": KEEPING,
    "connections.reopen": KEEPING,
    "connections.reply": OPEN,
    "connections.show": KEEPING,
    "connections.slip": KEEPING,
    "connections.take_back": KEEPING,
    "connections.wait": KEEPING,
    "connections.withdraw": KEEPING,
    "core.livez": OPEN,
    "core.mailbox": OPEN,
    "core.readyz": OPEN,
    "core.version": OPEN,
    "directory.add_topic": TOPICS,
    "directory.address_link": OPEN,
    "directory.address_yes": OPEN,
    "directory.approve": APPROVING,
    "directory.away": LISTING,
    "directory.ask_again": APPROVING,
    "directory.change": OPEN,
    "directory.change_topic": TOPICS,
    "directory.at_places": LISTING,
    "directory.change_photo": LISTING,
    "directory.change_approve": APPROVING,
    "directory.change_return": APPROVING,
    "directory.change_still_runs": APPROVING,
    "directory.change_review": APPROVING,
    "directory.changes": APPROVING,
    "directory.check": OPEN,
    "directory.claim": OPEN,
    "directory.claim_now": SIGNED_IN,
    "directory.claim_link": OPEN,
    "directory.claim_sent": SIGNED_IN,
    "directory.claim_yes": OPEN,
    "directory.close": LISTING,
    "directory.come_back": LISTING,
    "directory.confirm": OPEN,
    "directory.could_not_reach": APPROVING,
    "directory.compare": APPROVING,
    "directory.different": APPROVING,
    "directory.duplicate": APPROVING,
    "directory.edit": LISTING,
    "directory.followed": OPEN,
    "directory.forget": OPEN,
    "directory.gone": OPEN,
    "directory.history": LISTING,
    "directory.keep": OPEN,
    "directory.keep_again": OPEN,
    "directory.keep_all": OPEN,
    "directory.keep_all_right": OPEN,
    "directory.keep_ask": OPEN,
    "directory.keep_away": OPEN,
    "directory.keep_change": OPEN,
    "directory.keep_come_back": OPEN,
    "directory.keep_history": OPEN,
    "directory.keep_mail": OPEN,
    "directory.keep_right": OPEN,
    "directory.keep_room": OPEN,
    "directory.keep_running": OPEN,
    "directory.keep_stopped": OPEN,
    "directory.heard": APPROVING,
    "directory.keep_undo": OPEN,
    "directory.keep_withdraw": OPEN,
    "directory.link": OPEN,
    "directory.mail_again": OPEN,
    "directory.merge": APPROVING,
    "directory.merged": APPROVING,
    "directory.merges": APPROVING,
    "directory.mine": LISTING,
    "directory.merge_topic": TOPICS,
    "directory.new_place": LISTING,
    "directory.other_address": OPEN,
    "directory.photo": OPEN,
    "directory.place": LISTING,
    "directory.not_us": OPEN,
    "directory.not_us_stop": OPEN,
    "directory.owner_withdraw": Door("otto", "", "cath cora dora"),
    "directory.poster": OPEN,
    "directory.queue": APPROVING,
    "directory.record": OPEN,
    "directory.remove_photo": LISTING,
    "directory.remove_place": LISTING,
    "directory.reopen": LISTING,
    "directory.restore_topic": TOPICS,
    "directory.retire_topic": TOPICS,
    "directory.review": APPROVING,
    "directory.known": APPROVING,
    "directory.room": LISTING,
    "directory.same_hall": APPROVING,
    "directory.same_people": APPROVING,
    "directory.section": LISTING,
    "directory.send_again": OPEN,
    "directory.send_back": APPROVING,
    "directory.sent": OPEN,
    "directory.show": OPEN,
    "directory.small_photo": OPEN,
    "directory.start": OPEN,
    "directory.step": OPEN,
    "directory.still_right": LISTING,
    "directory.stopped": LISTING,
    "directory.topic_history": TOPICS,
    "directory.topics": TOPICS,
    "directory.undo_topic_merge": TOPICS,
    "directory.waiting_photo": LISTING,
    "directory.where": LISTING,
    "directory.patch_mail": APPROVING,
    "directory.take_back_word": APPROVING,
    "directory.visited": APPROVING,
    "directory.undo_merge": APPROVING,
    "directory.suggest": OPEN,
    "directory.suggest_part": OPEN,
    "directory.take_back": OPEN,
    "directory.undo": LISTING,
    "directory.watch": OPEN,
    "directory.watch_begin": OPEN,
    "directory.watch_community": OPEN,
    "directory.watch_end": OPEN,
    "directory.watch_sent": OPEN,
    "directory.watch_stop": OPEN,
    "directory.watch_yes": OPEN,
    "followups.finish": KEEPING,
    "followups.introduce": KEEPING,
    "followups.more": KEEPING,
    "followups.record": KEEPING,
    "followups.today": KEEPING,
    "interop.add_feed": IMPORTING,
    "interop.again": IMPORTING,
    "interop.columns": IMPORTING,
    "interop.delete_feed": IMPORTING,
    "interop.drop": IMPORTING,
    "interop.feed": IMPORTING,
    "interop.go": IMPORTING,
    "interop.index": IMPORTING,
    "interop.patch_csv": IMPORTING,
    "interop.patch_xlsx": IMPORTING,
    "interop.pause_feed": IMPORTING,
    "interop.read_feed": IMPORTING,
    "interop.services_csv": OPEN,
    "interop.services_xlsx": OPEN,
    "interop.show": IMPORTING,
    "interop.skip": IMPORTING,
    "interop.undo": IMPORTING,
    "interop.upload": IMPORTING,
    "people.add": KEEPING,
    "people.agree": KEEPING,
    "people.edit": KEEPING,
    "people.find": KEEPING,
    "people.index": KEEPING,
    "people.matters": KEEPING,
    "people.show": KEEPING,
    "people.talk": KEEPING,
    "privacy.answer": ANSWERING,
    "privacy.erase": ANSWERING,
    "privacy.make_link": KEEPING,
    "privacy.own": OPEN,
    "privacy.own_again": OPEN,
    "privacy.own_ask": OPEN,
    "privacy.own_download": OPEN,
    "privacy.own_take_back": OPEN,
    "privacy.requests": ANSWERING,
    "search.booklet": OPEN,
    "search.asked_in_vain": APPROVING,
    "search.community": OPEN,
    "search.embed": OPEN,
    "search.embedded": OPEN,
    "search.code": OPEN,
    "search.find": OPEN,
    "search.find_geojson": OPEN,
    "search.find_json": OPEN,
    "search.group_calendar": OPEN,
    "search.home": OPEN,
    "search.map_to_print": OPEN,
    "search.patch": APPROVING,
    "search.places": OPEN,
    "search.poster": OPEN,
    "search.tile": OPEN,
    "search.shared": OPEN,
    "search.shared_keep": OPEN,
    "search.shared_print": OPEN,
    "search.shortlist": OPEN,
    "search.shortlist_clear": OPEN,
    "search.shortlist_down": OPEN,
    "search.shortlist_keep": OPEN,
    "search.shortlist_mail": OPEN,
    "search.shortlist_mailed": OPEN,
    "search.shortlist_put_back": OPEN,
    "search.shortlist_remove": OPEN,
    "search.shortlist_share": OPEN,
    "search.shortlist_up": OPEN,
    "search.topic_poster": OPEN,
    "search.whats_on": OPEN,
    "search.whats_on_ics": OPEN,
    "static": OPEN,
    "volunteers.apply": OPEN,
    "volunteers.decline": WELCOMING,
    "volunteers.index": WELCOMING,
    "volunteers.show": WELCOMING,
    "volunteers.thanks": OPEN,
    "volunteers.welcome": WELCOMING,
}
# These look at a listing that waits; the others at one that is listed.
OF_WAITING = {"directory.review", "directory.approve", "directory.send_back"}

OF_GONE = {"directory.change_still_runs"}  # about a report that a group has gone

SECRETS = re.compile(r'(nonce|value)="[^"]*"')  # new on every page
HERE, THERE, NOWHERE = "Ashby’s", "Elsewhere’s", "nothing"


class World:
    """The cast, what belongs to each place, and a way to ask as anybody without a trace."""

    def __init__(self, app: Flask, session: Session, connection: Any) -> None:
        self.app, self.session, self.connection = app, session, connection
        cast = Cast(session)
        self.people: dict[str, Account] = {
            name: value for name, value in vars(cast).items() if isinstance(value, Account)
        }
        self.people["nell"] = cast.account("Nell", Role.NAVIGATOR, cast.ashby)
        self.people["dee"] = cast.account("Dee", Role.DATA_PROTECTION, cast.surgery)
        self.people["gus"] = cast.account("Gus", Role.COORDINATOR, cast.ashby)
        session.commit()
        self.things = {
            HERE: self._here(cast),
            THERE: self._there(cast),
            NOWHERE: {},
        }
        self.tokens = {
            name: accounts.open_session(session, account, device="test", now=NOW)
            for name, account in self.people.items()
        }
        accounts.disable(session, self.people["gus"], by=cast.ada, now=NOW)
        session.commit()
        self.clients: dict[str, FlaskClient] = {}

    def _belongings(self, group: Service, by: Account) -> dict[str, str]:
        """Give a group a place and a photograph; return their addresses."""
        hall = Location(name="Hall", latitude=53.6, longitude=-2.2)
        group.places.append(ServiceAtLocation(location=hall, location_id=hall.id))
        photo = Photo(
            service_id=group.id, digest="d" * 64, jpeg=b"jpeg", small=b"jpeg", width=9, height=9,
            alt="Us", created_at=NOW, by_id=by.id,
        )  # fmt: skip
        self.session.add(photo)
        self.session.flush()
        group.photo_id = photo.id
        return {"digest": photo.digest, "photo_id": str(photo.id)}

    def _here(self, cast: Cast) -> dict[str, str]:
        directory.publish(self.session, cast.choir, now=NOW)
        waiting = cast.service("Ukuleles", standing=Standing.WAITING)
        rose = cast.person("Rose")
        made = self._connection(cast, rose, cast.choir, cast.ben)
        return self._place(cast, cast.ashby.slug, cast.ben, cast.cora) | {
            **self._known(rose, cast.mia, cast.ben),
            "connection_id": str(made.id),
            "service_id": str(cast.choir.id),
            "waiting_id": str(waiting.id),
            "community_id": str(cast.ashby.id),
            "practice_id": str(cast.surgery.id),
            "volunteer_id": self._offer(cast.ashby),
            "hello_id": self._hello(cast.choir),
            **self._import(cast.ashby, cast.cora),
            "topic_id": self._topic(cast, "music"),
            **self._belongings(cast.choir, cast.otto),
            **self._alike(cast, cast.ashby),
            **self._changed(cast.choir, cast.otto),
        }

    def _there(self, cast: Cast) -> dict[str, str]:
        folk = cast.add(Organization(name="Elsewhere folk"))
        band = cast.service("Elsewhere band", community=cast.elsewhere)
        waiting = cast.service("Elsewhere bees", community=cast.elsewhere)
        for one in (band, waiting):
            one.organization_id = folk.id
        waiting.standing = Standing.WAITING
        tariq = self._tariq(cast)
        made = self._connection(cast, tariq, band, cast.dev)
        return self._place(cast, cast.elsewhere.slug, cast.dev, cast.dora) | {
            **self._known(tariq, cast.mia, cast.dev),
            "connection_id": str(made.id),
            "service_id": str(band.id),
            "waiting_id": str(waiting.id),
            "community_id": str(cast.elsewhere.id),
            "practice_id": str(cast.other_surgery.id),
            "volunteer_id": self._offer(cast.elsewhere),
            "hello_id": self._hello(band),
            **self._import(cast.elsewhere, cast.dora),
            "topic_id": self._topic(cast, "dance"),
            **self._belongings(band, cast.dora),
            **self._alike(cast, cast.elsewhere),
            **self._changed(band, None),
        }

    def _place(
        self, cast: Cast, slug: str, keeper: Account, coordinator: Account
    ) -> dict[str, str]:
        """Return what every place has: a grant, an invitation, an account, a borough."""
        session = self.session
        grant = session.exec(select(Grant).where(Grant.account_id == keeper.id)).one()
        assert grant.community_id
        offer = accounts.invite(
            session,
            email=f"new@{slug}.example",
            name="New",
            role=Role.CHAMPION,
            place={"community_id": grant.community_id},
            by=coordinator,
            now=NOW,
        )
        borough = cast.add(Borough(name=f"Borough of {slug}"))
        locality = cast.add(Locality(name=f"{slug} and around", borough_id=borough.id))
        holiday = SchoolHoliday(
            community_id=grant.community_id, name="Easter", starts_on=TODAY, ends_on=TODAY
        )
        cast.add(holiday)
        return {
            "slug": slug,
            "grant_id": str(grant.id),
            "invitation_id": str(offer.id),
            "account_id": str(keeper.id),
            "borough_id": str(borough.id),
            "locality_id": str(locality.id),
            "holiday_id": str(holiday.id),
        }

    def _topic(self, cast: Cast, slug: str) -> str:
        return str(directory.ensure_topics(cast.session)[slug].id)

    def _changed(self, group: Service, owner: Account | None) -> dict[str, str]:
        """Return a change that waits, and one that was made."""
        change = directory.propose(
            self.session, group, {"fees": "£3"}, made_on=group.version,
            asker=Asker.OWNER if owner else Asker.VISITOR, by=owner, comment="", reply="",
            now=NOW, once=str(group.id),
        )  # fmt: skip
        revision = Revision(
            service_id=group.id, number=1, at=NOW, cause=RevisionCause.EDIT, version=1,
            before={"summary": "Old"}, after={"summary": group.summary},
        )  # fmt: skip
        gone = ChangeRequest(service_id=group.id, made_on=1, asks=Asks.GONE, submitted_at=NOW)
        self.session.add_all([revision, gone])
        self.session.flush()
        assert change
        return {
            "change_id": str(change.id),
            "gone_id": str(gone.id),
            "revision_id": str(revision.id),
        }

    def _offer(self, community: Community) -> str:
        email = f"vera@{community.slug}.example"
        volunteers.offer(
            self.session, community_id=community.id, name="Vera", email=email,
            wants=Wants.CHAMPION, address=email, now=NOW,
        )  # fmt: skip
        return str(self.session.exec(select(Volunteer.id).where(Volunteer.email == email)).one())

    def _hello(self, group: Service) -> str:
        asked = connections.ask_for_hello(
            self.session, group, name="Jo", phone="01632 960111", email="", safe_contact="",
            wish=HelloWish.CALL, matters="", request_key=f"hello-{group.id}", address="",
            today=TODAY, now=NOW,
        )  # fmt: skip
        return str(asked.id)

    def _alike(self, cast: Cast, community: Community) -> dict[str, str]:
        """Return two listings that may be one, and one that went into another."""
        one, other, gone = (
            cast.service(f"{community.name} bowls {n}", community=community) for n in range(3)
        )
        for each in (one, other, gone):
            each.organization_id = cast.add(Organization(name="Bowlers")).id
        pair = directory.compare(self.session, one, other, now=NOW)
        gone.standing, gone.merged_into_id = Standing.CLOSED, one.id
        before: dict[str, Any] = {
            "standing": "listed", "parts": {}, "after": {}, "contact_proven_at": None,
            "alive_at": [None, None], "moved": {}, "upkeep": None,
        }  # fmt: skip
        done = cast.add(Merge(kept_id=one.id, gone_id=gone.id, at=NOW, before=before))
        self.session.commit()
        return {"duplicate_id": str(pair.id), "merge_id": str(done.id)}

    def _import(self, community: Community, by: Account) -> dict[str, str]:
        feed = imports.add_feed(
            self.session, community_id=community.id, name="Council", url="https://feed.example/",
            days=7, by=by.id, now=NOW,
        )  # fmt: skip
        run = imports.start(
            self.session, io.BytesIO(b"Name"), file_name="a.csv", source="Clubs",
            community_id=community.id, by=by.id, now=NOW, once=f"run of {community.slug}",
        )  # fmt: skip
        assert run is not None
        run.stage, run.sample = Stage.MAPPING, {"header": ["Name"], "rows": []}
        self.session.add(run)
        return {"run_id": str(run.id), "number": "1", "feed_id": str(feed.id)}

    def _tariq(self, cast: Cast) -> Person:
        tariq = Person(
            community_id=cast.elsewhere.id,
            practice_id=cast.other_surgery.id,
            owner_id=cast.dev.id,
            added_by_id=cast.dev.id,
            created_at=NOW,
        )
        tariq.name, tariq.phone = "Tariq", "01632 960888"
        cast.add(tariq)
        for what in AgreedTo:
            cast.add(
                Consent(
                    person_id=tariq.id, agreed_to=what, wording="1", how=AgreedHow.SPOKEN,
                    asked_by_id=cast.dev.id, given_at=NOW,
                )
            )  # fmt: skip
        return tariq

    def _known(self, person: Person, neighbour: Account, by: Account) -> dict[str, str]:
        """Keep somebody out of a person, who has died and had a need; return their addresses."""
        block = PersonBlock(
            person_id=person.id, account_id=neighbour.id, by_id=by.id, made_at=NOW
        )  # fmt: skip
        need = Need(person_id=person.id, topic="company", by_id=by.id, noted_at=NOW)
        asked = OwnRequest(
            person_id=person.id, community_id=person.community_id, practice_id=person.practice_id,
            request_key=f"asked-{person.id}", wish=Wish.ERASE, asked_at=NOW, due_on=TODAY,
        )  # fmt: skip
        self.session.add_all([block, need, asked])
        person.died_on, person.no_contact = TODAY, True
        self.session.flush()
        self.session.expire(person, ["blocks"])
        ids = {
            "person_id": person.id, "block_id": block.id, "need_id": need.id,
            "request_id": asked.id,
        }  # fmt: skip
        return {name: str(value) for name, value in ids.items()}

    def _connection(self, cast: Cast, person: Person, service: Service, by: Account) -> Connection:
        return connections.make(
            self.session, person, service, by=by, request_key=f"key-{person.id}", reason="",
            message="Hello", topic="", route=Route.NAVIGATOR, how=AgreedHow.SPOKEN,
            today=TODAY, now=NOW,
        )  # fmt: skip

    def address(self, endpoint: str, place: str) -> str:
        """Return the endpoint's address for a thing of a place."""
        things = self.things[place]
        rule = next(r for r in self.app.url_map.iter_rules() if r.endpoint == endpoint)
        values: dict[str, Any] = {}
        for part in rule.arguments:
            name = "waiting_id" if part == "service_id" and endpoint in OF_WAITING else part
            name = "gone_id" if name == "change_id" and endpoint in OF_GONE else name
            unknown: Any = str(uuid4()) if part.endswith("_id") else f"no-such-{part}"
            numbers = dict.fromkeys(("number", "zoom", "column", "row"), 1)
            unknown = ({"section": "what"} | numbers).get(part, unknown)
            values[part] = things.get(name, unknown)
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def ask(self, who: str, method: str, address: str) -> TestResponse:
        """Ask as somebody, and undo whatever came of it."""
        client = self.clients.get(who) or self._client(who)
        before = self.connection.begin_nested()
        response = client.open(address, method=method)
        self.session.rollback()
        self.session.expunge_all()
        before.rollback()
        if "Set-Cookie" in response.headers:
            self.clients.pop(who, None)  # it may have been signed out
        return response

    def _client(self, who: str) -> FlaskClient:
        client = self.clients[who] = self.app.test_client()
        if who in self.tokens:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = self.tokens[who]
        return client


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    patch = pytest.MonkeyPatch()
    patch.setattr("asset_hub.core.clock.now", lambda: NOW)
    before, app.test_client_class = app.test_client_class, FlaskClient
    with app.extensions["engine"].connect() as connection:
        landing = connection.begin()
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        session = Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        patch.setattr("asset_hub.core.db.session", lambda: session)
        patch.setattr("asset_hub.core.db.engine", lambda: _Here(connection))
        with app.app_context():
            made = World(app, session, connection)
        yield made
        session.close()
        landing.rollback()
    patch.undo()
    app.test_client_class = before


class _Here:
    """An engine that only knows this connection."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.dialect = connection, connection.dialect

    def connect(self) -> "_Here":
        return self

    def __enter__(self) -> Any:
        return self.connection

    def __exit__(self, *_: object) -> None:
        pass


def verdict(response: TestResponse) -> str:
    """Return what an answer means to whoever asked."""
    to_sign_in = response.status_code == 302 and "/sign-in" in response.headers["Location"]
    if response.status_code == 401 or to_sign_in:
        return "sign in"
    if response.status_code >= 500:
        return f"broken: {response.status_code}"
    return {403: "refused", 404: "not there"}.get(response.status_code, "in")


def expected(door: Door | str, who: str, place: str, *, named: bool) -> set[str]:
    """Return what somebody should be answered, from the table alone."""
    if door == OPEN:
        return {"in", "not there"} if named else {"in"}
    if who in {"nobody", "gus"}:
        return {"sign in"}
    if door == SIGNED_IN:
        return {"in", "not there"} if named else {"in"}
    assert isinstance(door, Door)
    here, there, neither = (set(names.split()) for names in (door.here, door.there, door.neither))
    if who not in here | there | neither:
        return {"refused"}
    if not named:
        return {"in"}
    return {"in"} if who in {HERE: here, THERE: there, NOWHERE: set()}[place] else {"not there"}


def endpoints() -> list[str]:
    return sorted(TABLE)


def test_every_address_is_in_the_table(app: Flask) -> None:
    assert set(app.view_functions) == set(TABLE)


@pytest.mark.parametrize("endpoint", endpoints())
def test_everybody_gets_what_the_table_says(world: World, endpoint: str) -> None:
    rules = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint == endpoint]
    named = bool(rules[0].arguments)
    wrong = []
    for method in sorted({m for rule in rules for m in rule.methods or ()} & {"GET", "POST"}):
        for place in (HERE, THERE, NOWHERE) if named else (HERE,):
            address = world.address(endpoint, place)
            for who in ["nobody", *world.people]:
                found = verdict(world.ask(who, method, address))
                wanted = expected(TABLE[endpoint], who, place, named=named)
                if found not in wanted:
                    wrong.append(f"{who} {method} {place}: {found}, not {' or '.join(wanted)}")
    assert not wrong, "\n".join(wrong)


def test_the_matrix_would_notice_a_door_left_open(world: World) -> None:
    """Rose's page as Mia is refused; were the label gone, the verdict would differ."""
    response = world.ask("mia", "GET", world.address("people.show", HERE))
    assert verdict(response) == "refused"
    assert "Rose" not in response.text


def test_a_stranger_cannot_tell_what_is_there_from_what_is_not(world: World) -> None:
    """The page for another place's person and for no person are the same but for the number."""
    pages = [
        world.ask("dev", "GET", world.address("people.show", place)) for place in (HERE, NOWHERE)
    ]
    told = [page.text.replace(page.headers["X-Request-Id"], "") for page in pages]
    assert len({SECRETS.sub("", page) for page in told}) == 1
