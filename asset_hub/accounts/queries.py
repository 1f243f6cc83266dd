"""Questions about accounts: who it is, who holds a role, who may be signed in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, select

from asset_hub.accounts import rules
from asset_hub.accounts.models import (
    PLACES,
    Account,
    Grant,
    Invitation,
    MailedLink,
    Purpose,
    SignIn,
)
from asset_hub.communities.models import Community, Practice
from asset_hub.core import ids
from asset_hub.core.access import allows, places, within
from asset_hub.core.powers import Can, Role

PAGE = 50
DEMO = "@demo.example"


def by_email(session: Session, email: str) -> Account | None:
    """Return the account of a mail address, in any case and with stray spaces."""
    wanted = select(Account).where(Account.email == rules.plain_email(email))
    return session.exec(wanted).first()


def holders(session: Session, role: Role, **place: UUID) -> list[Account]:
    """Return the accounts that hold a role in a place (community_id=…), by name.

    Only those that may be used: confirmed and not disabled.
    """
    return _holding(
        session, col(Grant.role) == role, *(getattr(Grant, k) == v for k, v in place.items())
    )


def keepers(
    session: Session, *, community_id: UUID | None = None, practice_id: UUID | None = None
) -> list[Account]:
    """Return who may keep a connection.

    In a community its navigators and coordinators; in a practice its staff and leads.
    """
    asked = (
        (Grant.community_id, community_id, (Role.NAVIGATOR, Role.COORDINATOR)),
        (Grant.practice_id, practice_id, (Role.PRACTICE_STAFF, Role.PRACTICE_LEAD)),
    )
    wanted = [
        (col(column) == key) & col(Grant.role).in_(roles) for column, key, roles in asked if key
    ]
    return _holding(session, or_(*wanted)) if wanted else []


def _holding(session: Session, *conditions: Any) -> list[Account]:
    holding = select(Grant.account_id).where(col(Grant.ended_at).is_(None), *conditions)
    usable = col(Account.disabled_at).is_(None), col(Account.confirmed_at).is_not(None)
    wanted = select(Account).where(*usable, col(Account.id).in_(holding))
    return list(session.exec(wanted.order_by(col(Account.name), col(Account.id))).all())


def sign_in_of(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """Return the session a token opens, or None when it is over or lost its account."""
    with_account = joinedload(SignIn.account)
    wanted = select(SignIn).where(SignIn.digest == ids.digest(token)).options(with_account)
    found = session.exec(wanted).first()
    if found is None or found.ended_at is not None:
        return None
    account = found.account
    opened, seen = _open_since(account, now=now)
    over = found.created_at < opened or found.seen_at < seen
    if over or found.epoch != account.epoch or not account.is_active:
        return None
    return found


def _open_since(account: Account, *, now: datetime) -> tuple[datetime, datetime]:
    """Return since when a session must have been opened, and seen, to open anything still."""
    roles = [grant.role for grant in account.given]
    return now - rules.whole_limit(roles), now - rules.idle_limit(roles)


def is_to_be_noted(row: SignIn, *, now: datetime) -> bool:
    """Return whether a session's last look lies so far back that a new one is worth a write."""
    return now - row.seen_at >= rules.SEEN_EVERY


def sessions_of(session: Session, account: Account, *, now: datetime) -> list[SignIn]:
    """Return the sessions an account may still use, the one seen last first."""
    opened, seen = _open_since(account, now=now)
    wanted = select(SignIn).where(
        SignIn.account_id == account.id,
        SignIn.epoch == account.epoch,
        col(SignIn.ended_at).is_(None),
        col(SignIn.created_at) >= opened,
        col(SignIn.seen_at) >= seen,
    )
    return list(session.exec(wanted.order_by(col(SignIn.seen_at).desc())).all())


def open_link(
    session: Session, token: str, purpose: Purpose, *, now: datetime
) -> MailedLink | None:
    """Return the link of a token, or None when it was used, ran out or never was."""
    wanted = select(MailedLink).where(
        MailedLink.digest == ids.digest(token),
        MailedLink.purpose == purpose,
        col(MailedLink.used_at).is_(None),
        MailedLink.expires_at > now,
    )
    found = session.exec(wanted).first()
    return found if found and found.account.is_active else None


def invitation_by_token(session: Session, token: str) -> Invitation | None:
    """Return the invitation a link leads to, whether it still stands or not."""
    return session.exec(select(Invitation).where(Invitation.digest == ids.digest(token))).first()


def invitation_of(session: Session, request_key: UUID) -> Invitation:
    """Return the invitation that one filled-in form made."""
    return session.exec(select(Invitation).where(Invitation.request_key == request_key)).one()


