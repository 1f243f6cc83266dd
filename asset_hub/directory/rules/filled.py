"""From the answers of a form to the parts of a service."""

from collections.abc import Collection, Mapping
from typing import Any

from asset_hub.directory.models import Parts, Schedule, Visibility
from asset_hub.directory.rules import answers as of
from asset_hub.directory.rules import when
from asset_hub.directory.rules.current import FREE
from asset_hub.directory.rules.languages import together
from asset_hub.directory.rules.places import stricter
from asset_hub.directory.rules.snapshot import plain, time_parts

PLAIN = ("name", "summary", "description", "eligibility", "minimum_age", "maximum_age", "access",
         "how_to_join", "first_visit", "ask_for", "venue_notes", "phone", "email", "url", "kind",
         "community_id")  # fmt: skip
SETTING = ("setting", "place_name", "address_1", "city", "postcode", "latitude", "longitude",
           "point")  # fmt: skip


def parts_from(
    answers: Mapping[str, Any],
    now: Parts,
    changed: set[str],
    asked: list[int],
    gone: Collection[int] = (),
    foreign: Collection[str] = (),
) -> Parts:
    """Return the parts that answers give a service.

    `now` holds its parts as they stand, `changed` the names of answers that differ from what it
    says. Places and times are left alone unless an answer about them changed, so an import with
    several of them survives an edit of the words. `asked` numbers the times the form asks about,
    in the form's order, and `gone` those of the others that are to be taken away. `foreign` are
    topics that the form cannot choose: they stay.
    """
    found: Parts = {name: plain(answers[name]) for name in PLAIN if name in answers}
    found["languages"] = together(answers.get("spoken") or (), answers["languages"])
    found["fees"] = FREE if answers["cost"] == "free" else answers["fees"]
    found["contact"] = {
        "name": answers["contact_name"],
        "email": answers["contact_email"],
        "phone": answers["contact_phone"],
    }
    for name, chosen in (("topics", of.topics_of(answers)), ("not_for", answers.get("not_for"))):
        if chosen is not None:
            found[name] = sorted({*chosen, *(slug for slug in now[name] if slug in foreign)})
    places: list[Parts] = now["places"]
    if not places or changed & set(SETTING):
        places = [*_place(answers), *places[1:]]
    if "setting" in changed:
        places = _hidden_as_much(places, answers["setting"])
    if places != now["places"]:
        found["places"] = places
    if not now["times"] or changed & set(when.FIELDS):
        others = [one for number, one in enumerate(now["times"]) if number not in {*asked, *gone}]
        found["times"] = [*_times(answers, [now["times"][number] for number in asked]), *others]
    return found


def _place(answers: Mapping[str, Any]) -> list[Parts]:
    if answers["setting"] == of.NOWHERE:
        return []
    return [{
        "name": answers["place_name"],
        "address_1": answers["address_1"],
        "city": answers["city"],
        "postal_code": answers["postcode"],
        "latitude": _degrees(answers.get("latitude")),
        "longitude": _degrees(answers.get("longitude")),
        "approximate": not answers.get("exact") and answers.get("point") != "pin",
        "visibility": plain(answers["setting"]),
    }]  # fmt: skip


def _degrees(text: str | None) -> float | None:
    return round(float(text), 6) if text else None


def _hidden_as_much(places: list[Parts], setting: str) -> list[Parts]:
    """Hide the further places at least as much as the first; showing one shows no other."""
    if setting == of.NOWHERE:
        return []
    least = Visibility(setting)
    return [
        place | {"visibility": stricter(least, Visibility(place["visibility"])).value}
        for place in places
    ]


def _times(answers: Mapping[str, Any], before: list[Parts]) -> list[Parts]:
    """Return the times that answers make; each session stays at the place where it was."""
    places = [one.get("place") for one in before]
    usual = places[0] if len(set(places)) == 1 else None
    return [
        time_parts(Schedule(**parts)) | {"place": places[number] if number < len(places) else usual}
        for number, parts in when.schedules_from(answers).items()
    ]
