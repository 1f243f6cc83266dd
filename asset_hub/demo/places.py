"""The borough, its communities and practices, where their postcodes are, and who signs in."""

import json

from sqlmodel import Session

from asset_hub.accounts import service as accounts
from asset_hub.accounts.models import Account, ShownAs
from asset_hub.accounts.queries import DEMO
from asset_hub.communities import service as communities
from asset_hub.communities.models import Postcode, SchoolHoliday
from asset_hub.core.powers import SCOPE, Role
from asset_hub.demo.town import Town, Words

PASSWORD = "demo demo demo"  # noqa: S105 (meant to be known)
BUILT = 400  # days ago


def build(session: Session, town: Town) -> None:
    """Put up everything that does not move."""
    password_hash = accounts.hashed(PASSWORD)
    for words in town.places["account"]:
        town.accounts[words["key"]] = _account(session, town, words, password_hash)
    by, now = town.accounts["admin"].id, town.at(BUILT)
    borough = communities.put_borough(session, None, name=town.places["borough"], by=by, now=now)
    locality = communities.put_locality(
        session, None, name=town.places["locality"], borough_id=borough.id, by=by, now=now
    )
    for words in town.places["community"]:
        outline = {"type": "Polygon", "coordinates": [words["outline"]]}
        town.communities[words["slug"]] = row = communities.put_community(
            session,
            None,
            name=words["name"],
            boundary=json.dumps(outline),
            latitude=None,
            longitude=None,
            population=words["population"],
            steward=words["steward"],
            locality_id=locality.id,
            by=by,
            now=now,
        )
        row.slug, row.story = words["slug"], words["story"].strip()
        row.welcome, row.cover = words.get("welcome", ""), words.get("cover", "")
    for words in town.places["practice"]:
        town.practices[words["key"]] = communities.put_practice(
            session,
            None,
            **{name: words[name] for name in ("name", "ods_code", "postcode", "phone")},
            locality_id=locality.id,
            community_ids=[town.communities[slug].id for slug in words["communities"]],
            by=by,
            now=now,
        )
    _holidays(session, town)
    _locate(session, town.places)
    for words in town.places["account"]:
        _give(session, town, words)


# What a school holiday is called by the month in which it begins.
SEASONS = (
    "Christmas holiday", "February half term", "Easter holiday", "Easter holiday",
    "May half term", "Summer holiday", "Summer holiday", "Summer holiday",
    "Autumn half term", "Autumn half term", "Autumn half term", "Christmas holiday",
)  # fmt: skip


def _holidays(session: Session, town: Town) -> None:
    """Put the school holidays where they always lie ahead."""
    for words in town.places["holiday"]:
        slug = words.get("community")
        session.add(
            SchoolHoliday(
                community_id=town.communities[slug].id if slug else None,
                name=words.get("name") or SEASONS[town.day(-words["in"]).month - 1],
                starts_on=town.day(-words["in"]),
                ends_on=town.day(-words["in"] - words["lasts"] + 1),
            )
        )
    session.flush()


def _account(session: Session, town: Town, words: Words, password_hash: str) -> Account:
    now = town.at(BUILT)
    account = accounts.new_account(session, words["name"], words["key"] + DEMO, now=now)
    accounts.establish(session, account, name=words["name"], password_hash=password_hash, now=now)
    return account


def _give(session: Session, town: Town, words: Words) -> None:
    """Give an account its role, in each of its places."""
    if "role" not in words:
        return
    role = Role(words["role"])
    scope = SCOPE[role] or ""
    where = {
        "community_id": [town.communities[slug].id for slug in words.get("communities", ())],
        "practice_id": [town.practices[words["practice"]].id] if "practice" in words else [],
    }
    account = town.accounts[words["key"]]
    for place in [{scope: key} for key in where[scope]] if scope else [{}]:
        row = accounts.grant(session, account, role, place=place, by=None, now=town.at(BUILT))
        row.shown = ShownAs(words.get("shown", ShownAs.NOBODY))


def _locate(session: Session, places: Words) -> None:
    known = {code: (north, east) for code, (north, east) in places["home"].items()}
    known |= {code: (north, east) for _, _, code, north, east in places["venue"].values()}
    for code, (latitude, longitude) in known.items():
        outcode = code.split()[0]
        row = Postcode(code=code, outcode=outcode, latitude=latitude, longitude=longitude)
        session.merge(row)
    session.flush()
