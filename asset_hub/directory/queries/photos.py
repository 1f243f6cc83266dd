"""Photographs: their facts without their bytes, and the bytes of one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from asset_hub.directory.models import (
    ChangeRequest,
    ChangeState,
    Revision,
    Service,
    Standing,
)
from asset_hub.directory.rules.photos import PhotoFacts

UNDO_LIFE = timedelta(days=60)  # how long a picture that was taken away can be put back
PHOTO = SQLModel.metadata.tables["photo"]
SERVICE = SQLModel.metadata.tables["service"]
FACTS = [PHOTO.c[name] for name in ("digest", "width", "height", "alt", "credit")]


def photo_of(session: Session, service: Service) -> PhotoFacts | None:
    """Return what there is to know of a service's approved photograph, if it has one."""
    return photo_facts(session, service.photo_id, service) if service.photo_id else None


def photo_facts(session: Session, photo_id: UUID, service: Service) -> PhotoFacts | None:
    """Return what there is to know of one photograph of a service."""
    wanted = select(*FACTS).where(PHOTO.c.id == photo_id, PHOTO.c.service_id == service.id)
    row = session.connection().execute(wanted).first()
    return PhotoFacts(*row) if row else None


def published_photo(
    session: Session, service_id: UUID, digest: str, *, small: bool
) -> bytes | None:
    """Return a photograph everybody may see: the approved one of a listed service."""
    wanted = (
        select(PHOTO.c.small if small else PHOTO.c.jpeg)
        .join(SERVICE, SERVICE.c.photo_id == PHOTO.c.id)
        .where(SERVICE.c.id == service_id, SERVICE.c.standing == Standing.LISTED)
        .where(PHOTO.c.service_id == service_id, PHOTO.c.digest == digest)
    )
    found = session.connection().execute(wanted).scalar()
    return bytes(found) if found is not None else None


def photo_bytes(session: Session, service: Service, photo_id: UUID) -> bytes | None:
    """Return any photograph of a service, for those who look after it."""
    wanted = select(PHOTO.c.jpeg).where(PHOTO.c.id == photo_id, PHOTO.c.service_id == service.id)
    found = session.connection().execute(wanted).scalar()
    return bytes(found) if found is not None else None


def waiting_photo(session: Session, service: Service) -> UUID | None:
    """Return the photograph that somebody has sent and nobody has looked at, if there is one."""
    wanted = (
        select(ChangeRequest.photo_id)  # type: ignore[call-overload]
        .where(ChangeRequest.service_id == service.id, col(ChangeRequest.photo_id).is_not(None))
        .where(ChangeRequest.state == ChangeState.WAITING)
        .order_by(col(ChangeRequest.submitted_at).desc(), col(ChangeRequest.id).desc())
    )
    found: UUID | None = session.connection().execute(wanted).scalar()
    return found


def unwanted_photos(session: Session, *, now: datetime) -> list[UUID]:
    """Return the ids of photographs that are shown nowhere, wait for nobody and are not undone."""
    shown = select(SERVICE.c.id).where(SERVICE.c.photo_id == PHOTO.c.id)
    asked: Any = ChangeRequest
    waits = select(asked.id).where(
        asked.photo_id == PHOTO.c.id, asked.state.in_([ChangeState.WAITING, ChangeState.UNPROVEN])
    )
    old = PHOTO.c.created_at <= now - UNDO_LIFE
    wanted = select(PHOTO.c.id, PHOTO.c.service_id).where(old, ~shown.exists(), ~waits.exists())
    rows = session.connection().execute(wanted).all()
    return [
        key for key, service_id in rows if not _lately_taken_away(session, key, service_id, now)
    ]


def _lately_taken_away(session: Session, photo_id: UUID, service_id: UUID, now: datetime) -> bool:
    lately: Any = select(Revision.before).where(  # type: ignore[call-overload]
        Revision.service_id == service_id, col(Revision.at) > now - UNDO_LIFE
    )
    found = session.connection().execute(lately).scalars()
    return any(before.get("photo_id") == str(photo_id) for before in found)
