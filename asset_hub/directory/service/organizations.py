"""Whose listing it is: nobody comes into an organisation by typing its name or its address."""

from typing import Any

from sqlmodel import Session, col, func, select

from asset_hub.directory.models import Contact, Organization, Service, Standing


def of_its_own(session: Session, service: Service, name: str) -> None:
    """Give a service an organisation of its own, and forget the one it leaves when that is empty.

    Until its contact's address is proven and a champion has looked, it joins no other.
    """
    _move(session, service, Organization(name=name))


def join(session: Session, service: Service) -> None:
    """Join, on approval, the organisation of that name whose address the contact has proven."""
    email = proven_email(service)
    if not email:
        return
    theirs = (
        select(Organization)
        .join(Service, col(Service.organization_id) == Organization.id)
        .join(Contact, col(Contact.service_id) == Service.id)
        .where(
            Organization.name == service.organization.name,
            Organization.id != service.organization_id,
            Service.community_id == service.community_id,
            Service.standing == Standing.LISTED,
            func.lower(Contact.email) == email,
            col(Contact.proven_at).is_not(None),
        )
        .order_by(col(Organization.id))
    )
    if found := session.exec(theirs).first():
        _move(session, service, found)


def sole_address(session: Session, organization: Organization) -> str:
    """Return the address that proved every service of an organisation, or "" when none did."""
    theirs = select(Service).where(Service.organization_id == organization.id)
    proven = {proven_email(service) for service in session.exec(theirs)}
    return proven.pop() if len(proven) == 1 else ""


def proven_email(service: Service) -> str:
    """Return the private contact's address when a mailed link was used from it, or ""."""
    proven = [contact.email for contact in service.contacts if contact.proven_at]
    return proven[0].casefold() if len(proven) == len(service.contacts) == 1 else ""


def runs_only(session: Session, service: Service) -> bool:
    """Return whether whoever runs a service runs nothing else."""
    others = select(Service.id).where(
        Service.organization_id == service.organization_id, Service.id != service.id
    )
    return session.exec(others).first() is None


def _move(session: Session, service: Service, to: Organization) -> None:
    before: Organization | None = service.organization
    session.add(to)
    service.organization = to
    session.flush()
    used: Any = before and select(Service.id).where(Service.organization_id == before.id)
    if before and not before.source and session.exec(used).first() is None:
        session.delete(before)
        session.flush()