def waiting_invitation(
    session: Session, email: str, role: Role, place: dict[str, UUID]
) -> Invitation | None:
    """Return the invitation to a role in a place that an address has not answered."""
    wanted = select(Invitation).where(
        Invitation.email == email,
        Invitation.role == role,
        _pending(),
        *(getattr(Invitation, name) == place.get(name) for name in PLACES),
    )
    return session.exec(wanted).first()


def _pending() -> ColumnElement[bool]:
    return col(Invitation.accepted_at).is_(None) & col(Invitation.withdrawn_at).is_(None)


def team(session: Session, actor: Account, *, page: int) -> tuple[list[Grant], int]:
    """Return a page of the roles held in the actor's places, and how many pages there are."""
    mine = within(Grant, actor, Can.SEE_TEAM), col(Grant.ended_at).is_(None)
    count = session.exec(select(func.count()).select_from(Grant).where(*mine)).one()
    wanted = (
        _with_place(Grant, select(Grant))
        .where(*mine)
        .join(Account, col(Account.id) == Grant.account_id)
    )
    order = col(Account.name), col(Account.id), col(Grant.role), col(Grant.id)
    rows = session.exec(wanted.order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).all()
    return list(rows), max(1, -(-count // PAGE))


def ended_lately(session: Session, actor: Account, *, now: datetime) -> list[Grant]:
    """Return the roles in the actor's places that ended so lately that they may be given back."""
    mine = within(Grant, actor, Can.SEE_TEAM), col(Grant.ended_at) > now - rules.UNDO_WITHIN
    wanted = _with_place(Grant, select(Grant)).where(*mine)
    return list(session.exec(wanted.order_by(col(Grant.ended_at).desc()).limit(PAGE)).all())


def pending_invitations(session: Session, actor: Account) -> list[Invitation]:
    """Return the invitations to the actor's places that wait for an answer, the newest first."""
    mine = within(Invitation, actor, Can.SEE_TEAM), _pending()
    wanted = _with_place(Invitation, select(Invitation)).where(*mine)
    return list(session.exec(wanted.order_by(col(Invitation.sent_at).desc()).limit(200)).all())


def _with_place(kind: Any, wanted: Any) -> Any:
    """Load what a line of the team page says, so that a longer page asks no more questions."""
    person = kind.account if kind is Grant else kind.by
    return wanted.options(
        selectinload(person), selectinload(kind.community), selectinload(kind.practice)
    )


def accounts(session: Session, words: str, *, page: int) -> tuple[list[Account], int]:
    """Return a page of the accounts whose name or address holds some letters, and the pages."""
    like = or_(
        col(Account.name).icontains(words, autoescape=True),
        col(Account.email).icontains(words, autoescape=True),
    )
    count = session.exec(select(func.count()).select_from(Account).where(like)).one()
    wanted = select(Account).where(like).order_by(col(Account.name), col(Account.id))
    rows = session.exec(wanted.limit(PAGE).offset((page - 1) * PAGE)).all()
    return list(rows), max(1, -(-count // PAGE))


def demo_accounts(session: Session) -> list[Account]:
    """Return the accounts anybody may try in a demonstration."""
    wanted = select(Account).where(
        col(Account.email).endswith(DEMO, autoescape=True), col(Account.disabled_at).is_(None)
    )
    return list(session.exec(wanted.order_by(col(Account.name))).all())


def never_confirmed(session: Session, *, now: datetime) -> list[UUID]:
    """Return the accounts that nobody confirmed in a month and nobody gave a role."""
    has_role = select(Grant.id).where(Grant.account_id == Account.id).exists()
    wanted = select(Account.id).where(
        col(Account.confirmed_at).is_(None),
        col(Account.disabled_at).is_(None),
        col(Account.created_at) < now - timedelta(days=30),
        ~has_role,
    )
    return list(session.exec(wanted).all())


def held(account: Account) -> list[Grant]:
    """Return the roles an account holds now, by their words."""
    live = [grant for grant in account.grants if grant.ended_at is None]
    return sorted(live, key=lambda grant: grant.words)


def places_to_invite_to(session: Session, actor: Account) -> list[tuple[str, str]]:
    """Return the places an account may invite to as ("column:id", name), ready to choose from."""
    everywhere = allows(actor, Can.MANAGE_ACCOUNTS)
    found: list[tuple[str, str]] = []
    for column, kind, power in (
        ("community_id", Community, Can.INVITE),
        ("practice_id", Practice, Can.INVITE_PRACTICE),
    ):
        wanted: Any = select(kind.id, kind.name).order_by(kind.name)
        if not everywhere:
            wanted = wanted.where(col(kind.id).in_(places(actor, power, column)))
        found += [(f"{column}:{key}", name) for key, name in session.exec(wanted)]
    return found


def everyone(session: Session) -> Iterator[Account]:
    """Yield every account by its address."""
    yield from session.exec(select(Account).order_by(col(Account.email)))
