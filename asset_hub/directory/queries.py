"""Questions about services. Nothing here writes."""

from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.core.errors import Missing
from asset_hub.directory.models import Service, Standing, TaxonomyTerm


def published(session: Session, service_id: UUID) -> Service:
    """Return a listed service; raise Missing for anything that is not, or no longer, listed."""
    found = session.get(Service, service_id)
    if found is None or found.standing is not Standing.LISTED:
        raise Missing
    return found


def contact_email(service: Service) -> str:
    """Return where to write to about a service: its private contact, else its public address."""
    private = next((contact.email for contact in service.contacts if contact.email), "")
    return private or service.email


def topics(session: Session) -> list[TaxonomyTerm]:
    """Return every topic, by name."""
    return list(session.exec(select(TaxonomyTerm).order_by(col(TaxonomyTerm.name))))
