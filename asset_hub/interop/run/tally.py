"""What an import did, row by row, and the table it ends with."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from asset_hub.interop.models import Outcome

MOST_REFUSED = 10_000  # more, and it is the wrong file
SHOWN = 25  # warnings of one kind that are written out

WORDS = {
    Outcome.ADDED: "added",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.KEPT: "kept as changed here",
}
_DETAIL = re.compile(r"“[^”]*”|-?[0-9][0-9,.]*")


@dataclass
class Tally:
    """Every row of a file, accounted for."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    repeated: list[tuple[int, str]] = field(default_factory=list)
    kept: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    warnings: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    gone: int = 0  # of this source, here, and not in the file
    stopped: str = ""

    @property
    def rows(self) -> int:
        """Return how many rows the file had."""
        return self.outcomes.total() + len(self.repeated) + len(self.refused)

    def refuse(self, row: int, reason: str) -> None:
        """Count a row that was not taken."""
        self.refused.append((row, reason))
        if len(self.refused) >= MOST_REFUSED and not self.stopped:
            self.stopped = f"{MOST_REFUSED:,} rows were refused. Is this the right file?"

    def warn(self, row: int, warning: str) -> None:
        """Keep a warning beside others of its kind."""
        self.warnings.setdefault(_DETAIL.sub("…", warning), []).append((row, warning))

    def lines(self, *, dry_run: bool, every_warning: bool = False) -> Iterator[str]:
        """Yield the report: refusals and warnings with their rows, then the table."""
        for title, found in (
            ("Refused", self.refused),
            ("Kept as they are: changed here since the last import", self.kept),
            ("The same as an earlier row", self.repeated),
        ):
            if found:
                yield f"{title} ({len(found):,}):"
                yield from (f"  row {row}: {words}" for row, words in found)
        yield from self._warnings(every_warning)
        yield ""
        yield from self._table(dry_run)

    def _warnings(self, every: bool) -> Iterator[str]:
        if self.warnings:
            yield f"Warnings ({sum(map(len, self.warnings.values())):,}): taken, but not as written"
        for found in self.warnings.values():
            shown = found if every else found[:SHOWN]
            yield from (f"  row {row}: {words}" for row, words in shown)
            if len(found) > len(shown):
                yield f"  … and {len(found) - len(shown):,} more like it (--every-warning)"

    def _table(self, dry_run: bool) -> Iterator[str]:
        if dry_run:
            yield "Nothing was written: this is what would happen."
        rows = [(words, self.outcomes[outcome]) for outcome, words in WORDS.items()]
        rows += [("the same as another row", len(self.repeated)), ("refused", len(self.refused))]
        optional = {WORDS[Outcome.KEPT], "the same as another row"}
        for words, count in rows:
            if count or words not in optional:
                yield f"{words:<24}{count:>9,}"
        yield f"{'rows':<24}{self.rows:>9,}"
        if self.gone:
            yield (
                f"{self.gone:,} services that came from this source before are not in the file; "
                "they were left as they are."
            )
        if self.stopped:
            yield f"Stopped: {self.stopped}"
