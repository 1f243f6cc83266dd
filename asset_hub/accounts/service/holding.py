"""What was sent from a locked screen: held, sealed, until its owner is back to carry on."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from asset_hub.accounts import rules
from asset_hub.accounts.models import Account, HeldForm, SignIn

ROW: Any = HeldForm
LONGEST = 200_000  # characters of all that was typed


class Held(NamedTuple):
    """A form that waits: where it was going and what was typed."""

    id: UUID
    path: str
    typed: list[tuple[str, str]]
    files: bool


def hold(
    session: Session,
    row: SignIn,
    *,
    path: str,
    typed: list[tuple[str, str]],
    files: bool,
    now: datetime,
) -> bool:
    """Keep what was sent; return False when it is more than may be kept."""
    content = json.dumps({"path": path, "typed": typed, "files": files})
    if len(content) > LONGEST or len(held(session, row, now=now)) >= rules.HELD_MOST:
        return False
    kept = HeldForm(account_id=row.account_id, sign_in_id=row.id, content_sealed=b"", sent_at=now)
    kept.content = content
    session.add(kept)
    session.flush()
    return True


def held(session: Session, row: SignIn, *, now: datetime) -> list[Held]:
    """Return what waits for a session's owner, the oldest first."""
    mine = HeldForm.sign_in_id == row.id, col(HeldForm.sent_at) > now - rules.HELD_FOR
    wanted = select(HeldForm).where(*mine).order_by(col(HeldForm.sent_at), col(HeldForm.id))
    found = []
    for kept in session.exec(wanted).all():
        content = json.loads(kept.content)
        typed = [(name, value) for name, value in content["typed"]]
        found.append(Held(kept.id, content["path"], typed, content["files"]))
    return found


def let_go(session: Session, row: SignIn, key: UUID) -> None:
    """Forget a form that was carried on, or is not wanted any more."""
    session.exec(delete(ROW).where(ROW.id == key, ROW.sign_in_id == row.id))


def forget_about(session: Session, keys: Collection[UUID]) -> None:
    """Forget every form that was going to somebody, or to what is kept of them."""
    named = {str(key) for key in keys}
    for kept in session.exec(select(HeldForm)).all():  # a few: they last for hours
        content = json.loads(kept.content)
        said = f"{content['path']} {' '.join(value for _, value in content['typed'])}".casefold()
        if any(key in said for key in named):
            session.delete(kept)
    session.flush()


def hand_on(session: Session, account: Account, old: str, new: str) -> bool:
    """Give what a browser's session held to the one its owner signed in to after it.

    Return whether anything waits there.
    """
    mine = col(SignIn.digest).in_((old, new)), SignIn.account_id == account.id
    ids = dict(session.exec(select(SignIn.digest, SignIn.id).where(*mine)).all())
    if len(ids) < 2:
        return False
    moved = update(ROW).where(ROW.sign_in_id == ids[old]).values(sign_in_id=ids[new])
    return session.exec(moved.returning(ROW.id)).first() is not None
