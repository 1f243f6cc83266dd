"""How often the first three results are right: `python docs/benchmarks/relevance.py`.

Loads the judged collection beside the project (`../shared/data/relevance` and the feed it is
about) through the product's own import into a fresh SQLite file, asks every query as the page does,
and prints success@3 by kind: with the words as typed, as they are understood, after the best single
tap, and with the thesaurus not knowing a topic at all. Nothing of the collection is ever committed.
"""

import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
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
SCORE = SHARED / "tools" / "relevance_score.py"
sys.path.insert(0, str(ROOT))
KINDS = ("need", "topic", "known", "mixed", "ALL")
Ask = Callable[[str], list[str]]


def scorer() -> Any:
    spec = importlib.util.spec_from_file_location("relevance_score", SCORE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load() -> None:
    """Import the feed as a site would."""
    from sqlmodel import SQLModel

    from asset_hub.core import clock, db
    from asset_hub.directory import service
    from asset_hub.interop.run import command_line

    SQLModel.metadata.create_all(db.engine())
    with db.transaction() as session:
        service.ensure_topics(session)
    todo = command_line.plan(FEED, source="relevance", mapping=None, now=clock.now())
    command_line.run(todo, community="", dry_run=False, now=clock.now(), progress=lambda *_: None)


class Site:
    """The loaded site, asked as its page is asked."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def typed(self, q: str) -> list[str]:
        """Answer with the words as they are typed."""
        from asset_hub.search import queries

        return ids(queries.find(self.connection, queries.Question(q)))

    def asked(self, q: str, *about: str) -> tuple[Any, Any]:
        from werkzeug.datastructures import MultiDict

        from asset_hub.core import clock
        from asset_hub.search.question import asking, looking

        asked = asking.asked(MultiDict([("q", q), *(("about", slug) for slug in about)]))
        understood = looking.understand(self.connection, asked, today=clock.today())
        return looking.answer(self.connection, understood)

    def understood(self, q: str) -> list[str]:
        """Answer as the page does."""
        return ids(self.asked(q)[1])

    def taps(self, q: str) -> list[list[str]]:
        """Return the answers to each of the topics that the page offers for it."""
        from asset_hub.search.question import asking_back

        understood, answer = self.asked(q)
        about = asking_back.topics_of(self.connection, answer)
        offered = asking_back.choices(self.connection, understood, answer, about, ())
        return [ids(self.asked(q, choice.slug)[1]) for choice in offered]


def ids(answer: Any) -> list[str]:
    return [found.card["source_id"] for found in answer.found]


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


def line(name: str, score: Any, run: dict[str, list[str]], judged: Any) -> dict[str, Any]:
    table, per = score.score(*judged, run)
    cells = " ".join(f"{table[kind]['S3']:>6.2f}" for kind in KINDS)
    low, high = score.bootstrap([m["S3"] for m in per.values() if m["kind"] != "none"])
    print(
        f"{name:<34}{cells}   {low:.2f} to {high:.2f}  {table['ALL']['nDCG']:>6.2f}"
        f"{table['none']['mean_n']:>8.1f}"
    )
    return dict(per)


def after_a_tap(site: Site, judged: Any, run: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return, for each query, the answer that the best of the offered taps gives."""
    queries, qrels = judged
    found = {}
    for key, query in queries.items():
        right = {service for service, grade in qrels.get(key, {}).items() if grade >= 2}
        answers = [run[key]] if query["kind"] == "none" else [run[key], *site.taps(query["query"])]
        found[key] = max(answers, key=lambda ranked: not right.isdisjoint(ranked[:3]))
    return found


def left_out(site: Site, judged: Any, per: dict[str, Any]) -> None:
    """Print success when the thesaurus has no phrases of one topic: of each, and of the first."""
    queries, qrels = judged
    score: dict[str, list[float]] = {}
    first: dict[str, list[str]] = {}
    by_topic: dict[str, list[str]] = {}
    for key, query in queries.items():
        heard = [slug for slug, _ in site.asked(query["query"])[0].heard.topics]
        first[key] = heard[:1]
        for slug in heard:
            by_topic.setdefault(slug, []).append(key)
    runs: dict[str, list[str]] = {}
    for slug, keys in by_topic.items():
        with without(slug):
            for key in keys:
                ranked = site.understood(queries[key]["query"])
                right = {service for service, grade in qrels.get(key, {}).items() if grade >= 2}
                hit = float(not right.isdisjoint(ranked[:3]))
                score.setdefault(queries[key]["kind"], []).append(hit)
                if slug in first[key]:
                    runs[key] = ranked
    said = ", ".join(f"{kind} {sum(hits) / len(hits):.2f}" for kind, hits in score.items()
                     if kind != "none")  # fmt: skip
    print(f"\nleaving out each topic that is heard in a query, one at a time: {said}")
    for kind in KINDS[:-1]:
        keys = [key for key, query in queries.items() if query["kind"] == kind]
        hits = [
            float(any(qrels.get(key, {}).get(one, 0) >= 2 for one in runs[key][:3]))
            if key in runs else per[key]["S3"]
            for key in keys
        ]  # fmt: skip
        print(f"leaving out the topic heard first, {kind}: {sum(hits) / len(hits):.2f}")


def main() -> None:
    missing = [path for path in (FEED, JUDGED, SCORE) if not path.exists()]
    if missing:
        print("The judged collection is not beside the project:", *missing)
        return
    score = scorer()
    judged = score.read_queries(JUDGED / "queries.jsonl"), score.read_qrels(JUDGED / "qrels.tsv")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "ENV": "test", "DATABASE_URL": f"sqlite:///{folder}/hub.db", "SECRET_KEY": "s" * 32
        }  # fmt: skip
        from asset_hub import create_app
        from asset_hub.core import db

        app = create_app()
        with app.app_context():
            load()
            with db.reading() as connection:
                measure(score, judged, Site(connection))


def measure(score: Any, judged: Any, site: Site) -> None:
    from asset_hub.search.question import understanding

    texts = {key: query["query"] for key, query in judged[0].items()}
    heads = " ".join(f"{kind:>6}" for kind in KINDS)
    print(f"{'success@3':<34}{heads}   95 % (all)     nDCG@10  none: n")
    line("words as typed", score, {k: site.typed(q) for k, q in texts.items()}, judged)
    run = {key: site.understood(q) for key, q in texts.items()}
    per = line("understood", score, run, judged)
    line("after the best single tap", score, after_a_tap(site, judged, run), judged)
    left_out(site, judged, per)
    start = time.process_time()
    for q in texts.values():
        understanding.hear(site.connection, q)
    print(f"\nunderstanding: {(time.process_time() - start) / len(texts) * 1000:.1f} ms a query")


if __name__ == "__main__":
    main()
