"""Coordinators look after the topics all communities share: add, change, retire, merge, undo.

Nothing here changes a listing: `retagging.carry_on` does, in transactions of its own. Whoever edits
a listing holds it and then asks for its topics; held the other way round, both would wait for ever.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account
from asset_hub.core import audit
from asset_hub.core.calendar import UNDO_WITHIN
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import TaxonomyTerm, TermKind, Theme, TopicEvent, TopicMerge
from asset_hub.directory.rules import naming
from asset_hub.directory.service.retagging import mark_due
from asset_hub.directory.service.topics import ensure_topics
from asset_hub.directory.topics import OURS

EDITABLE = ("name", "description", "theme", "urgent", "words")
TAKEN = "There is a topic with this name already. Use that one, or enter another name"


def add_topic(
    session: Session,
    *,
    by: Account,
    now: datetime,
    name: str,
    kind: TermKind,
    description: str = "",
    theme: Theme | None = None,
    urgent: bool = False,
    words: str = "",
) -> TaxonomyTerm:
    """Add a topic; its slug is made of its first name and never changes."""
    naming.must_say_something(name)
    taken = {*ensure_topics(session), *OURS}
    term = TaxonomyTerm(
        slug=naming.slug_of(name, taken), name=name, name_key=naming.key_of(name), kind=kind,
        description=description, theme=_theme(kind, theme), urgent=urgent,
        words=naming.phrases(words), ours=True, edited_at=now,
    )  # fmt: skip
    _save(session, term)
    _remember(session, term, "added", by=by, now=now, after=_said(term))
    return term


def change_topic(
    session: Session, term: TaxonomyTerm, *, by: Account, now: datetime, **values: Any
) -> list[str]:
    """Change a topic's words; `carry_on` publishes listings that have it again."""
    _must_be_open(term)
    naming.must_say_something(values["name"])
    values |= {
        "words": naming.phrases(values["words"]),
        "theme": _theme(term.kind, values["theme"]),
    }
    before = _said(term)
    changed = [name for name in EDITABLE if getattr(term, name) != values[name]]
    if not changed:
        return []
    for name in changed:
        setattr(term, name, values[name])
    term.edited_at = now
    term.name_key = None if term.retired_at else naming.key_of(term.name)
    _save(session, term)
    after = _said(term)
    _remember(
        session, term, "changed", by=by, now=now,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )  # fmt: skip
    if "name" in changed:
        mark_due(session, term)
    return changed


def retire_topic(session: Session, term: TaxonomyTerm, *, by: Account, now: datetime) -> bool:
    """Let nothing new choose a topic; return False when it was retired before."""
    _lock(session, term)
    _must_be_open(term)
    if term.retired_at:
        return False
    term.retired_at = term.edited_at = now
    term.name_key = None
    _save(session, term)
    _remember(session, term, "retired", by=by, now=now)
    return True


def restore_topic(session: Session, term: TaxonomyTerm, *, by: Account, now: datetime) -> bool:
    """Offer a retired topic again; return False when it is on offer."""
    _lock(session, term)
    _must_be_open(term)
    if term.retired_at is None:
        return False
    term.retired_at, term.edited_at = None, now
    term.name_key = naming.key_of(term.name)
    _save(session, term)
    _remember(session, term, "restored", by=by, now=now)
    return True


def merge_topic(
    session: Session, gone: TaxonomyTerm, kept: TaxonomyTerm, *, by: Account, now: datetime
) -> TopicMerge:
    """Make one topic another: `carry_on` gives listings that have it the kept one."""
    _lock(session, gone, kept)
    naming.must_be_mergeable(gone, kept)
    merge = TopicMerge(gone_id=gone.id, kept_id=kept.id, at=now, by_id=by.id)
    session.add(merge)
    gone.merged_into_id, gone.edited_at, gone.name_key = kept.id, now, None
    kept.edited_at = now
    _save(session, gone, kept)
    _remember(session, gone, "merged", by=by, now=now, after={"into": kept.name})
    _remember(session, kept, "took in", by=by, now=now, after={"topic": gone.name})
    return merge


def undo_merge(session: Session, gone: TaxonomyTerm, *, by: Account, now: datetime) -> bool:
    """Take the last merge of a topic back, within 30 days; return False when there is none.

    Each listing that had the topic gets it back, unless somebody has since taken the kept one off.
    """
    wanted = select(TopicMerge).where(
        TopicMerge.gone_id == gone.id, col(TopicMerge.undone_at).is_(None)
    )
    merge = session.exec(wanted.order_by(col(TopicMerge.at).desc())).first()
    if merge is None:
        return False
    kept = session.get_one(TaxonomyTerm, merge.kept_id)
    _lock(session, gone, kept)
    session.refresh(merge)
    if merge.undone_at or gone.merged_into_id is None:
        return False
    _must_be_undoable(merge, kept, now)
    merge.undone_at = now
    gone.merged_into_id, gone.edited_at = None, now
    gone.name_key = None if gone.retired_at else naming.key_of(gone.name)
    session.add(merge)
    _save(session, gone)
    _remember(session, gone, "unmerged", by=by, now=now, before={"into": kept.name})
    _remember(session, kept, "gave back", by=by, now=now, before={"topic": gone.name})
    return True


def _must_be_undoable(merge: TopicMerge, kept: TaxonomyTerm, now: datetime) -> None:
    if merge.at <= now - UNDO_WITHIN:
        raise RuleBroken("A merge can be undone for 30 days. These have passed.")
    if kept.merged_into_id:
        raise RuleBroken(f"{kept.name} has been merged since. Undo that merge first.")


def _must_be_open(term: TaxonomyTerm) -> None:
    if term.merged_into_id:
        raise RuleBroken("This topic was merged into another. Undo the merge to change it.")
    if not term.ours:
        raise RuleBroken("This topic belongs to a list we import. It is changed there.")


def _lock(session: Session, *terms: TaxonomyTerm) -> None:
    """Make others who change these topics wait, and see them as they are now."""
    wanted = select(TaxonomyTerm).where(col(TaxonomyTerm.id).in_([term.id for term in terms]))
    locked = wanted.order_by(col(TaxonomyTerm.id)).with_for_update()
    session.exec(locked.execution_options(populate_existing=True)).all()


def _save(session: Session, *terms: TaxonomyTerm) -> None:
    """Write topics; a name that another has, even since a moment ago, is refused."""
    try:
        with session.begin_nested():
            session.add_all(terms)
            session.flush()
    except IntegrityError:
        raise RuleBroken(TAKEN, field="name") from None


def _remember(
    session: Session,
    term: TaxonomyTerm,
    what: str,
    *,
    by: Account,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    session.add(
        TopicEvent(
            term_id=term.id, at=now, by_id=by.id, what=what, before=before or {}, after=after or {}
        )
    )
    audit.note(session, f"{what} topic", term, by=by.id, now=now)


def _said(term: TaxonomyTerm) -> dict[str, Any]:
    """Return what a coordinator may change, as the history keeps it."""
    return {name: getattr(term, name) for name in EDITABLE}


def _theme(kind: TermKind, theme: Theme | None) -> Theme | None:
    """Return the heading a topic stands under: needs alone have one, and need one."""
    if kind is not TermKind.NEED:
        return None
    if theme is None:
        raise RuleBroken("Select the heading it stands under", field="theme")
    return theme
