from pathlib import Path

import pytest
from sqlmodel import Session

from tests.interop.feeds import Desk


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return Desk(session, tmp_path)
