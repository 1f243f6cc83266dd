"""The same finding for whoever chooses a group together with somebody, near where they live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from asset_hub.communities.models import Community
from asset_hub.communities.queries import locate
from asset_hub.search import queries
from asset_hub.search.geo import Point
from asset_hub.search.queries.finding import PAGE
from asset_hub.search.question import asking, asking_back, looking, saying
from asset_hub.search.question.asking import Asked
from asset_hub.search.question.asking_back import Choice
from asset_hub.search.question.danger import Danger
from asset_hub.search.question.looking import Understood

MOST_PAGES = 5


@dataclass(frozen=True)
class Suited:
    """Results as cards say them, the one that fits best first, and what is said beside them."""

    asked: Asked
    results: Sequence[saying.Result] = ()
    near: str = ""  # the place that is measured from; "" for none
    more: int = 0  # how many pages to ask for to see further ones; 0 when these are all
    is_cut: bool = False  # there are more, which hardly fit
    notices: Sequence[str] = ()
    choices: Sequence[Choice] = ()  # topics that may be meant
    tapped: Sequence[Choice] = ()  # … that were chosen before
    dangers: Sequence[Danger] = field(default=())


def suited(
    session: Session,
    typed: str,
    *,
    community: Community | None,
    about: Iterable[str] = (),
    every: bool = False,
    pages: int = 1,
    today: date,
) -> Suited:
    """Find listed groups by words, or around a postcode, as /find does; each says why it is there.

    Distances are from the postcode, else from the middle of the community. Without words the
    community's own come first.
    """
    asked = _asked(session, typed, community, about, every=every)
    pages = max(1, min(pages, MOST_PAGES))
    connection = session.connection()
    understood = looking.understand(connection, asked, today=today)
    understood, answer = looking.answer(connection, understood)
    found = _pages(connection, understood, answer, pages, community)
    answer = replace(answer, found=found[: PAGE * pages])
    spoken = asking_back.spoken(connection, asked, understood, answer)
    kinds = {topic.slug: topic.kind for topic in queries.topics(connection)}
    return Suited(
        asked,
        [
            saying.result(one, today=today, kinds=kinds, why=why)
            for one, why in zip(answer.found, spoken["whys"], strict=True)
        ],
        near=_near(understood, community),
        more=pages + 1 if answer.total > len(answer.found) and pages < MOST_PAGES else 0,
        is_cut=understood.is_cut,
        notices=saying.notices(asked, understood, answer),
        choices=spoken["choices"],
        tapped=spoken["tapped"],
        dangers=spoken["dangers"],
    )  # fmt: skip


def _asked(
    session: Session, typed: str, community: Community | None, about: Iterable[str], *, every: bool
) -> Asked:
    """Return the question: from a postcode when that was typed, else from the community."""
    given = [("q", typed), *(("about", slug) for slug in about), *([("all", "1")] * every)]
    asked = asking.asked(MultiDict(given))
    if asked.q and locate(session, asked.q):
        return replace(asked, q="", near=asked.q)
    if community is None or community.latitude is None or community.longitude is None:
        return asked
    return replace(asked, pin=Point(community.latitude, community.longitude))


def _near(understood: Understood, community: Community | None) -> str:
    if understood.place:
        return understood.place.code
    return community.name if community and understood.question.near else ""


def _pages(
    connection: Connection,
    understood: Understood,
    answer: queries.Answer,
    pages: int,
    community: Community | None,
) -> list[queries.Found]:
    """Return several pages of results as one.

    What is the community's own comes first when nothing was asked for; else it comes before
    others of which nobody knows how far they are.
    """
    question, found = understood.question, list(answer.found)
    for page in range(2, min(pages, answer.pages) + 1):
        found += queries.find(connection, replace(question, page=page)).found
    if understood.place or community is None:
        return found
    own: list[queries.Found] = []
    for page in range(1, pages + 1):
        mine = queries.find(connection, replace(question, community=community.slug, page=page))
        own += mine.found
        if page >= mine.pages:
            break
    if not question.q:
        return list({one.number: one for one in (*own, *found)}.values())
    return _own_first(found, {one.number for one in own})


def _own_first(found: list[queries.Found], own: set[int]) -> list[queries.Found]:
    """Put what is one's own first among those of which nobody knows how far they are."""
    placeless = [one for one in found if one.metres is None]
    ordered = iter(sorted(placeless, key=lambda one: one.number not in own))
    return [next(ordered) if one.metres is None else one for one in found]
