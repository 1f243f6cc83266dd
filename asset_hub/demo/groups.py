"""Groups, each listed the way people list them: answers, the mailed link, a champion's look."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from asset_hub.accounts.models import Account
from asset_hub.accounts.queries import DEMO
from asset_hub.core.access import reaches
from asset_hub.core.powers import Can
from asset_hub.demo.town import Town, Words
from asset_hub.directory import queries as directory
from asset_hub.directory import service as listing
from asset_hub.directory.models import Kind, ListingLink, Service, Sign, Standing, Step

CITY = "Averholme"
SIGNS = {"went": Sign.ATTENDED, "gone": Sign.REPORTED_GONE, "bounced": Sign.MAIL_BOUNCED}


def list_all(session: Session, town: Town, groups: list[Words]) -> None:
    """List every group, as far as it has come."""
    for words in groups:
        town.services[words["key"]] = _list(session, town, words)
    session.flush()
    listing.fade(session, [service.id for service in town.services.values()], now=town.now)


def _list(session: Session, town: Town, words: Words) -> Service:
    ago: int = words["listed"] if "listed" in words else words["waited"]
    now = town.at(ago)
    token = None
    for step, answers in _answers(town, words).items():
        token, _ = listing.keep(session, token, step, answers, now=now)
    draft = directory.draft(session, token, now=now)
    assert draft is not None
    service = listing.submit(session, draft, address=words["key"], now=now)
    standing = Standing(words.get("standing", Standing.LISTED))
    if standing is Standing.UNCONFIRMED:
        return service
    mailed = select(ListingLink).where(ListingLink.service_id == service.id)
    listing.confirm(session, session.exec(mailed).one(), now=now)
    if standing is not Standing.WAITING:
        _decide(session, town, service, words)
    return service


def _decide(session: Session, town: Town, service: Service, words: Words) -> None:
    by = champion_of(town, service)
    if words.get("standing") == Standing.RETURNED:
        now = town.at(words["waited"] - 1)
        listing.send_back(session, service, message=words["message"], by=by, now=now)
        return
    if "confirmed" not in words:
        service.confirmed_at = service.alive_at = None
    listing.approve(session, service, by=by, now=town.at(words["listed"] - 1))
    if words.get("confirmed", words["listed"]) < words["listed"]:
        listing.still_right(session, service, by=None, now=town.at(words["confirmed"]))
    if not words.get("email", True):
        service.contacts[0].email = ""  # reached by telephone only, as many groups are
    _live(session, town, service, words)
    if words.get("standing") == Standing.CLOSED:
        listing.close(session, service, by=by, now=town.at(21))


def _live(session: Session, town: Town, service: Service, words: Words) -> None:
    """Let happen what has happened since: somebody visited, went, said that it is gone, was asked.

    `ladder` says how many days ago it was asked, reminded, given to a champion, hidden.
    """
    if "visited" in words:
        by = champion_of(town, service)
        listing.visited(session, service, by=by, now=town.at(words["visited"]))
    for name, sign in SIGNS.items():
        if name in words:
            at, cause = town.at(words[name]), f"demo:{words['key']}:{name}"
            who = champion_of(town, service) if sign is Sign.REPORTED_GONE else None
            listing.signal(session, service, sign, at=at, by=who, cause=cause)
    for step, ago in zip(LADDER, words.get("ladder", ()), strict=False):
        step(session, service.id, town.at(ago))


def _ask(session: Session, key: UUID, now: datetime) -> None:
    listing.write(session, [key], before=Step.QUIET, now=now)


def _remind(session: Session, key: UUID, now: datetime) -> None:
    listing.write(session, [key], before=Step.ASKED, now=now)


def _hand_over(session: Session, key: UUID, now: datetime) -> None:
    listing.put_on_list(session, key, before=Step.REMINDED, now=now)


def _hide(session: Session, key: UUID, now: datetime) -> None:
    listing.hide(session, key, now=now)


LADDER = (_ask, _remind, _hand_over, _hide)


def champion_of(town: Town, service: Service) -> Account:
    """Return the champion who looks after the place of a group."""
    champions = (town.accounts["champion"], town.accounts["champion-rise"])
    return next(one for one in champions if reaches(one, service, Can.APPROVE_LISTING))


def _answers(town: Town, words: Words) -> dict[str, dict[str, Any]]:
    """Return what was typed at each step of "List a group"."""
    return {
        "what": {
            "name": words["name"],
            "organization_name": words["organization"],
            "kind": Kind(words.get("kind", Kind.GROUP)),
            "summary": words["summary"],
            "description": words["description"].strip(),
        },
        "where": _where(town, words) | _when(town, words),
        "who": _who(words),
        "join": _join(words),
    }


def _where(town: Town, words: Words) -> dict[str, Any]:
    venue = town.places["venue"].get(words.get("venue"))
    name, address, postcode = venue[:3] if venue else ("", "", "")
    return {
        "community_id": town.communities[words["community"]].id,
        "setting": words.get("setting", "exact" if venue else "none"),
        "place_name": name,
        "address_1": address,
        "city": CITY if venue else "",
        "postcode": postcode,
    }


def _when(town: Town, words: Words) -> dict[str, Any]:
    opens, closes = words.get("hours", ("", ""))
    return {
        "often": words.get("often", "varies"),
        "days": words.get("days", []),
        "nth": words.get("nth", []),
        "next_on": _next(town.today, words) if "next_in" in words else None,
        "when_words": words.get("when_words", ""),
        "opens_at": opens,
        "closes_at": closes,
    }


def _next(today: date, words: Words) -> date:
    """Return a coming day of the week on which the group meets."""
    week = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    soon = today + timedelta(words["next_in"])
    return soon + timedelta((week.index(words["days"][0]) - soon.weekday()) % 7)


def _who(words: Words) -> dict[str, Any]:
    topics = ("help_with", "doing", "especially_for", "not_for", "ways_in")
    return {
        "eligibility": words.get("eligibility", ""),
        "minimum_age": words.get("minimum_age"),
        "maximum_age": words.get("maximum_age"),
        "cost": "paid" if "fees" in words else "free",
        "fees": words.get("fees", ""),
        "access": words.get("access", ""),
        "languages": words.get("languages", ""),
        **{name: words.get(name, []) for name in topics},
    }


def _join(words: Words) -> dict[str, Any]:
    owner = words.get("owner")
    email = owner + DEMO if owner else f"{words['key']}@averholme.example"
    return {
        "how_to_join": words["how_to_join"],
        "first_visit": words["first_visit"],
        "phone": words["phone"],
        "email": "",
        "url": "",
        "contact_name": words["contact"],
        "contact_email": email,
        "contact_phone": words["phone"],
    }
