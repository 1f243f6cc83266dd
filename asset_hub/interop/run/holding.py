"""A run that one worker has for a while: claimed under a lease, written to only while it is held.

Every batch is one transaction that begins by proving that the lease is still ours and by moving
`position` on. A worker that is killed leaves whole batches; whoever takes the run next goes on
from there. A worker that was frozen finds that its token is no longer the run's, and stops.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from asset_hub.core import clock, db, ids
from asset_hub.interop.models import BUSY, ImportRun, Stage

LEASE = timedelta(minutes=2)


class Lost(Exception):
    """Somebody else has the run by now."""


@dataclass
class Hold:
    """A run that is ours for a while."""

    run_id: UUID
    token: str
    stage: Stage
    attempts: int = 1  # times it was taken since the last thing that was done

    @contextmanager
    def turn(self, **values: Any) -> Iterator[Session]:
        """Yield a transaction that lands only while the run is ours; `values` are written to it."""
        with db.transaction() as session:
            self.write(session, lease_until=clock.now() + LEASE, attempts=0, **values)
            yield session

    def stay(self) -> None:
        """Keep the run a while longer; nothing of it is done yet."""
        with db.transaction() as session:
            self.write(session, lease_until=clock.now() + LEASE)

    def write(self, session: Session, **values: Any) -> None:
        """Change the run; raise Lost when it is no longer ours."""
        ours = (
            update(ImportRun)
            .where(
                col(ImportRun.id) == self.run_id,
                col(ImportRun.token) == self.token,
                col(ImportRun.stage) == self.stage,
            )
            .values(**values)
            .returning(col(ImportRun.id))
            .execution_options(synchronize_session=False)
        )
        if session.execute(ours).first() is None:
            raise Lost

    def finish(self, session: Session, stage: Stage, **values: Any) -> None:
        """Bring the run to its next stage, in the transaction of the last thing done."""
        self.write(session, stage=stage, lease_until=None, token=None, position=0, **values)


def claim() -> Hold | None:
    """Take the run that has waited longest and that nobody else has."""
    now, token = clock.now(), ids.token()
    free = or_(col(ImportRun.lease_until).is_(None), col(ImportRun.lease_until) < now)
    pick = (
        select(col(ImportRun.id))
        .where(col(ImportRun.stage).in_(BUSY), free)
        .order_by(col(ImportRun.created_at), col(ImportRun.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    take = (
        update(ImportRun)
        .where(col(ImportRun.id).in_(pick.scalar_subquery()))
        .values(token=token, lease_until=now + LEASE, attempts=col(ImportRun.attempts) + 1)
        .returning(col(ImportRun.id), col(ImportRun.stage), col(ImportRun.attempts))
        .execution_options(synchronize_session=False)
    )
    if not _any_wait():
        return None
    with db.transaction() as session:
        found = session.execute(take).first()
    return Hold(found[0], token, found[1], found[2]) if found else None


def _any_wait() -> bool:
    """Look before asking for the write lock: mostly there is nothing to do."""
    with db.reading() as connection:
        waits = select(col(ImportRun.id)).where(col(ImportRun.stage).in_(BUSY)).limit(1)
        return connection.execute(waits).first() is not None
