"""Every kind of thing that people are told about has its words."""

import pytest

from asset_hub.directory.models import PART_WORDS, Asks, RevisionCause
from asset_hub.directory.queries.history import CAUSE_WORDS
from asset_hub.directory.rules import snapshot
from asset_hub.directory.rules.risks import PLURAL_WORDS, WAITS_WORDS, Waits


@pytest.mark.parametrize("asks", Asks)
def test_whatever_may_be_asked_for_can_wait_in_the_list(asks: Asks) -> None:
    assert WAITS_WORDS[Waits(asks.value)]
    assert PLURAL_WORDS[Waits(asks.value)]


@pytest.mark.parametrize(
    "cause", [cause for cause in RevisionCause if cause is not RevisionCause.CHANGE]
)
def test_every_cause_of_a_change_can_be_told(cause: RevisionCause) -> None:
    assert CAUSE_WORDS[cause]


@pytest.mark.parametrize("part", [*snapshot.COLUMNS, "contact", "places", "times", "topics"])
def test_every_part_of_a_listing_has_a_label(part: str) -> None:
    assert PART_WORDS[part]
