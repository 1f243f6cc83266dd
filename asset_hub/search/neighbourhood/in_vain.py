"""What was asked for in vain, counted: never about anybody, and few asks never by their number."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import select as columns
from sqlmodel import Session, col, func, select

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.core.access import places
from asset_hub.core.powers import Can
from asset_hub.directory.models import TaxonomyTerm
from asset_hub.search.models import UnmetAsk

SEASON = timedelta(days=90)
FEW = 8  # fewer asks than this are said as "a few": nobody is to be guessed at (TRUST: 1 to 7)
MOST = 60
WORDS_SHOWN = 6


@dataclass
class Want:
    """A topic that was asked for in an area and not met, or only a little."""

    topic: str  # its slug; "" when nobody could say what it was about
    name: str
    area: str
    asks: int
    little: int  # of them, those for which something came near
    words: list[str]

    @property
    def said(self) -> str:
        """Return how often, in words."""
        return "A few times" if self.asks < FEW else f"About {5 * round(self.asks / 5):,} times"


def wants(session: Session, reader: Account, *, today: date) -> list[Want]:
    """Return what was asked in vain where somebody looks after listings, the most asked first.

    Asks from a district or from nowhere are everybody's: no community is theirs.
    """
    mine = places(reader, Can.APPROVE_LISTING, "community_id")
    names = {row.slug: row.name for row in session.exec(select(Community))}
    theirs = select(Community.slug).where(col(Community.id).not_in(mine))
    row: Any = UnmetAsk
    wanted = (
        columns(row.topic, row.area, row.little, row.words, func.sum(row.asks))
        .where(col(row.day) > today - SEASON, col(row.area).not_in(theirs))
        .group_by(row.topic, row.area, col(row.little), row.words)
    )
    topics = dict(session.exec(select(TaxonomyTerm.slug, TaxonomyTerm.name)).all())
    found: dict[tuple[str, str], Want] = {}
    for topic, area, little, words, asks in session.connection().execute(wanted):
        known = topics.get(topic, topic.replace("-", " ") or "Something we have no word for")
        want = found.setdefault((topic, area), Want(topic, known, names.get(area, area), 0, 0, []))
        want.asks += asks
        want.little += asks if little else 0
        if words and asks >= FEW and len(want.words) < WORDS_SHOWN:
            want.words.append(words)
    return sorted(found.values(), key=lambda one: (-one.asks, one.name, one.area))[:MOST]


def most_asked(connection: Connection, area: str, *, today: date) -> list[str]:
    """Return the topics asked in vain in an area in the last season, the most asked first.

    What a few asked is not among them: an order must not tell of anybody either.
    """
    row: Any = UnmetAsk
    asks = func.sum(row.asks)
    wanted = (
        columns(row.topic)
        .where(col(row.day) > today - SEASON, row.area == area, row.topic != "")
        .group_by(row.topic)
        .having(asks >= FEW)
        .order_by(asks.desc(), row.topic)
    )
    return list(connection.execute(wanted).scalars())
