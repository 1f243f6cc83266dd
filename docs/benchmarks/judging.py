"""Judged collections, and how well ranked answers do on them: success@3 and nDCG@10, by kind.

A collection is questions of some kinds and, for each, which listings answer it: grade 2 is right,
grade 1 might be mentioned too. The measures are those of `../shared/tools/relevance_score.py`.
"""

import json
import math
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("need", "topic", "known", "mixed")
NONE = "none"  # nothing answers these: the fewer are offered, the better
Run = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Query:
    """One question, its kind, and the grade of each listing that answers it."""

    key: str
    kind: str
    text: str
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def right(self) -> set[str]:
        """Return the listings that one would really tell somebody about."""
        return {listing for listing, grade in self.grades.items() if grade >= 2}

    def hit(self, ranked: Sequence[str]) -> bool:
        """Return whether one of the first three is right."""
        return not self.right.isdisjoint(ranked[:3])

    def gain(self, ranked: Sequence[str]) -> float:
        """Return nDCG@10."""
        best = sorted((grade for grade in self.grades.values() if grade > 0), reverse=True)[:10]
        got = [self.grades.get(one, 0) for one in ranked[:10]]
        return _gain(got) / _gain(best) if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def from_files(queries: Path, judgements: Path) -> list[Query]:
    """Read questions of JSON lines and judgements of tab-separated ones."""
    grades: dict[str, dict[str, int]] = {}
    for line in judgements.read_text(encoding="utf-8").splitlines()[1:]:
        key, listing, grade = line.split("\t")
        grades.setdefault(key, {})[listing] = int(grade)
    found = [json.loads(line) for line in queries.read_text(encoding="utf-8").splitlines() if line]
    return [Query(q["id"], q["kind"], q["query"], grades.get(q["id"], {})) for q in found]


def from_toml(path: Path) -> list[Query]:
    """Read questions and judgements of ours."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["query"]
    return [
        Query(
            f"{number:02}", row["kind"], row["query"],
            dict.fromkeys(row.get("near", ()), 1) | dict.fromkeys(row.get("right", ()), 2),
        )
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip


@dataclass(frozen=True)
class Score:
    """How well the answers to a collection did."""

    hits: Mapping[str, float]  # success@3, by kind
    whole: float  # … of all but those that nothing answers
    low: float  # … and where it lies in 95 of a hundred resamplings
    high: float
    gain: float  # nDCG@10
    offered: float  # listings offered, at most twenty, for what nothing answers


def score(queries: Sequence[Query], run: Run) -> Score:
    """Score the ranked answers to each question."""
    asked = [query for query in queries if query.kind != NONE]
    hits = {query.key: float(query.hit(run[query.key])) for query in asked}
    low, high = _spread(list(hits.values()))
    return Score(
        {kind: _mean([hits[q.key] for q in asked if q.kind == kind]) for kind in KINDS},
        _mean(list(hits.values())), low, high,
        _mean([query.gain(run[query.key]) for query in asked]),
        _mean([min(20, len(run[query.key])) for query in queries if query.kind == NONE]),
    )  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _spread(values: Sequence[float], rounds: int = 2000) -> tuple[float, float]:
    chance = random.Random(7)
    means = sorted(_mean([chance.choice(values) for _ in values]) for _ in range(rounds))
    return means[int(rounds * 0.025)], means[int(rounds * 0.975)]
