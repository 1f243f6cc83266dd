"""What has happened to a listing, the latest first, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from asset_hub.accounts.models import Account, Grant
from asset_hub.core.powers import Role
from asset_hub.directory.models import (
    Asker,
    ChangeRequest,
    Revision,
    RevisionCause,
    Service,
    ServiceEvent,
    Standing,
)
from asset_hub.directory.queries.changes import called
from asset_hub.directory.queries.given import taken_back
from asset_hub.directory.rules.changes import UNDONE_ELSEWHERE, may_undo
from asset_hub.directory.rules.telling import Told, tell

THEY = "The people who run it"
TEAM = "The community’s team"
VISITOR = "a visitor"
IMPORT = "An import"
MOST = 300
TOOK_BACK = "took back that it is right"
STANDING_WORDS = {
    Standing.UNCONFIRMED: "sent it in",
    Standing.WAITING: "sent it to a champion",
    Standing.RETURNED: "sent it back for changes",
    Standing.LISTED: "listed it",
    Standing.HIDDEN: "took it out of finding: nobody had confirmed it",
    Standing.CLOSED: "closed it",
}
CAUSE_WORDS = {
    RevisionCause.EDIT: "changed it",
    RevisionCause.CONTACT: "changed it",
    RevisionCause.MERGE: "took another listing into it",
    RevisionCause.UNDO: "undid a change",
    RevisionCause.IMPORT: "changed it",
    RevisionCause.TOPIC: "made one of its topics another for every listing",
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened: who did what, and the parts that changed."""

    at: datetime
    who: str
    what: str
    message: str = ""
    rows: list[Told] = field(default_factory=list)
    revision: Revision | None = None
    undone_at: datetime | None = None
    may_undo: bool = False


def history(
    session: Session, service: Service, *, now: datetime, today: date, names: bool
) -> list[Entry]:
    """Return what happened to a listing, the latest first; `names` says who of the team it was."""
    who = _Who(session, service, names)
    wanted = select(Revision).where(Revision.service_id == service.id)
    revisions = list(session.exec(wanted.order_by(col(Revision.number).desc()).limit(MOST)))
    undone = {one.undoes_id: one.at for one in revisions if one.undoes_id}
    topics = called(session)
    happened = select(ServiceEvent).where(ServiceEvent.service_id == service.id)
    events = session.exec(happened.order_by(col(ServiceEvent.at), col(ServiceEvent.id))).all()
    sources = {event.at: event.message for event in events}
    changes = [
        Entry(
            at=one.at,
            who=IMPORT if one.cause is RevisionCause.IMPORT else who(one.by_id),
            what=_what(session, one, who),
            message=sources.get(one.at, "") if one.cause is RevisionCause.IMPORT else "",
            rows=[
                row
                for row in tell(one.before, one.after, names=topics, today=today)
                if names or not row.private  # a link may outlive who it was mailed to
            ],
            revision=one,
            undone_at=undone.get(one.id),
            may_undo=may_undo(one.at, now)
            and one.id not in undone
            and one.cause not in UNDONE_ELSEWHERE,
        )
        for one in revisions
    ]
    moments = {one.at for one in revisions}
    back = taken_back(session, service.id)
    others = [*_others(events, service, moments, who, back)][::-1]  # of one moment the later first
    return sorted([*changes, *others], key=lambda entry: entry.at, reverse=True)


class _Who:
    """Who did something, as said to whoever reads."""

    def __init__(self, session: Session, service: Service, names: bool) -> None:
        self.session, self.names = session, names
        owners = select(Grant.account_id).where(
            Grant.role == Role.OWNER, Grant.organization_id == service.organization_id
        )
        self.owners = set(session.exec(owners))

    def __call__(self, key: UUID | None) -> str:
        if key is None:
            return THEY
        if not self.names:
            return THEY if key in self.owners else TEAM
        account = self.session.get(Account, key)
        return account.name if account else "Somebody"


def _what(session: Session, revision: Revision, who: _Who) -> str:
    if revision.cause is not RevisionCause.CHANGE:
        return CAUSE_WORDS[revision.cause]
    change = session.get(ChangeRequest, revision.change_id) if revision.change_id else None
    if change is None or change.asker is Asker.VISITOR:
        return f"took what {VISITOR} suggested"
    theirs = who(change.by_id)
    return f"took what {theirs[:1].lower() + theirs[1:] if theirs in (THEY, TEAM) else theirs} sent"


def _others(
    events: Iterable[ServiceEvent],
    service: Service,
    moments: set[datetime],
    who: _Who,
    back: set[datetime],
) -> Iterator[Entry]:
    """Yield what else happened: sent in, approved, confirmed, closed, opened again."""
    before: Standing | None = None
    for event in events:
        brought = before is None and bool(service.source) and event.by_id is None
        same, before = event.standing is before, event.standing
        if same and event.at in moments:
            continue  # the change itself says it
        said = "said that it is right" if same else STANDING_WORDS[event.standing]
        yield Entry(
            at=event.at,
            who=IMPORT if brought else who(event.by_id),
            what=TOOK_BACK if event.at in back else said,
            message=event.message,
        )
