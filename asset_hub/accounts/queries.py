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
    Authenticator,
    Grant,
    HelpIn,
    Invitation,
    MailedLink,
    Passkey,
    Purpose,
    RecoveryCode,
    SignIn,
    SignInStep,
    StepFor,
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
    roles = _roles(account)
    return now - rules.whole_limit(roles), now - rules.idle_limit(roles)


def _roles(account: Account) -> list[Role]:
    """Return every role held now, asleep or awake: what a session's limits go by."""
    return [grant.role for grant in account.grants if grant.ended_at is None]


def noted_every(account: Account) -> timedelta:
    """Return how far back a session's last look must lie for a new one to be worth a write."""
    return rules.seen_every(_roles(account))


def is_lately(shown_at: datetime | None, *, now: datetime) -> bool:
    """Return whether a proof is so fresh that nothing has to be shown again."""
    return rules.is_lately(shown_at, now=now)


def locks_at(row: SignIn) -> datetime | None:
    """Return when a session's screen locks if nothing is touched; None when it never does."""
    after = rules.lock_after(_roles(row.account))
    return row.seen_at + after if after else None


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
    person = selectinload(kind.account if kind is Grant else kind.by)
    roles: Any = Account.grants
    return wanted.options(
        person.selectinload(roles), selectinload(kind.community), selectinload(kind.practice)
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


def step_of(session: Session, token: str, purpose: StepFor, *, now: datetime) -> SignInStep | None:
    """Return what a token began, or None when it was used or ran out."""
    wanted = select(SignInStep).where(
        SignInStep.digest == ids.digest(token),
        SignInStep.purpose == purpose,
        SignInStep.expires_at > now,
    )
    return session.exec(wanted).first()


def authenticator(session: Session, account: Account) -> Authenticator | None:
    """Return the app that an account shows codes of."""
    mine = Authenticator.account_id == account.id, col(Authenticator.confirmed_at).is_not(None)
    return session.exec(select(Authenticator).where(*mine)).first()


def unconfirmed_authenticator(session: Session, account: Account) -> Authenticator | None:
    """Return the app of which no code was typed yet."""
    mine = Authenticator.account_id == account.id, col(Authenticator.confirmed_at).is_(None)
    wanted = select(Authenticator).where(*mine).order_by(col(Authenticator.created_at).desc())
    return session.exec(wanted).first()


def passkeys(session: Session, account: Account) -> list[Passkey]:
    """Return an account's passkeys, the oldest first."""
    wanted = select(Passkey).where(Passkey.account_id == account.id)
    return list(session.exec(wanted.order_by(col(Passkey.created_at), col(Passkey.id))).all())


def passkey_of(session: Session, credential_id: str) -> Passkey | None:
    """Return the passkey that a browser names."""
    return session.exec(select(Passkey).where(Passkey.credential_id == credential_id)).first()


def has_factor(session: Session, account: Account) -> bool:
    """Return whether an account has a second factor to show."""
    app = select(Authenticator.id).where(
        Authenticator.account_id == account.id, col(Authenticator.confirmed_at).is_not(None)
    )
    key = select(Passkey.id).where(Passkey.account_id == account.id)
    return bool(session.exec(select(or_(app.exists(), key.exists()))).one())


def code_digests(session: Session, account: Account) -> list[str]:
    """Return what is kept of an account's recovery codes, used or not."""
    mine = RecoveryCode.account_id == account.id
    return list(session.exec(select(RecoveryCode.digest).where(mine)).all())


def codes_left(session: Session, account: Account) -> int:
    """Return how many recovery codes an account has not used."""
    mine = RecoveryCode.account_id == account.id, col(RecoveryCode.used_at).is_(None)
    return session.exec(select(func.count()).select_from(RecoveryCode).where(*mine)).one()


def help_asked(session: Session, account: Account, *, now: datetime) -> HelpIn | None:
    """Return the help that somebody offered and nobody has agreed to yet."""
    mine = HelpIn.account_id == account.id, col(HelpIn.ended_at).is_(None)
    open_ones = col(HelpIn.issued_at).is_(None), col(HelpIn.asked_at) > now - rules.HELP_WITHIN
    wanted = select(HelpIn).where(*mine, *open_ones).order_by(col(HelpIn.asked_at).desc())
    return session.exec(wanted).first()


def reset_since(session: Session, account: Account, moment: datetime) -> bool:
    """Return whether the password was set anew by mail since a moment."""
    wanted = select(MailedLink.id).where(
        MailedLink.account_id == account.id,
        MailedLink.purpose == Purpose.RESET,
        col(MailedLink.used_at) > moment,
    )
    return session.exec(wanted.limit(1)).first() is not None


def are_tries_over(session: Session, token: str) -> bool:
    """Return whether the tries after one right password are used up."""
    wanted = select(SignInStep.tries).where(SignInStep.digest == ids.digest(token))
    return (session.exec(wanted).first() or 0) >= rules.STEP_TRIES


def are_few(left: int) -> bool:
    """Return whether so few recovery codes are left that new ones should be made."""
    return left <= rules.FEW_LEFT


def in_groups(text: str) -> str:
    """Return a long text in groups of four, as it is easily typed."""
    return rules.in_groups(text)
