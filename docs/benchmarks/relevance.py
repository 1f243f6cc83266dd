"""How often the first three results are right: `python docs/benchmarks/relevance.py`.

Asks two judged collections as the page does, each in a fresh SQLite file: questions of our own
about the demonstration's town (`averholme.toml`, ships with the project), and those beside the
project (`../shared/data/relevance` and the feed they are about, through the product's own import),
when they are there. Prints success@3 by kind: with the words as typed, as they are understood,
after the best single tap, and with the thesaurus not knowing a topic at all. `--each` prints what
was missed.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
if not SHARED.exists():
    SHARED = ROOT.parents[1] / "shared"
FEED = SHARED / "data" / "oruk_feeds" / "north_lincolnshire_services_v1.json"
JUDGED = SHARED / "data" / "relevance"
OURS = Path(__file__).parent / "averholme.toml"
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from judging import KINDS, NONE, Query, from_files, from_toml, score  # noqa: E402

Named = Callable[[dict[str, Any]], str]  # what a card's listing is called in the judgements


def load_feed() -> Named:
    """Import the feed as a site would."""
    from asset_hub.core import clock, db
    from asset_hub.directory import service
    from asset_hub.interop.run import command_line

    with db.transaction() as session:
        service.ensure_topics(session)
    todo = command_line.plan(FEED, source="relevance", mapping=None, now=clock.now())
    command_line.run(todo, community="", dry_run=False, now=clock.now(), progress=lambda *_: None)
    return lambda card: str(card["source_id"])


def load_town() -> Named:
    """Fill in the demonstration, as `flask demo fill` does."""
    from asset_hub.core import clock, db
    from asset_hub.demo import service

    with db.transaction() as session:
        town = service.fill(session, now=clock.now())
        keys = {str(service.id): key for key, service in town.services.items()}
    return lambda card: keys[card["id"]]


class Site:
    """A loaded site, asked as its page is asked."""

    def __init__(self, connection: Any, named: Named) -> None:
        self.connection, self.named = connection, named

    def keys(self, answer: Any) -> list[str]:
        """Return what was found, best first, as the judgements call it."""
        return [self.named(found.card) for found in answer.found]

    def typed(self, q: str) -> list[str]:
        """Answer with the words as they are typed."""
        from asset_hub.search import queries

        return self.keys(queries.find(self.connection, queries.Question(q)))

    def asked(self, q: str, *about: str) -> tuple[Any, Any]:
        """Understand and answer a question, with topics that were tapped."""
        from werkzeug.datastructures import MultiDict

        from asset_hub.core import clock
        from asset_hub.search.question import asking, looking

        asked = asking.asked(MultiDict([("q", q), *(("about", slug) for slug in about)]))
        understood = looking.understand(self.connection, asked, today=clock.today())
        return looking.answer(self.connection, understood)

    def understood(self, q: str) -> list[str]:
        """Answer as the page does."""
        return self.keys(self.asked(q)[1])

    def taps(self, q: str) -> list[list[str]]:
        """Return the answers to each of the topics that the page offers for it."""
        from asset_hub.search.question import asking_back

        understood, answer = self.asked(q)
        about = asking_back.topics_of(self.connection, answer)
        offered = asking_back.choices(self.connection, understood, answer, about, ())
        return [self.keys(self.asked(q, choice.slug)[1]) for choice in offered]


@contextmanager
def without(slug: str) -> Iterator[None]:
    """Let the thesaurus know nothing of how people speak of one topic."""
    module: Any = sys.modules["asset_hub.directory.queries.thesaurus"]
    senses = module.senses
    module._kept.clear()
    module.senses = lambda: tuple(
        replace(sense, said=()) if sense.slug == slug else sense for sense in senses()
    )
    yield
    module.senses = senses
    module._kept.clear()


def line(name: str, judged: Sequence[Query], run: dict[str, list[str]]) -> None:
    """Print one row of the table."""
    found = score(judged, run)
    cells = "".join(f"{found.hits[kind]:>7.2f}" for kind in KINDS) + f"{found.whole:>7.2f}"
    print(
        f"{name:<34}{cells}   {found.low:.2f} to {found.high:.2f}  {found.gain:>6.2f}"
        f"{found.offered:>8.1f}"
    )


def after_a_tap(site: Site, judged: Sequence[Query], run: dict[str, list[str]]) -> dict[str, Any]:
    """Return, for each query, the answer that the best of the offered taps gives."""
    found = {}
    for query in judged:
        answers = [run[query.key]]
        answers += [] if query.kind == NONE else site.taps(query.text)
        found[query.key] = max(answers, key=query.hit)
    return found


def left_out(site: Site, judged: Sequence[Query], run: dict[str, list[str]]) -> None:
    """Print success when the thesaurus has no phrases of one topic: of each, and of the first."""
    hits: dict[str, list[float]] = {}
    by_topic: dict[str, list[Query]] = {}
    first: dict[str, str] = {}
    for query in judged:
        heard = [slug for slug, _ in site.asked(query.text)[0].heard.topics]
        first[query.key] = heard[0] if heard else ""
        for slug in heard:
            by_topic.setdefault(slug, []).append(query)
    without_first = dict(run)
    for slug, asked in by_topic.items():
        with without(slug):
            for query in asked:
                ranked = site.understood(query.text)
                hits.setdefault(query.kind, []).append(float(query.hit(ranked)))
                if slug == first[query.key]:
                    without_first[query.key] = ranked
    said = ", ".join(f"{kind} {sum(hits[kind]) / len(hits[kind]):.2f}" for kind in KINDS
                     if kind in hits)  # fmt: skip
    print(f"leaving out each topic that is heard in a query, one at a time: {said}")
    told = score(judged, without_first).hits
    said = ", ".join(f"{kind} {told[kind]:.2f}" for kind in KINDS)
    print(f"leaving out the topic heard first: {said}")


def measure(judged: Sequence[Query], site: Site) -> None:
    """Print the table of one collection."""
    from asset_hub.search.question import understanding

    heads = "".join(f"{kind:>7}" for kind in (*KINDS, "ALL"))
    print(f"{'success@3':<34}{heads}   95 % (all)     nDCG@10  none: n")
    line("words as typed", judged, {query.key: site.typed(query.text) for query in judged})
    run = {query.key: site.understood(query.text) for query in judged}
    line("understood", judged, run)
    tapped = after_a_tap(site, judged, run)
    line("after the best single tap", judged, tapped)
    if "--each" in sys.argv:
        for query in judged:
            if query.kind != NONE and not query.hit(run[query.key]):
                then = "a tap helps" if query.hit(tapped[query.key]) else "no tap helps"
                print(f"  missed: {query.kind} “{query.text}”: {run[query.key][:3]}; {then}")
    left_out(site, judged, run)
    start = time.process_time()
    for query in judged:
        understanding.hear(site.connection, query.text)
    spent = (time.process_time() - start) / len(judged)
    print(f"understanding: {spent * 1000:.1f} ms a query\n")


def on_a_site(load: Callable[[], Named], judged: Sequence[Query]) -> None:
    """Load a site of its own and measure it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "ENV": "test", "DATABASE_URL": f"sqlite:///{folder}/hub.db", "SECRET_KEY": "s" * 32
        }  # fmt: skip
        from sqlmodel import SQLModel

        from asset_hub import create_app
        from asset_hub.core import db

        app = create_app()
        with app.app_context():
            SQLModel.metadata.create_all(db.engine())
            named = load()
            with db.reading() as connection:
                measure(judged, Site(connection, named))


def main() -> None:
    """Measure each collection that is there."""
    ours = from_toml(OURS)
    print(f"Averholme, invented: {len(ours)} questions\n")
    on_a_site(load_town, ours)
    missing = [path for path in (FEED, JUDGED) if not path.exists()]
    if missing:
        print("The other judged collection is not beside the project:", *missing)
        return
    theirs = from_files(JUDGED / "queries.jsonl", JUDGED / "qrels.tsv")
    print(f"A real feed: {len(theirs)} questions\n")
    on_a_site(load_feed, theirs)


if __name__ == "__main__":
    main()
