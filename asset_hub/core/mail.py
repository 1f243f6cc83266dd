"""How a letter leaves: by SMTP, or into a folder a developer can read when SMTP is not set."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from asset_hub.config import Settings

TIMEOUT = 15  # seconds for each answer; the seven of one letter end before its lease (outbox.LEASE)


class Refused(Exception):
    """The other side will never take this letter (a 5xx answer)."""


class Unreachable(Exception):
    """No mail server talks to us: no other letter would leave now either."""


class Transport(Protocol):
    """Anything a letter can be handed to."""

    def send(self, letter: EmailMessage) -> None:
        """Hand a letter over, or raise Refused (hopeless) or Unreachable (so would all be)."""


@dataclass(frozen=True)
class Folder:
    """A folder of .eml files; the same Message-ID always lands in the same file."""

    path: Path

    def send(self, letter: EmailMessage) -> None:
        """Write the letter."""
        self.path.mkdir(parents=True, exist_ok=True)
        name = str(letter["Message-ID"]).strip("<>").split("@")[0]
        part = self.path / f"{name}.part"
        part.write_bytes(letter.as_bytes())
        part.rename(self.path / f"{name}.eml")

    def letters(self) -> list[EmailMessage]:
        """Return every letter, the newest first."""
        files = sorted(self.path.glob("*.eml"), key=lambda p: p.stat().st_mtime, reverse=True)
        return [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]


@dataclass
class Smtp:
    """One connection to the mail server, opened at the first letter and used again."""

    url: str
    _server: smtplib.SMTP | None = None

    def send(self, letter: EmailMessage) -> None:
        """Send the letter; drop a broken connection so that the next letter opens another."""
        server = self._server = self._server or self._connect()
        try:
            server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            self._give_up_if(all(code >= 500 for code in codes), str(codes))
            raise
        except smtplib.SMTPDataError as answer:
            self._give_up_if(answer.smtp_code >= 500, str(answer.smtp_code))
            raise
        except (OSError, smtplib.SMTPException):
            self.close()
            raise

    def _give_up_if(self, hopeless: bool, why: str) -> None:
        """Raise Refused for a 5xx answer about this letter; else hang up before the next one."""
        if hopeless:
            raise Refused(why) from None
        self.close()

    def _connect(self) -> smtplib.SMTP:
        """Open a connection; a wrong name, certificate or password is never a letter's fault."""
        try:
            return self._greeted()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(type(error).__name__) from error

    def _greeted(self) -> smtplib.SMTP:
        import ssl  # 20 ms; only the worker needs it

        at = urlsplit(self.url)
        host, port = at.hostname or "localhost", at.port or 0
        server = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
            if at.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=TIMEOUT)
        )
        if at.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if at.username:
            server.login(unquote(at.username), unquote(at.password or ""))
        return server

    def close(self) -> None:
        """Hang up, politely if the other side still listens."""
        server, self._server = self._server, None
        if server:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()


@contextmanager
def transport(settings: Settings) -> Iterator[Transport | None]:
    """Yield where letters go; None when production has no SMTP yet and letters must wait."""
    if settings.smtp_url:
        smtp = Smtp(settings.smtp_url)
        try:
            yield smtp
        finally:
            smtp.close()
    else:
        yield None if settings.production else Folder(Path(settings.mail_dir))
