"""The real site, served: its own database file, a mail server that listens, a clock to turn."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from asset_hub import create_app
from asset_hub.core import clock
from asset_hub.core.jobs import REGISTRY, run_due
from tests.cast import NOW
from tests.conftest import test_settings


@dataclass
class Sink:
    """A mail server that keeps what it is given."""

    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        letter = BytesParser(EmailMessage, policy=default).parsebytes(envelope.content)
        self.letters.append(letter)
        return "250 taken"


class Quiet(WSGIRequestHandler):
    """A server that says nothing: the site logs its own requests."""

    def log_request(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class Site:
    """A served site: where it is, what time it is there, and what it has sent."""

    url: str
    app: Flask
    sink: Sink
    now: datetime = NOW

    def later(self, **by: float) -> None:
        """Turn the clock forward."""
        self.now += timedelta(**by)

    def tick(self) -> None:
        """Do once what the worker does all the time."""
        for job in REGISTRY.values():
            with self.app.app_context():
                run_due(job, clock.now())
        with self.app.app_context():
            REGISTRY["core.deliver"].run()

    def letters_to(self, address: str) -> list[EmailMessage]:
        """Return what was sent to an address, the newest last; sends what waits first."""
        self.tick()
        return [letter for letter in self.sink.letters if letter["To"] == address]

    def link_to(self, address: str) -> str:
        """Return the first link in the newest letter to an address."""
        letters = self.letters_to(address)
        assert letters, f"no letter to {address}"
        body = letters[-1].get_body(("plain",))
        assert body is not None
        words = str(body.get_content()).split()
        return next(word for word in words if word.startswith(self.url))


@contextmanager
def served(folder: Path, name: str = "127.0.0.1", **more: Any) -> Iterator[Site]:
    """Serve a new, migrated site from a folder, on a free port of this machine."""
    sink = Sink()
    mail = Controller(sink, hostname="127.0.0.1", port=_free_port())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://{name}:{listening.getsockname()[1]}"
        smtp = f"smtp://127.0.0.1:{mail.port}"
        settings = test_settings(
            f"sqlite:///{folder / 'hub.db'}", folder, site_url=url, smtp_url=smtp, **more
        )
        app = create_app(settings)
        result = app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert result.exit_code == 0, result.output
        site = Site(url, app, sink)
        server = make_server(
            "127.0.0.1", 0, app, threaded=True, request_handler=Quiet, fd=listening.fileno()
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        mail.start()
        thread.start()
        try:
            with patch("asset_hub.core.clock.now", lambda: site.now):
                yield site
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            mail.stop()
            app.extensions["engine"].dispose()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
