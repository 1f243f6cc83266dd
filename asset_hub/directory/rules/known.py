"""What everybody may know of a listing, as it is compared with others: from rows or from answers.

A hidden place is never compared, an area only roughly: nobody learns by trying where it is.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from asset_hub.directory.models import Service, Visibility
from asset_hub.directory.rules.doubles import Known, Spot
from asset_hub.directory.rules.places import (
    Place,
    PlainPlace,
    is_area,
    is_shown,
    public_point,
)


def known_of(service: Service) -> Known:
    """Return what is compared of a service."""
    return Known(
        name=service.name,
        runner=service.organization.name if service.organization else "",
        organization_id=service.organization_id,
        community_id=service.community_id,
        phone=service.phone,
        email=service.email,
        url=service.url,
        words=f"{service.summary}\n{service.description}",
        spots=spots_of(at.location for at in service.places),
    )


def known_of_answers(answers: Mapping[str, Any], *, own: UUID | None = None) -> Known:
    """Return what is compared of somebody's answers; `own` is the organisation, once it is."""
    degrees = [float(answers.get(name) or 0) or None for name in ("latitude", "longitude")]
    setting = answers.get("setting") or ""
    place = PlainPlace(
        address_1=answers.get("address_1") or "",
        postal_code=answers.get("postcode") or "",
        latitude=degrees[0] if all(degrees) else None,
        longitude=degrees[1] if all(degrees) else None,
        visibility=Visibility(setting) if setting in set(Visibility) else Visibility.HIDDEN,
        approximate=not answers.get("exact") and answers.get("point") != "pin",
    )
    return Known(
        name=answers.get("name") or "",
        runner=answers.get("organization_name") or "",
        organization_id=own,
        community_id=UUID(answers["community_id"]) if answers.get("community_id") else None,
        phone=answers.get("phone") or "",
        email=answers.get("email") or "",
        url=answers.get("url") or "",
        words=f"{answers.get('summary') or ''}\n{answers.get('description') or ''}",
        spots=spots_of([place]),
    )


def spots_of(places: Iterable[Place]) -> tuple[Spot, ...]:
    """Return the places that may be compared."""
    return tuple(_spot(place) for place in places if is_shown(place))


def _spot(place: Place) -> Spot:
    if place.visibility is not Visibility.EXACT:
        return Spot(point=public_point(place), rough=True)
    return Spot(
        postcode=place.postal_code,
        street=place.address_1,
        point=public_point(place),
        rough=is_area(place),
    )
