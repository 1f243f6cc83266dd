"""The thesaurus of a site: ours and what its coordinators wrote, made once and kept."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import Session

from asset_hub.directory.models import TermKind
from asset_hub.directory.queries.topics import offer
from asset_hub.directory.rules import meaning
from asset_hub.directory.rules.meaning import Meaning as Meaning
from asset_hub.directory.rules.meaning import Thesaurus as Thesaurus
from asset_hub.directory.rules.meaning import meant as meant
from asset_hub.directory.rules.offering import Offer
from asset_hub.directory.topics import OURS
from asset_hub.directory.topics.near import NEAR
from asset_hub.directory.topics.said import Sense, senses

BESIDE = (TermKind.AUDIENCE, TermKind.ACCESS)
_kept: dict[str, tuple[Any, Thesaurus]] = {}  # by database: what it was made from, and it
# one short row that changes whenever somebody changes a topic
_STATE = text(
    "SELECT count(*), sum(version), sum(length(words)), sum(length(name)), "
    "count(retired_at), count(merged_into_id) FROM taxonomy_term WHERE ours"
)


def thesaurus(connection: Connection) -> Thesaurus:
    """Return what people's words mean on this site."""
    key = str(connection.engine.url)
    state = tuple(connection.execute(_STATE).one())
    made_from, found = _kept.get(key, (None, None))
    if found is None or made_from != state:
        with Session(connection) as session:
            offered = offer(session)
        beside = [topic.slug for topic in offered.topics if topic.kind in BESIDE]
        found = meaning.compiled(_senses(offered), beside)
        found.names = {t.slug: (t.name, t.kind.value) for t in offered.topics}
        _kept[key] = state, found
    return found


def near(slug: str) -> tuple[str, ...]:
    """Return the topics that lie near one."""
    return NEAR.get(slug, ())


def _senses(offered: Offer) -> Iterator[Sense]:
    slugs = {topic.slug for topic in offered.topics}
    for sense in senses():
        slug = offered.became.get(sense.slug, sense.slug)
        if slug in slugs:
            yield Sense(slug, sense.said, sense.offered)
    for topic in offered.topics:
        own = topic.slug not in OURS  # of a topic of the site's own, groups speak as people do
        yield Sense(topic.slug, (*topic.words, topic.name), topic.words if own else (topic.name,))
