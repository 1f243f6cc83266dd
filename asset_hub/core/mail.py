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

TIMEOUT = 20  # seconds; a tarpit must not hold the worker longer than its lease


class Refused(Exception):
    """The other side will never take this letter (a 5xx answer)."""


class Transport(Protocol):
    """Anything a letter can be handed to."""

    def send(self, letter: EmailMessage) -> None:
        """Hand a letter over; raise Refused when it is hopeless, OSError or SMTPException else."""


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
        try:
            self._server = self._server or self._connect()
            self._server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            if all(code >= 500 for code in codes):
                raise Refused(str(codes)) from None
            raise
        except smtplib.SMTPResponseException as answer:
            if answer.smtp_code >= 500 and not isinstance(answer, smtplib.SMTPAuthenticationError):
                raise Refused(str(answer.smtp_code)) from None
            self.close()
            raise
        except (OSError, smtplib.SMTPException):
            self.close()
            raise

    def _connect(self) -> smtplib.SMTP:
        at = urlsplit(self.url)
        kind = smtplib.SMTP_SSL if at.scheme == "smtps" else smtplib.SMTP
        server = kind(at.hostname or "localhost", at.port or 0, timeout=TIMEOUT)
        if at.scheme == "smtp+starttls":
            import ssl

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
