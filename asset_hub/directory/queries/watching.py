"""Questions about who is told of changes, and what there is to tell: published facts only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from asset_hub.core import ids
from asset_hub.core.errors import Missing
from asset_hub.directory.models import (
    PART_WORDS,
    Parts,
    Revision,
    RevisionCause,
    Service,
    ServiceEvent,
    Standing,
    Watch,
)
from asset_hub.directory.queries.changes import called
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.telling import Names, say_openly

UNSURE_LIFE = timedelta(days=7)
MOST_TOLD = 40  # listings in one letter
GONE = {
    Standing.CLOSED: "It has stopped.",
    Standing.HIDDEN: "It cannot be found just now: nobody has confirmed it for long.",
}
AWAY = "It cannot be found just now."
NEW, AGAIN = "It is new here.", "It can be found again."


@dataclass(frozen=True)
class News:
    """What is new about one listing."""

    service: Service
    lines: list[str] = field(default_factory=list)

    @property
    def listed(self) -> bool:
        """Return whether its page can be read."""
        return self.service.standing is Standing.LISTED


def watches_of(session: Session, email_print: str) -> list[Watch]:
    """Return everything that one address watches or was asked about."""
    wanted = select(Watch).where(Watch.email_print == email_print)
    return list(session.exec(wanted.order_by(col(Watch.created_at), col(Watch.id))))


def watch_by(session: Session, email_print: str, of: UUID) -> Watch:
    """Return the watch of an address on a listing or a community."""
    wanted = select(Watch).where(
        Watch.email_print == email_print, or_(Watch.service_id == of, Watch.community_id == of)
    )
    return session.exec(wanted).one()


def watch_of(session: Session, token: str) -> Watch:
    """Return the watch of the link that begins it; raise Missing when it was stopped since."""
    wanted = select(Watch).where(Watch.confirm_digest == ids.digest(token))
    found = session.exec(wanted).first()
    if found is None:
        raise Missing
    return found


def watch_if_any(session: Session, token: str) -> Watch | None:
    """Return the watch of the link that stops it, or None: stopping twice is no mistake."""
    return session.exec(select(Watch).where(Watch.digest == ids.digest(token))).first()


def watching(session: Session) -> list[UUID]:
    """Return one watch of every address that has said yes."""
    wanted = select(Watch.email_print, Watch.id).where(col(Watch.confirmed_at).is_not(None))
    return list(dict(session.exec(wanted).all()).values())


def unsure(session: Session, *, now: datetime) -> list[UUID]:
    """Return the watches nobody confirmed in seven days."""
    wanted = select(Watch.id).where(
        col(Watch.confirmed_at).is_(None), col(Watch.created_at) <= now - UNSURE_LIFE
    )
    return list(session.exec(wanted))


def has_news(session: Session, watch: Watch, *, until: datetime) -> bool:
    """Return whether there is something to tell since the last letter."""
    since = watch.told_at or watch.created_at
    return next(_news(session, watch, since=since, until=until), None) is not None


def news(session: Session, watch: Watch, *, since: datetime, until: datetime) -> list[News]:
    """Return what is new about what is watched, in words that everybody may read."""
    found = sorted(
        _news(session, watch, since=since, until=until), key=lambda one: one.service.name
    )
    return found[:MOST_TOLD]


def _news(session: Session, watch: Watch, *, since: datetime, until: datetime) -> Iterator[News]:
    names: Names = called(session)
    for service in _touched(session, watch, since, until):
        lines = _lines(session, service, since, until, names)
        if lines:
            yield News(service, lines)


def _touched(session: Session, watch: Watch, since: datetime, until: datetime) -> list[Service]:
    of = Service.id == watch.service_id if watch.service_id else _there(watch)
    found: dict[UUID, Service] = {}
    for kind in (Revision, ServiceEvent):
        between = (col(kind.at) > since) & (col(kind.at) <= until)
        wanted = select(Service).join(kind, col(kind.service_id) == Service.id)
        for service in session.exec(wanted.where(of, between)):
            found[service.id] = service
    return list(found.values())


def _there(watch: Watch) -> bool:
    return Service.community_id == watch.community_id


def _lines(
    session: Session, service: Service, since: datetime, until: datetime, names: Names
) -> list[str]:
    then = _stood(session, service, since)
    if service.approved_at is None or service.standing is not Standing.LISTED:
        gone = then is Standing.LISTED and service.approved_at
        return [GONE.get(service.standing, AWAY)] if gone else []
    if then is not Standing.LISTED:
        return [NEW if then is None or then in _NEVER else AGAIN]
    wanted = select(Revision).where(
        Revision.service_id == service.id, col(Revision.at) > since, col(Revision.at) <= until,
        Revision.cause != RevisionCause.TOPIC,  # the topics changed, the group did not
    )  # fmt: skip
    before: Parts = {}
    for revision in session.exec(wanted.order_by(col(Revision.number).desc())):
        before |= revision.before
    near = service.community.name if service.community else ""
    there = snapshot.parts_of(service)
    said = []
    for name in (one for one in PART_WORDS if one in before and one not in snapshot.PRIVATE):
        was, now = (
            say_openly(name, parts.get(name), near=near, names=names) for parts in (before, there)
        )
        if was != now:
            said.append(f"{PART_WORDS[name]}: {now or 'not said any more'}")
    return said


_NEVER = {Standing.UNCONFIRMED, Standing.WAITING, Standing.RETURNED}


def _stood(session: Session, service: Service, since: datetime) -> Standing | None:
    """Return how a listing stood at a moment; None before it came."""
    wanted = (
        select(ServiceEvent.standing)
        .where(ServiceEvent.service_id == service.id, col(ServiceEvent.at) <= since)
        .order_by(col(ServiceEvent.at).desc(), col(ServiceEvent.id).desc())
    )
    found = session.exec(wanted).first()
    if found is not None:
        return Standing(found)
    imported = service.approved_at is not None and service.approved_at <= since
    return Standing.LISTED if imported else None
