"""What happens to an offer to help. Every verb needs a session; none commits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session

from asset_hub.accounts import queries as accounts
from asset_hub.accounts import service as roles
from asset_hub.accounts.models import Account
from asset_hub.core import audit, db, outbox, throttle, words
from asset_hub.core.access import reaches
from asset_hub.core.powers import Can, Role
from asset_hub.volunteers import queries, rules
from asset_hub.volunteers.models import Stage, Volunteer, Wants


def offer(
    session: Session,
    *,
    community_id: UUID,
    name: str,
    email: str,
    wants: Wants,
    phone: str = "",
    interests: list[str] | None = None,
    days: list[str] | None = None,
    languages: str = "",
    travels: int = 2,
    about: str = "",
    by: Account | None = None,
    address: str,
    now: datetime,
) -> bool:
    """Write down an offer, thank for it and tell the coordinators.

    Return False when the same offer waits already: nothing is written or sent again. Raise
    TooOften when too many come from one network address, or for one mail address.
    """
    email = words.plain_email(email)
    per = rules.OFFERS_PER
    throttle.hit(session, "volunteer", address, limit=rules.MOST_OFFERS, per=per, now=now)
    throttle.hit(session, "volunteer-mail", email, limit=rules.MOST_MAILS, per=per, now=now)
    volunteer = Volunteer(
        community_id=community_id,
        account_id=by.id if by and by.email == email else None,
        name=name,
        email=email,
        phone=phone,
        wants=wants,
        interests=interests or [],
        days=days or [],
        languages=languages,
        travels=travels,
        about=about,
        applied_at=now,
    )
    if not db.claim(session, volunteer):
        return False
    facts = {"volunteer_id": str(volunteer.id)}
    _post(session, "volunteer-thanks", volunteer.email, volunteer, facts, now=now, any_hour=True)
    for reader in accounts.holders(session, Role.COORDINATOR, community_id=community_id):
        told = facts | {"account_id": str(reader.id)}
        _post(session, "volunteer-waits", reader.email, volunteer, told, now=now)
    return True


def welcome(session: Session, volunteer: Volunteer, *, by: Account, now: datetime) -> bool:
    """Welcome somebody: give the role to their account, or invite them to make one.

    Either way a letter thanks them; to somebody new it says that the invitation comes by itself.
    Return False when the offer was answered before.
    """
    if not _decide(session, volunteer, Stage.WELCOMED, by=by, now=now):
        return False
    role = rules.role_of(volunteer.wants)
    place = {"community_id": volunteer.community_id}
    account = queries.account_for(session, volunteer)
    facts = {"volunteer_id": str(volunteer.id), "is_new": "" if account else "yes"}
    if account is None:
        roles.invite(
            session, email=volunteer.email, name=volunteer.name, role=role, place=place, by=by,
            now=now,
        )  # fmt: skip
    else:
        roles.grant(session, account, role, place=place, by=by, now=now)
        volunteer.account_id = account.id
        session.flush()
    _post(session, "volunteer-welcomed", volunteer.email, volunteer, facts, now=now)
    return True


def decline(
    session: Session, volunteer: Volunteer, *, message: str, by: Account, now: datetime
) -> bool:
    """Say no, kindly, in the coordinator's words; return False when it was answered before."""
    if not _decide(session, volunteer, Stage.DECLINED, by=by, now=now, reply=message):
        return False
    facts = {"volunteer_id": str(volunteer.id)}
    _post(session, "volunteer-declined", volunteer.email, volunteer, facts, now=now)
    return True


def _decide(
    session: Session, volunteer: Volunteer, to: Stage, *, by: Account, now: datetime, **more: str
) -> bool:
    """Compare and set the stage: of two people who answer at once, one does."""
    table: Any = Volunteer
    change = (
        update(table)
        .where(table.id == volunteer.id, table.stage == Stage.APPLIED)
        .values(
            stage=to, decided_at=now, decided_by_id=by.id, version=table.version + 1, **more
        )
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    first = session.exec(change).first() is not None
    session.refresh(volunteer)
    if first:
        audit.note(session, to.value, volunteer, by=by.id, now=now, wants=volunteer.wants.value)
    return first


def _post(
    session: Session,
    kind: str,
    to: str,
    volunteer: Volunteer,
    facts: dict[str, str],
    *,
    now: datetime,
    any_hour: bool = False,
) -> None:
    cause = ":".join([kind, str(volunteer.id), facts.get("account_id", "")])
    outbox.post(session, kind, to=to, cause=cause, now=now, facts=facts, any_hour=any_hour)


def _at(session: Session, facts: dict[str, Any], stage: Stage | None) -> Volunteer | None:
    found = session.get(Volunteer, UUID(facts["volunteer_id"]))
    return found if found and stage in (None, found.stage) else None


@outbox.composer("volunteer-thanks")
def _thanks(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    volunteer = _at(session, facts, None)
    return {"volunteer": volunteer} if volunteer else None


@outbox.composer("volunteer-waits")
def _waits(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Tell a coordinator, unless another has answered or the power has gone."""
    volunteer = _at(session, facts, Stage.APPLIED)
    reader = session.get(Account, UUID(facts["account_id"]))
    if not volunteer or not reader or not reaches(reader, volunteer, Can.WELCOME_VOLUNTEER):
        return None
    return {"volunteer": volunteer, "reader": words.first_name(reader.name)}


@outbox.composer("volunteer-welcomed")
def _welcomed(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    volunteer = _at(session, facts, Stage.WELCOMED)
    is_new = bool(facts.get("is_new"))
    return {"volunteer": volunteer, "is_new": is_new} if volunteer else None


@outbox.composer("volunteer-declined")
def _declined(session: Session, facts: dict[str, Any]) -> dict[str, Any] | None:
    volunteer = _at(session, facts, Stage.DECLINED)
    return {"volunteer": volunteer} if volunteer else None
