"""What was asked for in vain, and most, counted: never about anybody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import select as columns
from sqlmodel import Session, col, func, select

from asset_hub.accounts.models import Account
from asset_hub.communities.models import Community
from asset_hub.core.access import places
from asset_hub.core.powers import Can
from asset_hub.directory.models import TaxonomyTerm
from asset_hub.search.models import AskedFor, UnmetAsk
from asset_hub.search.neighbourhood import local, register
from asset_hub.search.neighbourhood.gaps import FEW, say_times
from asset_hub.search.neighbourhood.register import SEASON

MOST, MOST_POPULAR = 60, 20
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
    home: Community | None = None  # the community that the area is
    missing: str = ""  # what is not listed there, in words

    @property
    def said(self) -> str:
        """Return how often, in words."""
        return say_times(self.asks)


def wants(session: Session, reader: Account, *, today: date) -> list[Want]:
    """Return what was asked in vain where somebody looks after listings, the most asked first.

    Asks from a district or from nowhere are everybody's: no community is theirs.
    """
    mine = places(reader, Can.APPROVE_LISTING, "community_id")
    homes = {row.slug: row for row in session.exec(select(Community))}
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
        home = homes.get(area)
        new = Want(topic, known, home.name if home else area, 0, 0, [], home)
        want = found.setdefault((topic, area), new)
        want.asks += asks
        want.little += asks if little else 0
        if words and asks >= FEW and len(want.words) < WORDS_SHOWN:
            want.words.append(words)
    return sorted(found.values(), key=lambda one: (-one.asks, one.name, one.area))[:MOST]


def popular(session: Session, reader: Account, *, today: date) -> list[Want]:
    """Return what is asked for most where somebody looks after listings, whether found or not.

    What was asked fewer than eight times in a season is not said.
    """
    mine = places(reader, Can.APPROVE_LISTING, "community_id")
    homes = session.exec(select(Community).where(col(Community.id).in_(mine)))
    names = {row.slug: row.name for row in homes}
    row: Any = AskedFor
    asks = func.sum(row.asks).label("asks")
    wanted = (
        columns(row.topic, row.area, asks)
        .where(col(row.day) > today - SEASON, col(row.area).in_(list(names)))
        .group_by(row.topic, row.area)
        .having(asks >= FEW)
        .order_by(asks.desc(), row.topic, row.area)
        .limit(MOST_POPULAR)
    )
    topics = dict(session.exec(select(TaxonomyTerm.slug, TaxonomyTerm.name)).all())
    return [
        Want(topic, topics.get(topic, topic.replace("-", " ")), names[area], int(times), 0, [])
        for topic, area, times in session.connection().execute(wanted)
    ]


def join(connection: Connection, wanted: list[Want], *, today: date) -> None:
    """Say beside each want of a community what is not listed there about its topic."""
    homes = {want.home.slug: want.home for want in wanted if want.home}
    asks = register.read(connection, today=today)
    gaps = {
        slug: {gap.topic: gap.words for gap in local.missing(connection, home, asks)}
        for slug, home in homes.items()
    }
    for want in wanted:
        if want.home and want.topic:
            want.missing = gaps[want.home.slug].get(want.topic, "")
