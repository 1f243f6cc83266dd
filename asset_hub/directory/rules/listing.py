"""The published copy of a service: what everybody may see of it, worked out from plain values."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from asset_hub.core.calendar import london, say_date
from asset_hub.core.grid import to_grid
from asset_hub.core.words import in_a_sentence
from asset_hub.directory.models import Age, Kind
from asset_hub.directory.rules.facets import facets
from asset_hub.directory.rules.freshness import NEVER, Fresh
from asset_hub.directory.rules.indexing import as_json, index_words, sort_name
from asset_hub.directory.rules.meaning import Thesaurus, about
from asset_hub.directory.rules.photos import PhotoFacts, shown_photo
from asset_hub.directory.rules.places import Place, is_area, public_point, say_where
from asset_hub.directory.rules.room import on_card
from asset_hub.directory.rules.times import Times, when_of

Topic = tuple[str, int, int]  # slug, how surely it is about it (of a hundred), 1 if chosen
ADDRESS = "/groups/{}"
MADE_UP = " / "  # stands between the parts of an id that an import had to make
LONGEST_TOPICS = 1000  # letters; the columns' limit
NOT_YET = Fresh(Age.UNKNOWN, NEVER)


@dataclass(slots=True, kw_only=True)
class Facts:
    """One listed service as plain values: all that its published copy is made from.

    `topics` and `not_for` hold (slug, name) pairs; `places` holds (id of the row that joins
    service and location, location) pairs. Nothing private belongs in here.
    """

    id: UUID
    organization_id: UUID
    name: str
    organization_name: str = ""
    community_id: UUID | None = None
    community_name: str = ""
    kind: Kind = Kind.GROUP
    summary: str = ""
    description: str = ""
    eligibility: str = ""
    access: str = ""
    how_to_join: str = ""
    first_visit: str = ""
    languages: str = ""
    fees: str = ""
    ask_for: str = ""
    welcomes: int | None = None
    full_until: date | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    photo: PhotoFacts | None = None
    source_id: str | None = None
    confirmed_at: datetime | None = None
    topics: Sequence[tuple[str, str]] = ()
    not_for: Sequence[tuple[str, str]] = ()
    times: Sequence[Times] = ()
    # When it is published: what is over by then is not said
    today: date | None = field(default=None, init=False)
    places: Sequence[tuple[UUID, Place]] = field(default_factory=tuple)
    fresh: Fresh = field(default=NOT_YET, init=False)


@dataclass(slots=True)
class Copy:
    """What is written when a service is published: rows without the number they will share."""

    listing: dict[str, Any]  # of `Listing`
    words: dict[str, int]  # stem → impact, for the index; the listing has them as JSON
    topics: list[Topic]
    places: list[dict[str, Any]]  # of `ListingPlace`


def copy_of(facts: Facts, known: Thesaurus) -> Copy:
    """Return the published copy of a service."""
    kept = _that_fit(facts.topics)
    told = _told(facts)
    texts = {
        "name": facts.name,
        "organization_name": facts.organization_name,
        "summary": facts.summary,
        "body": _body(facts, told),
        "topics": ", ".join(name for _, name in kept),
    }
    words = index_words(texts)
    row = {
        **texts,
        **_columns(facts),
        "words": as_json(words),
        "topic_slugs": slugs_of(kept, facts.not_for),
        "card": card(facts, told),
        "inferred": known.version,
    }
    topics = topics_of(texts, (slug for slug, _ in facts.topics), row["topic_slugs"], known)
    return Copy(row, words, topics, place_rows(facts, told))


@dataclass(frozen=True, slots=True)
class Told:
    """What is said in several parts of a copy: worked out once."""

    when: str
    where: str


def _told(facts: Facts) -> Told:
    where = say_where((place for _, place in facts.places), facts.community_name)
    return Told(when_of(tuple(facts.times), today=facts.today), where)


def _columns(facts: Facts) -> dict[str, Any]:
    """Return the short columns of a listing: those to filter and order by."""
    return {
        "service_id": facts.id,
        "community_id": facts.community_id,
        "organization_id": facts.organization_id,
        "sort_name": sort_name(facts.name),
        "facets": facets(
            kind=facts.kind,
            fees=facts.fees,
            languages=facts.languages,
            times=tuple(facts.times),
            slugs=tuple(slug for slug, _ in facts.topics),
            has_place=bool(facts.places),
            welcomes=facts.welcomes,
            today=facts.today,
        ),
        "age_from": facts.minimum_age,
        "age_to": facts.maximum_age,
        "full_until": facts.full_until,
        "stage": int(facts.fresh.age),
        "fades_on": facts.fresh.fades_on,
    }


def topics_of(
    texts: Mapping[str, Any], chosen: Iterable[str], topic_slugs: str, known: Thesaurus
) -> list[Topic]:
    """Return what a listing is about, by its texts and by what was chosen.

    A topic counts as chosen when `topic_slugs`, which the filters go by, has it and its
    contrary ("not for") has not.
    """
    marks = topic_slugs.split("|")
    return [
        (slug, strength, int(slug in marks and f"!{slug}" not in marks))
        for slug, strength in about(texts, chosen, known).items()
    ]


def card(facts: Facts, told: Told) -> dict[str, Any]:
    """Return one result of a search, ready to hand out.

    Keys: id, source_id, name, summary, topics ([{slug, name}]), not_for (in words), url,
    organization, kind, when,
    cost, where, area (the point on the map is the middle of a coarse cell), confirmed (a date in
    words, or ""), confirmed_on (the same as YYYY-MM-DD, or None), stage (how it has aged: see Age),
    alive_words (when and how it was last known to be there), room (see `rules.room.on_card`, or
    None: nobody said), photo ({url, width, height, alt} of the small one, or None).
    """
    return {
        "id": str(facts.id),
        "source_id": _own_id(facts.source_id),
        "name": facts.name,
        "summary": facts.summary,
        "topics": [{"slug": slug, "name": name} for slug, name in facts.topics],
        "not_for": say_not_for(name for _, name in facts.not_for),
        "url": ADDRESS.format(facts.id),
        "organization": facts.organization_name,
        "kind": facts.kind.value,
        "when": told.when,
        "cost": facts.fees,
        "where": told.where,
        "area": any(is_area(place) for _, place in facts.places),
        "room": on_card(facts.welcomes, facts.full_until),
        "photo": _photo(facts),
        **aged(facts.confirmed_at, facts.fresh),
    }


def _own_id(source_id: str | None) -> str | None:
    """Return the id a feed gave. One that an import made up of name and address is nobody’s."""
    return None if source_id is None or MADE_UP in source_id else source_id


def aged(confirmed_at: datetime | None, fresh: Fresh) -> dict[str, Any]:
    """Return the part of a card that changes as time goes by."""
    return dict(_aged(confirmed_at, fresh))


@lru_cache(maxsize=256)
def _aged(confirmed_at: datetime | None, fresh: Fresh) -> dict[str, Any]:
    day = london(confirmed_at).date() if confirmed_at else None
    return {
        "confirmed": say_date(day) if day else "",
        "confirmed_on": day.isoformat() if day else None,
        "stage": int(fresh.age),
        "alive_words": fresh.words,
    }


def aged_feature(feature: str, fresh: Fresh) -> str:
    """Return a feature of the map as it is to look from now on."""
    found = json.loads(feature)
    found["properties"] |= {"stage": int(fresh.age), "fresh": fresh.words}
    return json.dumps(found)


def _photo(facts: Facts) -> dict[str, Any] | None:
    photo = shown_photo(facts.id, facts.photo, small=True)
    if photo is None:
        return None
    return {"url": photo.url, "width": photo.width, "height": photo.height, "alt": photo.alt}


def place_rows(facts: Facts, told: Told) -> list[dict[str, Any]]:
    """Return the values of each `ListingPlace`: hidden places never, areas as coarse cells."""
    rows = []
    for key, place in facts.places:
        point = public_point(place)
        if point is None:
            continue
        gx, gy = to_grid(*point)
        rows.append({
            "id": key,
            "service_id": facts.id,
            "latitude": point[0],
            "longitude": point[1],
            "gx": gx,
            "gy": gy,
            "area": is_area(place),
            "feature": _feature(facts, told, point, is_area(place)),
        })  # fmt: skip
    return rows


def _feature(facts: Facts, told: Told, point: tuple[float, float], area: bool) -> str:
    latitude, longitude = point
    properties = {
        "id": str(facts.id),
        "name": facts.name,
        "summary": facts.summary,
        "kind": facts.kind.value,
        "when": told.when,
        "url": ADDRESS.format(facts.id),
        "area": area,
        "stage": int(facts.fresh.age),
        "fresh": facts.fresh.words,
    }
    return json.dumps(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": properties,
        }
    )


def _body(facts: Facts, told: Told) -> str:
    texts = (
        facts.description, facts.eligibility, facts.access, facts.how_to_join, facts.first_visit,
        facts.languages, facts.ask_for, told.where, facts.community_name,
    )  # fmt: skip
    return "\n".join(filter(None, texts))


def say_not_for(names: Iterable[str]) -> str:
    """Return whom it is not for: "Not for: men, under 18s", or nothing."""
    said = ", ".join(sorted((in_a_sentence(name) for name in names), key=str.casefold))
    return f"Not for: {said}" if said else ""


def slugs_of(about: Iterable[tuple[str, str]], not_for: Iterable[tuple[str, str]]) -> str:
    """Return what the filter reads: "|!children|company|grief|", the first for whom it is not.

    What it is not for comes first, so that a limit cuts nothing of it.
    """
    marks = [*(f"!{slug}" for slug, _ in not_for), *(slug for slug, _ in about)]
    kept, letters = [], 1
    for mark in marks:
        letters += len(mark) + 1
        if letters <= LONGEST_TOPICS:
            kept.append(f"{mark}|")
    return "".join(["|", *kept]) if kept else ""


def _that_fit(topics: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the topics whose names fit the columns together."""
    kept, letters = [], 0
    for slug, name in topics:
        letters += max(len(slug), len(name)) + 2
        if letters > LONGEST_TOPICS:
            break
        kept.append((slug, name))
    return kept
