"""Answers of somebody still listing a group: kept at every step, found again by a token."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.core import ids, throttle
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries
from asset_hub.directory.models import ListingDraft, ListingLink
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.answers import Answers
from asset_hub.directory.rules.current import answers_of, say_degrees

MOST_BEGUN = 30  # drafts an hour from one network: a library has many readers, a script no end


def keep(
    session: Session,
    token: str | None,
    step: str,
    values: Mapping[str, Any],
    *,
    now: datetime,
    address: str = "",
) -> tuple[str, dict[str, Answers]]:
    """Keep the answers of one step; return the draft's token (a new one at first) and answers.

    Raises RuleBroken at the field whose answer does not fit the others. `address` is where the
    request came from; a network may begin 30 drafts an hour.
    """
    draft = queries.draft(session, token, now=now)
    if draft is None or draft.submitted_at:
        if address:
            _count(session, address, now)
        token, draft = ids.token(), ListingDraft(digest="", updated_at=now)
        draft.digest = ids.digest(token)
    packed = of.pack(values)
    of.must_add_up(packed)
    before = of.in_steps(draft.answers)
    if others := before.get(step, {}).get("others"):
        packed["others"] = others  # times that the step does not ask about, only shows
    answers = before | {step: packed}
    if step == of.WHERE:
        answers[step] = packed | located(session, packed["postcode"])
        _forget_moved_pin(draft.answers, answers)
    if step == of.PIN:
        answers[step] = pinned(session, packed, answers[of.WHERE])
    of.must_keep_the_secret(_only(step, answers))
    draft.answers, draft.updated_at = answers, now
    session.add(draft)
    session.flush()
    assert token is not None
    return token, answers


def _count(session: Session, address: str, now: datetime) -> None:
    who, per = throttle.network(address), timedelta(hours=1)
    throttle.hit(session, "begin-a-listing", who, limit=MOST_BEGUN, per=per, now=now)


def located(session: Session, postcode: str) -> Answers:
    """Return where a postcode is, as answers; nothing known leaves the coordinates empty."""
    place = communities.locate(session, postcode) if postcode else None
    if place is None:
        return {"latitude": "", "longitude": "", "exact": False}
    return {
        "latitude": say_degrees(place.latitude),
        "longitude": say_degrees(place.longitude),
        "exact": place.exact,
    }


def pinned(session: Session, pin: Answers, where: Answers) -> Answers:
    """Return the pin's answers with the coordinates they stand for."""
    if pin["point"] == "pin":
        of.must_be_pinned(pin)
        return pin
    if pin["point"] == "centre":
        middle = session.get(Community, UUID(where["community_id"]))
        latitude, longitude = (middle.latitude, middle.longitude) if middle else (None, None)
        return pin | {"latitude": say_degrees(latitude), "longitude": say_degrees(longitude)}
    if pin["point"] == "near":
        return pin | _near(session, pin.get("nearby") or "")
    return pin | {"latitude": where["latitude"], "longitude": where["longitude"]}


def _near(session: Session, postcode: str) -> Answers:
    """Return roughly where it is by a neighbour's postcode; refuse one that nobody knows."""
    if not postcode:
        raise RuleBroken("Enter a postcode nearby", field="nearby")
    found = located(session, postcode)
    if not found["latitude"]:
        raise RuleBroken("We do not know this postcode. Try another one nearby.", field="nearby")
    return {"latitude": found["latitude"], "longitude": found["longitude"]}


def _forget_moved_pin(old: Mapping[str, Answers], new: dict[str, Answers]) -> None:
    """Ask for the pin again when the postcode it stood in for is another one."""
    if old.get(of.WHERE, {}).get("postcode") != new[of.WHERE]["postcode"]:
        new.pop(of.PIN, None)


def _only(step: str, answers: dict[str, Answers]) -> Answers:
    """Return one step's answers beside the address that they must not give away."""
    where = answers.get(of.WHERE, {})
    secret = {name: where.get(name) for name in ("setting", "postcode", "address_1")}
    return secret | answers[step]


def begin_change(session: Session, link: ListingLink, *, now: datetime) -> str:
    """Open a draft that holds a service's answers, for its lister to change; return its token."""
    token, service = ids.token(), link.service
    draft = ListingDraft(
        digest=ids.digest(token),
        answers=answers_of(service),
        updated_at=now,
        service_id=service.id,
        link_id=link.id,
        service_version=service.version,
    )
    if not of.needs_pin(draft.answers[of.WHERE]):
        draft.answers.pop(of.PIN)
    session.add(draft)
    session.flush()
    return token


def forget(session: Session, draft: ListingDraft) -> None:
    """Delete a draft and every answer in it."""
    session.delete(draft)
    session.flush()
