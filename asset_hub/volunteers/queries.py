"""Questions about offers to help. Every list keeps to the coordinator's own patch."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from asset_hub.accounts import queries as accounts
from asset_hub.accounts.models import Account
from asset_hub.core.access import Actor, within
from asset_hub.core.powers import Can
from asset_hub.volunteers import rules
from asset_hub.volunteers.models import Stage, Volunteer


@dataclass(frozen=True)
class Welcomed:
    """One page of those who were welcomed."""

    volunteers: list[Volunteer]
    page: int
    pages: int


def waiting(session: Session, actor: Actor) -> list[Volunteer]:
    """Return the offers nobody has answered yet, oldest first."""
    mine = within(Volunteer, actor, Can.WELCOME_VOLUNTEER)
    wanted = select(Volunteer).where(mine, Volunteer.stage == Stage.APPLIED)
    ordered = wanted.order_by(col(Volunteer.applied_at), col(Volunteer.id))
    return list(session.exec(ordered.options(joinedload(Volunteer.community))).all())  # type: ignore[arg-type]


def welcomed(session: Session, actor: Actor, *, page: int = 1) -> Welcomed:
    """Return those who were welcomed, the newest first, a page at a time."""
    mine = within(Volunteer, actor, Can.WELCOME_VOLUNTEER)
    which = (mine, Volunteer.stage == Stage.WELCOMED)
    total = session.exec(select(func.count()).select_from(Volunteer).where(*which)).one()
    pages = max(1, -(-total // rules.WELCOMED_A_PAGE))
    page = min(max(1, page), pages)
    ordered = (
        select(Volunteer)
        .where(*which)
        .order_by(col(Volunteer.decided_at).desc(), col(Volunteer.id))
        .offset((page - 1) * rules.WELCOMED_A_PAGE)
        .limit(rules.WELCOMED_A_PAGE)
        .options(joinedload(Volunteer.community))  # type: ignore[arg-type]
    )
    return Welcomed(list(session.exec(ordered).all()), page, pages)


def account_for(session: Session, volunteer: Volunteer) -> Account | None:
    """Return the account that a welcome would give the role to: confirmed, with their address."""
    found = accounts.by_email(session, volunteer.email)
    return found if found and found.confirmed_at and found.is_active else None
