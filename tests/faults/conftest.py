from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.bench import Bench, bench


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """The bench on one engine, then on the other."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'bench.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    with bench(url, tmp_path) as built:
        yield built
