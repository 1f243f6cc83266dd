"""How often a thing may be tried, counted in the database so that every process counts together."""

from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address, ip_network

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col

from asset_hub.core import crypto, db
from asset_hub.core.db import moment
from asset_hub.core.errors import TooOften


class Try(SQLModel, table=True):
    """How many tries a key has had in the window that began at `since`."""

    __tablename__ = "throttle"

    key: str = Field(primary_key=True, max_length=64)
    since: datetime = moment(primary_key=True)
    count: int = 1


def hit(
    session: Session,
    what: str,
    who: str,
    *,
    limit: int,
    per: timedelta,
    now: datetime,
    even_refused: bool = False,
) -> None:
    """Count one try of `what` by `who`; raise TooOften past `limit` tries in the window.

    `who` (an address, a mail address) is kept only as a keyed hash. A try that is refused is rolled
    back, and its count with it, unless it counts `even_refused`: then it is saved on the side.
    """
    key, since = _window(what, who, per, now)
    if _count(session, key, since) > limit:
        raise TooOften(int((since + per - now).total_seconds()) + 1)
    if even_refused:
        db.even_refused(session, partial(_count, key=key, since=since))


def _count(session: Session, key: str, since: datetime) -> int:
    insert = db.INSERT[session.get_bind().dialect.name](Try).values(key=key, since=since, count=1)
    counted = insert.on_conflict_do_update(
        index_elements=["key", "since"], set_={"count": Try.count + 1}
    ).returning(Try.count)
    return int(session.exec(counted).one()[0])


def must_be_left(
    session: Session, what: str, who: str, *, limit: int, per: timedelta, now: datetime
) -> None:
    """Raise TooOften when somebody's tries are used up; this look counts as none."""
    key, since = _window(what, who, per, now)
    found = session.get(Try, (key, since))
    if found is not None and found.count >= limit:
        raise TooOften(int((since + per - now).total_seconds()) + 1)


def network(address: str) -> str:
    """Return whose address it is: itself, or the 64 bits that a household has of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


def _window(what: str, who: str, per: timedelta, now: datetime) -> tuple[str, datetime]:
    """Return the key of somebody's tries, and when the window that is open now began."""
    key = crypto.vault().fingerprint(f"throttle:{what}:{who.casefold()}")
    seconds = int(per.total_seconds())
    return key, now.fromtimestamp(int(now.timestamp()) // seconds * seconds, now.tzinfo)


def forget(session: Session, *, before: datetime) -> None:
    """Delete windows that ended long ago."""
    session.exec(delete(Try).where(col(Try.since) < before))
