"""What can be worked out about records before they are written, by whatever process reads them.

Where they are, the fingerprint of what they say and, of those that seem to be new, every row they
become, with the published copy and the words of the index: most of the work of an import. Whoever
writes looks again: what was made for another id or organisation than it proves to have is made anew
there, by the same functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from asset_hub.interop.batch.keys import derived, own_id, runner_key
from asset_hub.interop.batch.places import Places
from asset_hub.interop.batch.rows import Maker
from asset_hub.interop.reading.plan import Ask, Read
from asset_hub.interop.reading.records import Record, source_digest


@dataclass(slots=True)
class Ahead:
    """Works ahead for one import; it can be sent to another process."""

    maker: Maker
    places: Places
    first: bool  # nothing of this source is here yet
    dry_run: bool

    def __call__(self, reads: Sequence[Read], ask: Ask) -> Sequence[Read]:
        """Complete the records among what was read; return the same."""
        records = [found for _, found in reads if isinstance(found, Record)]
        self.complete(records, ask)
        known = {} if self.first else ask("digests", [record.source_id for record in records])
        if not self.dry_run:
            for record in records:
                if record.source_id not in known:
                    self._make_ready(record)
        return reads

    def complete(self, records: Sequence[Record], ask: Ask) -> None:
        """Fill in where records are, whose they are, and the fingerprint of all they say."""
        for record in records:
            record.term_ids = self.maker.topics.numbered(record.topic_numbers)
        self.places.find(records, ask)
        for record in records:
            record.digest = source_digest(record)

    def _make_ready(self, record: Record) -> None:
        key = self._id(record.source_id, record.source_id)
        runner = record.runner
        runs = self._id(runner.source_id, runner_key(runner.source_id))
        record.ready = self.maker.ready(record, key, (runs, runner.name))

    def _id(self, given: str, key: str) -> UUID:
        return own_id(given) or derived(self.maker.source, key)
