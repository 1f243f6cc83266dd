"""What was written and is still to be checked: sealed, its writer's own, and kept for a day."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete

from asset_hub.accounts.models import Account
from asset_hub.connections import queries, rules
from asset_hub.connections.models import ConnectionDraft
from asset_hub.core.errors import RuleBroken


def keep_draft(
    session: Session,
    answers: Mapping[str, str],
    *,
    service_id: UUID,
    person_id: UUID | None,
    by: Account,
    now: datetime,
) -> ConnectionDraft:
    """Keep answers to be checked; the same form, changed, replaces what it kept before."""
    key = answers["request_key"]
    draft = queries.draft_of_form(session, key) or ConnectionDraft(
        by_id=by.id, service_id=service_id, person_id=person_id, request_key=key, kept_at=now
    )
    if (draft.by_id, draft.service_id, draft.person_id) != (by.id, service_id, person_id):
        raise RuleBroken("This page is too old. Open it again.")
    draft.answers, draft.kept_at = json.dumps(dict(answers)), now
    session.add(draft)
    session.flush()
    return draft


def empty_draft(session: Session, request_key: str) -> None:
    """Forget the answers once they are sent; what they became is found by the same key."""
    if draft := queries.draft_of_form(session, request_key):
        draft.answers = ""
        session.add(draft)


def forget_drafts(session: Session, *, now: datetime) -> None:
    """Delete what nobody sent within a day."""
    old = col(ConnectionDraft.kept_at) <= now - rules.DRAFT_LASTS
    session.exec(delete(ConnectionDraft).where(old))
