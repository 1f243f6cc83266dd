"""Words are cut by many threads at once, and none gets another one's ending."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from asset_hub.core.stems import cut

ENDINGS = ("ing", "ness", "ational", "fully", "ement", "ies")
WORDS = [
    f"{a}{b}{end}" for a, b, end in product(("walk", "chor", "gard"), map(str, range(99)), ENDINGS)
]
WORDS = [word.translate(str.maketrans("0123456789", "abcdefghij")) for word in WORDS]


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_many_threads_cut_words_alike() -> None:
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(cut, WORDS))
    assert at_once == [cut(word) for word in WORDS]
