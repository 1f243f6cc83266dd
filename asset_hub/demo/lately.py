"""What has happened lately: pictures, room, days off, what visitors said, a file that waits."""

import io
import json
from datetime import date, timedelta
from hashlib import sha256

from sqlmodel import Session, select

from asset_hub.core import ids
from asset_hub.demo.groups import champion_of
from asset_hub.demo.town import PICTURES, Town, Words
from asset_hub.directory import service as listing
from asset_hub.directory.models import Away, Watch
from asset_hub.interop import service as imports

NETWORK = "192.0.2.{}"  # kept for examples


def happen(session: Session, town: Town, words: Words) -> None:
    """Let it all happen."""
    for key, alt in words["photo"].items():
        _show(session, town, key, alt)
    for key, answers in words["room"].items():
        _welcome(session, town, key, answers)
    for key, days in words["away"].items():
        for in_days, lasts, kind, reason in days:
            first = town.today + timedelta(in_days)
            _close(session, town, key, kind, reason, first, first + timedelta(lasts - 1))
    _hear(session, town, words)
    for one in words["watch"]:
        _watch(session, town, one)
    listing.look(session, [service.id for service in town.services.values()], now=town.now)
    _send_a_file(session, town, words["import"])


def _show(session: Session, town: Town, key: str, alt: str) -> None:
    group, now = town.services[key], town.at(30)
    by = champion_of(town, group)
    picture = listing.drawn_anew((PICTURES / f"{key}.jpg").read_bytes())
    photo = listing.keep_photo(
        session, group, picture=picture, alt=alt, credit="drawn for this demonstration",
        by=by, now=now,
    )  # fmt: skip
    parts = {"photo_id": str(photo.id)}
    listing.save_parts(session, group, parts, by=by, now=now, version=group.version)


def _welcome(session: Session, town: Town, key: str, answers: Words) -> None:
    group = town.services[key]
    until = town.today + timedelta(answers["in"]) if "in" in answers else None
    said = {"welcomes": None, "full_until": until} | answers
    by = champion_of(town, group)
    listing.welcome(session, group, said, by=by, today=town.today, now=town.at(5))


def _close(
    session: Session, town: Town, key: str, kind: str, reason: str, first: date, last: date
) -> None:
    group = town.services[key]
    listing.go_away(
        session, group, by=champion_of(town, group), now=town.at(4), kind=Away(kind),
        starts_on=first, ends_on=last, reason=reason,
    )  # fmt: skip


def _hear(session: Session, town: Town, words: Words) -> None:
    """Keep what visitors suggest, and that one of them found nobody."""
    for number, one in enumerate(words["suggestion"], 1):
        listing.suggest(
            session, town.services[one["group"]], one["parts"], comment=one["comment"], reply="",
            once=ids.token(), address=NETWORK.format(number), author=f"visitor {number}",
            now=town.at(one["ago"]),
        )  # fmt: skip
    for number, one in enumerate(words["report"], 101):
        listing.report_gone(
            session, town.services[one["group"]], reason=one["reason"],
            found_out=one["found_out"], comment=one["comment"], reply="", once=ids.token(),
            address=NETWORK.format(number), now=town.at(one["ago"]),
        )  # fmt: skip


def _watch(session: Session, town: Town, one: Words) -> None:
    community = town.communities.get(one.get("community", ""))
    of = community or town.services[one["group"]]
    now = town.at(20)
    listing.watch(session, of, email=one["email"], address=NETWORK.format(200), now=now)
    for watch in session.exec(select(Watch)):
        listing.begin_watching(session, watch, now=now)


def _send_a_file(session: Session, town: Town, words: Words) -> None:
    """Send a file that the worker looks at as soon as it runs; its report waits for a yes."""
    services = [_as_open_referral(town, one) for one in words["service"]]
    content = json.dumps(services).encode()
    imports.start(
        session, io.BytesIO(content), file_name=words["file"], source=words["source"],
        community_id=town.communities[words["community"]].id,
        by=town.accounts["coordinator"].id, now=town.at(words["ago"]),
        once=sha256(content).hexdigest(),
    )  # fmt: skip


def _as_open_referral(town: Town, one: Words) -> Words:
    at = {venue[0]: venue for venue in town.places["venue"].values()}.get(one.get("where", ""))
    place = {"name": at[0], "latitude": at[3], "longitude": at[4]} if at else {}
    return {
        "id": one["id"], "name": one["name"], "description": one["description"],
        "email": one.get("email", ""),
        "phones": [{"number": one["phone"]}] if "phone" in one else [],
        "service_at_locations": [{"location": place}] if place else [],
    }  # fmt: skip
