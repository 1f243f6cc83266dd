"""Answers of somebody still listing a group: kept at every step, found again by a token."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from asset_hub.communities import queries as communities
from asset_hub.communities.models import Community
from asset_hub.core import ids
from asset_hub.directory import queries
from asset_hub.directory.models import ListingDraft, Service
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules.answers import Answers
from asset_hub.directory.rules.current import answers_of, say_degrees


def keep(
    session: Session, token: str | None, step: str, values: Mapping[str, Any], *, now: datetime
) -> tuple[str, dict[str, Answers]]:
    """Keep the answers of one step; return the draft's token (a new one at first) and answers.

    Raises RuleBroken at the field whose answer does not fit the others.
    """
    draft = queries.draft(session, token, now=now)
    if draft is None or draft.submitted_at:
        token, draft = ids.token(), ListingDraft(digest="", updated_at=now)
        draft.digest = ids.digest(token)
    packed = of.pack(values)
    of.must_add_up(packed)
    answers = {**draft.answers, step: packed}
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
    return pin | {"latitude": where["latitude"], "longitude": where["longitude"]}


def _forget_moved_pin(old: Mapping[str, Answers], new: dict[str, Answers]) -> None:
    """Ask for the pin again when the postcode it stood in for is another one."""
    if old.get(of.WHERE, {}).get("postcode") != new[of.WHERE]["postcode"]:
        new.pop(of.PIN, None)


def _only(step: str, answers: dict[str, Answers]) -> Answers:
    """Return one step's answers beside the address that they must not give away."""
    where = answers.get(of.WHERE, {})
    secret = {name: where.get(name) for name in ("setting", "postcode", "address_1")}
    return secret | answers[step]


def begin_change(session: Session, service: Service, *, now: datetime) -> str:
    """Open a draft that holds a service's answers, for its lister to change; return its token."""
    token = ids.token()
    draft = ListingDraft(
        digest=ids.digest(token), answers=answers_of(service), updated_at=now, service_id=service.id
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
