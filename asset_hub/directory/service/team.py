"""Those who look at what is sent in: the champions and coordinators of a community."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.core import outbox
from asset_hub.core.powers import Role
from asset_hub.directory.models import Service, ServiceEvent

LOOK_AT = (Role.CHAMPION, Role.COORDINATOR)


def tell_champions(session: Session, service: Service, event: ServiceEvent, now: datetime) -> None:
    """Write to each champion and coordinator of the community, once a submission.

    Where nobody looks yet, the administrators are told, for they can invite somebody who does.
    """
    for account in team_of(session, service.community_id):
        facts = {"service_id": str(service.id), "account_id": str(account.id)}
        outbox.post(
            session,
            "listing-waits",
            to=account.email,
            cause=f"listing-waits:{event.id}:{account.id}",
            now=now,
            facts=facts,
        )


def team_of(session: Session, community_id: UUID | None) -> list[Account]:
    """Return who looks at a community's listings; the administrators where nobody does yet."""
    place: dict[str, UUID] = {"community_id": community_id} if community_id else {}
    roles = LOOK_AT if place else ()
    people = [one for role in roles for one in accounts.holders(session, role, **place)]
    people = people or accounts.holders(session, Role.ADMIN)
    return list({one.id: one for one in people}.values())
