"""A photograph of a group: kept beside it, shown once it is approved."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import throttle
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import ChangeRequest, Photo, Service
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.photos import must_be_described
from asset_hub.directory.rules.places import must_keep_the_secrets
from asset_hub.directory.rules.prose import straight
from asset_hub.directory.service.pictures import Picture

MOST_A_DAY = 20  # pictures sent for one group: each costs a second of the machine
MOST_BY_ONE = 60  # pictures a day of one person, for whichever groups
SELECT_A_PHOTO = "Select a photograph"


def keep_photo(
    session: Session,
    service: Service,
    *,
    picture: Picture | None,
    alt: str,
    credit: str,
    by: Account,
    now: datetime,
) -> Photo:
    """Keep a new photograph of a service, and show it to nobody yet (see `save_parts`).

    Without a `picture` (see `drawn_anew`) it is the one that is shown, with other words. Raises
    RuleBroken at the field (photo or alt) with what to do.
    """
    must_be_described(alt)
    places = snapshot.parts_of(service)["places"]
    must_keep_the_secrets(places, {"alt": alt, "credit": credit})
    picture = picture or _as_shown(session, service)
    photo = Photo(
        service_id=service.id,
        digest=sha256(picture.jpeg).hexdigest(),
        jpeg=picture.jpeg,
        small=picture.small,
        width=picture.width,
        height=picture.height,
        alt=straight(alt),
        credit=straight(credit),
        by_id=by.id,
        created_at=now,
    )
    session.add(photo)
    session.flush()
    return photo


def count_photo(session: Session, service: Service, *, by: Account, now: datetime) -> None:
    """Count a picture sent for a service, before it is decoded; raise TooOften when too many."""
    day = timedelta(days=1)
    throttle.hit(session, "photo-by", str(by.id), limit=MOST_BY_ONE, per=day, now=now)
    throttle.hit(session, "photo", str(service.id), limit=MOST_A_DAY, per=day, now=now)


def _as_shown(session: Session, service: Service) -> Picture:
    shown = session.get(Photo, service.photo_id) if service.photo_id else None
    if shown is None:
        raise RuleBroken(SELECT_A_PHOTO, field="photo")
    return Picture(shown.jpeg, shown.small, shown.width, shown.height)


def forget_photo(session: Session, key: UUID) -> None:
    """Delete a photograph that is shown nowhere any more, pixels and words."""
    if photo := session.get(Photo, key):
        asked: Any = ChangeRequest
        session.exec(update(asked).where(asked.photo_id == key).values(photo_id=None))
        session.delete(photo)
        session.flush()
