"""A change that waits to be looked at; what is published stays as it is until then."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.directory.models import Asker, ChangeRequest, Parts, Service
from asset_hub.directory.rules import snapshot


def propose(
    session: Session,
    service: Service,
    parts: Parts,
    *,
    made_on: int,
    by: Account | None,
    asker: Asker,
    now: datetime,
) -> ChangeRequest:
    """Keep a change for a champion to look at. `made_on` is the version its author saw."""
    photo = parts.get("photo_id")
    asked = ChangeRequest(
        service_id=service.id,
        made_on=made_on,
        asker=asker,
        by_id=by.id if by else None,
        before=snapshot.only(list(parts), snapshot.parts_of(service)),
        after=parts,
        photo_id=UUID(photo) if photo else None,
        submitted_at=now,
    )
    session.add(asked)
    session.flush()
    audit.note(session, "propose", service, by=by.id if by else None, now=now, fields=[*parts])
    return asked
