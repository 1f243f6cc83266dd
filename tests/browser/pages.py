"""Every page of the demo place: its address, and who opens it."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from sqlmodel import Session, col, select
from werkzeug.routing import Rule

from asset_hub.accounts import service as accounts
from asset_hub.accounts.models import (
    Account,
    Grant,
    Invitation,
    MailedLink,
    Purpose,
    SignIn,
)
from asset_hub.communities.models import Borough, Community, Locality, Practice, SchoolHoliday
from asset_hub.connections.models import Connection, Hello, ReplyLink, State
from asset_hub.core import db, ids
from asset_hub.core.powers import Role
from asset_hub.directory import service as directory
from asset_hub.directory.models import (
    Asker,
    Asks,
    ChangeLink,
    ChangeLinkFor,
    ChangeRequest,
    ChangeState,
    Duplicate,
    DuplicateState,
    LinkFor,
    ListingLink,
    Merge,
    Service,
    ServiceAtLocation,
    Standing,
    TaxonomyTerm,
    Watch,
)
from asset_hub.directory.service import watching
from asset_hub.interop import service as imports
from asset_hub.interop.models import Feed, ImportRun, Stage
from asset_hub.interop.run import working
from asset_hub.people.models import Person
from asset_hub.privacy.models import OwnLink, OwnRequest, Wish
from asset_hub.search.shortlist import service as shortlist
from asset_hub.search.shortlist.codes import said
from asset_hub.volunteers.models import Volunteer
from tests.browser.site import Site
from tests.cast import NOW
from tests.test_matrix import OPEN, RUNNING, TABLE

NO_PAGE = {
    "accounts.lock_cover", "accounts.still_here",
    "accounts.passkey",  # looked at in test_second_step.py: who has one signs in by it
    "core.livez", "core.mailbox", "core.readyz", "core.version", "search.find_geojson",
    "search.find_json", "search.places", "search.tile", "static",
    "directory.photo", "directory.record", "directory.small_photo",
    "directory.waiting_photo", "privacy.own_again",
    "search.group_calendar", "search.whats_on_ics",
    "interop.services_csv", "interop.services_xlsx", "interop.patch_csv", "interop.patch_xlsx",
}  # fmt: skip
NOBODY, COORDINATOR, ADMIN = "nobody", "coordinator", "admin"
WANTS = {  # pages that are about a connection which has come so far
    "connections.reopen": State.CLOSED,
    "followups.introduce": State.ACCEPTED,
    "followups.record": State.INTRODUCED,
    "followups.finish": State.SETTLED,
}
STANDS = {"directory.review": Standing.WAITING, "directory.stopped": Standing.CLOSED}
STEPS = ("what", "where", "when", "who", "about", "join")
SECTIONS = ("what", "when", "who", "join")
PARTS = ("name", "when", "where", "cost", "contact", "join", "other")
PARTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "directory.step": ("step", STEPS),
    "directory.section": ("section", SECTIONS),
    "directory.suggest_part": ("part", PARTS),
}
LINKS = {  # pages behind a link about a change
    "directory.followed": (ChangeLinkFor.FOLLOW, Asks.CHANGE),
    "directory.claim_link": (ChangeLinkFor.PROVE, Asks.CLAIM),
    "directory.address_link": (ChangeLinkFor.PROVE, Asks.ADDRESS),
    "directory.not_us": (ChangeLinkFor.STOP, Asks.ADDRESS),
}
MORE = {
    NOBODY: [
        "/communities/tarn-end/booklet",
        "/topics/company/poster?community=canalside",
        "/topics/smoking/poster?community=tarn-end",
        "/whats-on?community=canalside&span=weekend&letters=large",
        "/whats-on?near=AV1+1EP&within=1&topic=company&free=1",
        "/whats-on?near=QQ1+1QQ",
        "/s?code=nonsense",
        "/find?q=singing&near=AV1+1EP&within=3",
        "/find?view=map&topic=company",
        "/find?q=xylophone",
        "/find?q=my+husband+hit+me+again",
        "/find?near=QQ1+1QQ",
        "/find?pin=choose",
        "/communities/tarn-end",
        "/no-such-page",
    ],
    COORDINATOR: [
        "/my-patch?community=tarn-end&from=AV3+1YZ",
        "/today?who=all",
        "/connections?show=all",
        "/connect?q=dad+keeps+forgetting+things&about=memory",
        "/connect?q=xylophone",
        "/accounts",
    ],
    ADMIN: ["/find?view=map&near=AV2+1AB"],
}


def opened_by(endpoint: str) -> str:
    """Return who looks at a page: nobody in particular, the administrator or the coordinator."""
    door = TABLE[endpoint]
    return NOBODY if door == OPEN else ADMIN if door == RUNNING else COORDINATOR


def addresses(site: Site, who: str) -> list[str]:
    """Return the address of every page that somebody opens, once."""
    with site.app.app_context(), db.transaction():
        found = list(_addresses(site.app, who))
    return [*dict.fromkeys([*found, *MORE[who]])]


def _addresses(app: Flask, who: str) -> Iterator[str]:
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
            skip = rule.endpoint in NO_PAGE or "GET" not in (rule.methods or ())
            if skip or opened_by(rule.endpoint) != who:
                continue
            if rule.endpoint in PARTED:
                yield from _parted(rule)
                continue
            yield url_for(
                rule.endpoint, **{part: _thing(rule.endpoint, part) for part in rule.arguments}
            )
            if rule.endpoint in {"connections.make", "connections.quick"}:
                values = {"person_id": _thing("", "person_id")} if rule.arguments else {}
                yield url_for(rule.endpoint, service=_thing("", "service_id"), **values)


def _parted(rule: Rule) -> Iterator[str]:
    """Yield the address of each part of a page that has several."""
    name, values = PARTED[rule.endpoint]
    fixed: dict[str, Any] = {
        part: _thing(rule.endpoint, part) for part in rule.arguments if part != name
    }
    yield from (url_for(rule.endpoint, **{**fixed, name: value}) for value in values)


def _thing(endpoint: str, part: str) -> Any:
    """Return something of the demo place that the address can be about."""
    session = db.session()
    if part == "token":
        return _token(endpoint)
    if part in MAKES:
        return MAKES[part](session)
    if part in {"slug", "number"}:
        slug = "company" if endpoint == "search.topic_poster" else "canalside"
        return {"slug": slug, "number": 1}[part]
    if part in _ONES:
        return session.exec(_ONES[part](endpoint)).first()
    kinds: dict[str, Any] = {
        "account_id": Account, "borough_id": Borough, "locality_id": Locality,
        "practice_id": Practice, "sign_in_id": SignIn,
        "invitation_id": Invitation, "volunteer_id": Volunteer, "topic_id": TaxonomyTerm,
        "feed_id": Feed, "request_id": OwnRequest,
    }  # fmt: skip
    return session.exec(select(kinds[part].id)).first()


def _a_community(endpoint: str) -> Any:
    wanted = select(Community.id)
    return wanted.where(Community.slug == "tarn-end") if endpoint == "directory.known" else wanted


def _a_connection(endpoint: str) -> Any:
    state = WANTS.get(endpoint, State.INTRODUCED)
    return select(Connection.id).where(Connection.state == state)


def _a_service(endpoint: str) -> Any:
    standing = STANDS.get(endpoint, Standing.LISTED)
    wanted = select(Service.id).where(Service.standing == standing)
    wanted = wanted.where(col(Service.community_id).is_not(None))
    placed = endpoint in {"directory.place", "directory.remove_place"}
    return wanted.join(ServiceAtLocation) if placed else wanted


def _a_run(endpoint: str) -> Any:
    stage = Stage.MAPPING if endpoint == "interop.columns" else Stage.READY
    return select(ImportRun.id).where(ImportRun.stage == stage)


_ONES: dict[str, Callable[[str], Any]] = {
    "community_id": _a_community,
    "connection_id": _a_connection,
    "person_id": lambda _: select(Connection.person_id),
    "service_id": _a_service,
    "change_id": lambda _: select(ChangeRequest.id).where(
        ChangeRequest.state == ChangeState.WAITING
    ),
    "run_id": _a_run,
    "hello_id": lambda _: select(Hello.id),
    "grant_id": lambda _: select(Grant.id).where(Grant.role == Role.NAVIGATOR),
    "holiday_id": lambda _: select(SchoolHoliday.id).where(
        col(SchoolHoliday.community_id).is_not(None)
    ),
}
KEEPING = {
    "directory.keep", "directory.keep_all", "directory.keep_away", "directory.keep_history",
    "directory.keep_room",
}  # fmt: skip


def _listed(session: Session) -> list[Service]:
    """Return groups of the place that the coordinator looks after."""
    where = select(Community.id).where(Community.slug == "canalside").scalar_subquery()
    wanted = select(Service).where(
        Service.standing == Standing.LISTED, Service.community_id == where
    )  # fmt: skip
    return list(session.exec(wanted.order_by(col(Service.name))))


def _compare(session: Session) -> Any:
    wanted = select(Duplicate.id).where(Duplicate.state == DuplicateState.OPEN)
    if found := session.exec(wanted).first():
        return found
    one, other, *_ = _listed(session)
    return directory.compare(session, one, other, now=NOW).id


def _merge(session: Session) -> Any:
    """Make two listings one that no other page is about."""
    if found := session.exec(select(Merge.id)).first():
        return found
    kept, gone = _listed(session)[-2:]
    by = session.exec(select(Account).where(Account.email == "coordinator@demo.example")).one()
    return directory.merge(
        session, kept, gone, choices={}, versions=(kept.version, gone.version), by=by, now=NOW
    ).id


def _share(session: Session) -> str:
    keys = [one.id for one in _listed(session)[:4]]
    return said(shortlist.share(session, keys, address="192.0.2.1", now=NOW))


MAKES = {"duplicate_id": _compare, "merge_id": _merge, "code": _share}


ANY_ONE: dict[str, Any] = {
    "accounts.invitation": Invitation,
    "connections.hello_asked": Hello,
    "privacy.own": OwnLink,
}


def _token(endpoint: str) -> str:
    """Put a token we know on a mailed link of the kind that the page is for."""
    session, token = db.session(), ids.token()
    row: Any
    if endpoint == "connections.reply":
        asked = Connection.state == State.SENT
        row = session.exec(select(ReplyLink).join(Connection).where(asked)).first()
    elif endpoint == "directory.link":
        unsure = Service.standing == Standing.UNCONFIRMED
        row = session.exec(select(ListingLink).join(Service).where(unsure)).first()
    elif endpoint in LINKS:
        wanted, asks = LINKS[endpoint]
        of = select(ChangeLink).join(ChangeRequest).where(ChangeRequest.asks == asks)
        row = session.exec(of.where(ChangeLink.purpose == wanted)).first()
    elif endpoint in {"directory.watch_begin", "directory.watch_stop"}:
        purpose_of = "begin" if endpoint == "directory.watch_begin" else "stop"
        unproven = select(Watch).where(col(Watch.confirmed_at).is_(None))
        return watching.token_of(session.exec(unproven).one(), purpose_of)
    elif endpoint in KEEPING:
        lasting = ListingLink.purpose == LinkFor.KEEP
        row = session.exec(select(ListingLink).where(lasting).order_by(col(ListingLink.id))).first()
        if row and endpoint != "directory.keep":  # a link of its own: each has one token
            row = ListingLink(
                service_id=row.service_id,
                purpose=LinkFor.KEEP,
                digest="",
                expires_at=row.expires_at,
            )
    elif endpoint in ANY_ONE:
        row = session.exec(select(ANY_ONE[endpoint])).first()
    else:
        purpose = Purpose.CONFIRM if endpoint == "accounts.confirm" else Purpose.RESET
        row = session.exec(select(MailedLink).where(MailedLink.purpose == purpose)).first()
    assert row is not None, endpoint
    row.digest = ids.digest(token)
    session.add(row)
    session.flush()
    return token


def send_some_links(site: Site) -> None:
    """Ask for what the demo place has none of: a registration, a reset, an invitation."""
    with site.app.app_context(), db.transaction() as session:
        named = {account.email.split("@")[0]: account for account in session.exec(select(Account))}
        accounts.register(
            session, name="Newcomer", email="new@people.example", password="a long enough one",
            now=site.now,
        )  # fmt: skip
        accounts.ask_reset(session, email=named["member"].email, now=site.now)
        where = session.exec(select(Community).where(Community.slug == "canalside")).one()
        accounts.invite(
            session, email="kit@people.example", name="Kit", role=Role.CHAMPION,
            place={"community_id": where.id}, by=named["coordinator"], now=site.now,
        )  # fmt: skip
        _send_changes(site, named["member"], where)
        _ask_about_oneself(session, where, named["coordinator"], site)
        _send_some_files(session, where, named["coordinator"], site)
    with site.app.app_context():
        working.work()


def _ask_about_oneself(session: Session, where: Community, by: Account, site: Site) -> None:
    """Give somebody a link of their own, and let them ask to be erased."""
    person = session.exec(select(Person).where(Person.community_id == where.id)).first()
    assert person
    session.add(
        OwnLink(
            person_id=person.id, digest="", made_by_id=by.id, made_at=site.now,
            expires_at=site.now + timedelta(days=30),
        )
    )  # fmt: skip
    asked = OwnRequest(
        person_id=person.id, community_id=where.id, practice_id=person.practice_id,
        request_key="asked", wish=Wish.ERASE, asked_at=site.now, due_on=site.now.date(),
    )  # fmt: skip
    asked.words = "I have moved away and am well looked after."
    session.add(asked)
    session.flush()


def _send_changes(site: Site, member: Account, where: Community) -> None:
    """Suggest, report and claim; ask for another address, and to be told."""
    session, now = db.session(), site.now
    group = session.exec(
        select(Service).where(
            Service.standing == Standing.LISTED, Service.community_id == where.id
        )
    ).first()  # fmt: skip
    assert group is not None
    here: dict[str, Any] = {"address": "192.0.2.1", "now": now}
    parts = {"fees": "£2, the first visit is free", "when_words": "Every Friday, 10am to noon"}
    directory.suggest(
        session, group, parts, comment="I was there last week.",
        reply="", once=ids.token(), author="one", **here,
    )  # fmt: skip
    directory.report_gone(
        session, group, reason="nobody", found_out="Last Tuesday", comment="All was dark.",
        reply="", once=ids.token(), **here,
    )  # fmt: skip
    contact = {"name": "Nia Moss", "email": "nia@people.example", "phone": ""}
    directory.propose(
        session, group, {"contact": contact, "summary": f"{group.summary} and cake"},
        made_on=group.version, asker=Asker.CONTACT, by=None, comment="", reply="", now=now,
        once="contact",
    )  # fmt: skip
    directory.claim(session, group, by=member, comment="I lead it", once=ids.token(), now=now)
    directory.watch(session, group, email="wanda@people.example", **here)


def _send_some_files(session: Session, where: Community, by: Account, site: Site) -> None:
    """Send a sheet that asks for its columns, and a feed that was looked at."""
    feed = [
        {"id": str(n), "name": f"Club {n}", "description": "We row on the canal." * n,
         "email": "nowhere" if n == 2 else "", "service_at_locations": [{"location": {
             "name": "Boathouse", "latitude": 53.6, "longitude": -2.2}}]}
        for n in range(1, 4)
    ]  # fmt: skip
    files = {"clubs.csv": b"Name of club,Phone\nRowers,01632 960001\n",
             "council.json": json.dumps([*feed, {"id": "no name"}]).encode()}  # fmt: skip
    for name, content in files.items():
        imports.start(
            session, io.BytesIO(content), file_name=name, source=name, community_id=where.id,
            by=by.id, now=site.now, once=name,
        )  # fmt: skip
    imports.add_feed(
        session, community_id=where.id, name="Council", url="https://feed.example/services",
        days=7, by=by.id, now=site.now,
    )  # fmt: skip
