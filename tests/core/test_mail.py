import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from asset_hub.core import mail
from tests.conftest import test_settings


class Inbox:
    """A real mail server's manners: it keeps letters and answers as it is told."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, list[str]] = {"RCPT": [], "DATA": [], "MAIL": []}

    def _next(self, step: str, usual: str) -> str:
        return self.answers[step].pop(0) if self.answers[step] else usual

    async def handle_MAIL(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self._next("MAIL", "250 OK")

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        answer = self._next("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        answer = self._next("DATA", "250 OK")
        if answer == "reset":
            server.transport.abort()
            return "250 never heard"
        if answer.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Inbox, str]]:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield inbox, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def inbox(server: tuple[Inbox, str]) -> Inbox:
    server[0].letters.clear()
    return server[0]


@pytest.fixture
def smtp(server: tuple[Inbox, str]) -> Iterator[mail.Smtp]:
    smtp = mail.Smtp(server[1])
    yield smtp
    smtp.close()


def letter(n: int = 1) -> EmailMessage:
    written = EmailMessage()
    written["Subject"], written["From"], written["To"] = "Hello", "a@example.org", "b@example.org"
    written["Message-ID"] = f"<{n}@example.org>"
    written.set_content("Dear Zoë,\n.\n")
    return written


def test_letters_share_one_connection(smtp: mail.Smtp, inbox: Inbox) -> None:
    smtp.send(letter(1))
    first = smtp._server
    smtp.send(letter(2))
    assert smtp._server is first
    assert [each["Message-ID"] for each in inbox.letters] == ["<1@example.org>", "<2@example.org>"]
    assert inbox.letters[0].get_content().split() == ["Dear", "Zoë,", "."]


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_5xx_about_the_letter_is_hopeless_and_the_next_one_leaves(
    smtp: mail.Smtp, inbox: Inbox, step: str
) -> None:
    inbox.answers[step] = ["550 no such person"]
    with pytest.raises(mail.Refused, match="550"):
        smtp.send(letter(1))
    smtp.send(letter(2))
    assert len(inbox.letters) == 1


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("RCPT", "451 greylisted"), ("DATA", "451 later"), ("DATA", "reset"),
        ("RCPT", "421 closing"), ("MAIL", "550 who are you"), ("MAIL", "421 busy"),
    ],
)  # fmt: skip
def test_anything_else_is_tried_again_on_a_new_connection(
    smtp: mail.Smtp, inbox: Inbox, step: str, answer: str
) -> None:
    inbox.answers[step] = [answer]
    with pytest.raises(Exception) as caught:  # noqa: PT011 (which one is smtplib's affair)
        smtp.send(letter(1))
    assert not isinstance(caught.value, mail.Refused | mail.Unreachable)
    assert smtp._server is None
    smtp.send(letter(1))
    assert len(inbox.letters) == 1


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(mail.Unreachable, match="ConnectionRefusedError"):
        mail.Smtp(f"smtp://127.0.0.1:{_free_port()}").send(letter())


@pytest.mark.parametrize("manners", [b"", b"554 go away\r\n", b"220 hello\r\n502 no TLS here\r\n"])
def test_a_server_that_will_not_talk_is_unreachable(manners: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def rude() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.sendall(manners)

        thread = threading.Thread(target=rude)
        thread.start()
        with pytest.raises(mail.Unreachable):
            mail.Smtp(f"smtp+starttls://127.0.0.1:{listening.getsockname()[1]}").send(letter())
        thread.join()


def test_a_tarpit_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.05)
    listening = socket.create_server(("127.0.0.1", 0))
    with listening, pytest.raises(mail.Unreachable):
        mail.Smtp(f"smtp://127.0.0.1:{listening.getsockname()[1]}").send(letter())


def test_a_letter_with_every_answer_slow_ends_before_its_lease() -> None:
    from asset_hub.core import outbox

    answers = 7  # greeting, EHLO, STARTTLS or AUTH, MAIL, RCPT, DATA, the end of the data
    assert answers * mail.TIMEOUT < (outbox.LEASE - outbox.FRESH).total_seconds()


def test_without_smtp_letters_are_kept_in_a_folder_and_a_retry_is_one_file(tmp_path: Path) -> None:
    folder = mail.Folder(tmp_path / "mail")
    folder.send(letter(1))
    folder.send(letter(1))
    folder.send(letter(2))
    assert sorted(each["Message-ID"] for each in folder.letters()) == [
        "<1@example.org>",
        "<2@example.org>",
    ]
    assert [path.suffix for path in folder.path.iterdir()] == [".eml", ".eml"]


def test_production_without_smtp_keeps_its_letters_waiting(tmp_path: Path) -> None:
    waiting = test_settings("sqlite://", tmp_path, env="production")
    with mail.transport(waiting) as way:
        assert way is None
    with mail.transport(test_settings("sqlite://", tmp_path)) as way:
        assert isinstance(way, mail.Folder)
