"""The letters that wait in the outbox, and what they look like when they leave."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import Session, col, select

from asset_hub.core import outbox
from asset_hub.core.outbox import Message


def waiting(session: Session) -> list[tuple[str, str]]:
    """Return the kind and the receiver of each letter, the oldest first."""
    return [(letter.kind, letter.to) for letter in _all(session)]


def token_in(session: Session) -> str:
    """Return the secret of the newest letter's link."""
    return str(_all(session)[-1].facts["token"])


def _all(session: Session) -> list[Message]:
    return list(session.exec(select(Message).order_by(col(Message.id))).all())


def delivered(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """Send everything that waits to a drawer, and return it."""
    drawer: list[EmailMessage] = []

    class Drawer:
        def send(self, letter: EmailMessage) -> None:
            drawer.append(letter)

    @contextmanager
    def to_drawer(_: Any) -> Iterator[Drawer]:
        yield Drawer()

    monkeypatch.setattr("asset_hub.core.outbox.transport", to_drawer)
    outbox.deliver()
    return drawer


def text_of(letter: EmailMessage) -> str:
    """Return the plain words of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
