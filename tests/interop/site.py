"""Another site on this machine, as friendly or as hostile as a test wants it."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asset_hub.interop.fetching.web import Policy

Answer = Callable[["Visitor"], None]


class Visitor(BaseHTTPRequestHandler):
    """One request to the other site."""

    def do_GET(self) -> None:
        """Answer as the test said."""
        site: OtherSite = self.server.site  # type: ignore[attr-defined]
        site.asked.append((self.headers["Host"], self.path))
        answer = site.answers.get(self.path) or site.answers.get(self.path.partition("?")[0])
        if answer is None:
            self.send_error(404)
        else:
            answer(self)

    def give(self, content: bytes, **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class OtherSite:
    """A server on loopback that a policy of its own lets the importer ask."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Visitor)
        self.server.site = self  # type: ignore[attr-defined]
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def at(self, path: str = "/", host: str = "feed.example") -> str:
        """Return an address here."""
        return f"http://{host}:{self.port}{path}"

    def policy(self, **more: Any) -> Policy:
        """Return a policy for which every name leads here, and here is a public place."""
        values = {
            "allowed": lambda address: address == "127.0.0.1",
            "find": lambda host, port: ["127.0.0.1"],
            "ports": frozenset({80, 443, self.port}),
            "seconds": 5.0,
            "idle": 2.0,
        }
        return Policy(**values | more)  # type: ignore[arg-type]

    def says(self, path: str, content: Any, **headers: str) -> None:
        """Answer a path with some content, JSON unless it is bytes."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.answers[path] = lambda visitor: visitor.give(body, **headers)

    def leads(self, path: str, to: str, status: int = 302) -> None:
        """Answer a path with a redirect."""

        def lead(visitor: Visitor) -> None:
            visitor.send_response(status)
            visitor.send_header("Location", to)
            visitor.send_header("Content-Length", "0")
            visitor.end_headers()

        self.answers[path] = lead

    def drips(self, path: str, *, headers: bool = False) -> None:
        """Answer a path a byte at a time, without end."""

        def drip(visitor: Visitor) -> None:
            if not headers:
                visitor.send_response(200)
                visitor.end_headers()
            try:
                visitor.wfile.write(b"HTTP/1.0 200 OK\r\nX: " if headers else b"")
                while True:
                    visitor.wfile.write(b"a")
                    visitor.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                pass

        self.answers[path] = drip

    def bombs(self, path: str, megabytes: int) -> None:
        """Answer a path with a little that unpacks to a lot."""
        self.says(path, gzip.compress(b" " * megabytes * 1_000_000), Content_Encoding="gzip")


@contextmanager
def other_site() -> Iterator[OtherSite]:
    """Yield a running site."""
    site = OtherSite()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
