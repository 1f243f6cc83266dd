"""What others may do to the index and ask of it, and what is kept of asks that found nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from sqlalchemy import Connection, delete
from sqlmodel import Session, col

from asset_hub.core import db
from asset_hub.search.models import AskedFor, UnmetAsk
from asset_hub.search.queries import plan, text
from asset_hub.search.question.suiting import Suited as Suited
from asset_hub.search.question.suiting import suited as suited
from asset_hub.search.tally import Ask

MOST_TOPICS = 2  # that one ask is counted under
MOST_LETTERS = 100
FOLD_LOCK = 4_150_022  # PostgreSQL advisory lock


@dataclass
class Words:
    """The stems of listings that are added together, held until they are indexed together."""

    held: defaultdict[str, list[tuple[str, int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, number: int, stems: Iterable[str], impacts: Iterable[int]) -> None:
        """Hold the stems of the listing with a number."""
        held = self.held
        for stem, impact in zip(stems, impacts, strict=True):
            held[stem].append((stem, number, impact))

    def in_order(self) -> list[tuple[str, int, int]]:
        """Return the rows in the order of the index: so it grows at its ends."""
        return list(chain.from_iterable(self.held[stem] for stem in sorted(self.held)))


@contextmanager
def indexing_at_once(connection: Connection) -> Iterator[Words]:
    """Index the listings that are added inside together.

    On SQLite the trigger for added listings holds still inside, and what it would have done for
    each is a few statements for all of them at the end. All of it is in the caller's transaction,
    which nobody else can see into. Give the stems of all listings that are added, or of none.
    """
    words = Words()
    if connection.dialect.name != "sqlite":
        yield words
        return
    run = connection.exec_driver_sql
    last = run("SELECT coalesce(max(number), 0) FROM listing").scalar_one()
    run("INSERT INTO listing_text_held (held) VALUES (1)")
    yield words
    run("DELETE FROM listing_text_held")
    for statement in text.index_after(words=not words.held):
        run(statement, (last,))
    if words.held:
        run(text.ADD_WORD, words.in_order())


def unmet(
    session: Session,
    *,
    topics: Sequence[str],
    area: str,
    words: str = "",
    little: bool = False,
    today: date,
) -> None:
    """Count an ask that nothing here fits, or `little`, under the topics it seemed to be about.

    `area` is a community's slug or the district of a postcode, never more. `words` are given only
    when each of them is one of our own words for topics: nobody can be known by them.
    """
    insert = db.INSERT[session.get_bind().dialect.name](UnmetAsk)
    for topic in sorted(dict.fromkeys(topics[:MOST_TOPICS])) or [""]:  # in one order: no deadlock
        row = insert.values(
            day=today, topic=topic, area=area[:60], words=words[:MOST_LETTERS], little=little,
            asks=1,
        )  # fmt: skip
        keys = ["day", "topic", "area", "words", "little"]
        counted = row.on_conflict_do_update(index_elements=keys, set_={"asks": UnmetAsk.asks + 1})
        session.connection().execute(counted)


def asked(session: Session, asks: Mapping[Ask, int]) -> None:
    """Add what was asked for to the counts of its days."""
    insert = db.INSERT[session.get_bind().dialect.name](AskedFor)
    for (day, topic, area), times in sorted(asks.items()):  # in one order: no deadlock
        row = insert.values(day=day, topic=topic[:60], area=area[:60], asks=times)
        more = {"asks": AskedFor.asks + times}
        counted = row.on_conflict_do_update(index_elements=["day", "topic", "area"], set_=more)
        session.connection().execute(counted)


def forget_unmet(session: Session, *, before: date) -> None:
    """Delete the counts of days before a day."""
    for kind in (UnmetAsk, AskedFor):
        session.connection().execute(delete(kind).where(col(kind.day) < before))


def fold(session: Session) -> bool:
    """Add some of the places that came or went to the map's counts; return whether any had."""
    run = session.connection().exec_driver_sql
    if run("SELECT 1 FROM listing_text_moved LIMIT 1").first() is None:
        return False
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":  # one at a time: two that add up the same cells could lock
        run(f"SELECT pg_advisory_xact_lock({FOLD_LOCK})")
    for statement in (*plan.FOLDING[dialect], plan.EMPTIED):
        run(statement)
    return True
