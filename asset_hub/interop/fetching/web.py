"""Reading a feed from an address somebody typed, as if it were hostile.

http and https on their usual ports; the host is looked up once and the address that was checked is
the one connected to; each redirect is checked again; size, time and unpacking have limits. The
standard library does the rest: certificates are verified against the host's name.
"""

import io
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    IncompleteRead,
    RemoteDisconnected,
)
from ssl import SSLError
from typing import IO, Any
from urllib.parse import urljoin

from asset_hub.interop.fetching.addresses import (
    Resolve,
    Target,
    checked,
    is_public,
    resolve,
    target,
)
from asset_hub.interop.reading.files import Unreadable

REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5
PIECE = 1 << 16
AGENT = "AssetHub (reads open community directories)"
SLOW = "The site took too long to answer."


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be read, and how much of it. Tests give their own."""

    allowed: Callable[[str], bool] = is_public
    find: Resolve = resolve
    ports: frozenset[int] = frozenset({80, 443})
    most_bytes: int = 60_000_000
    seconds: float = 180  # for everything
    idle: float = 20  # without a byte
    trust: Callable[[], Any] | None = None  # makes the TLS context


@dataclass(slots=True)
class Visit:
    """One reading: what is left of time and bytes."""

    policy: Policy
    ends: float = field(init=False)
    taken: int = 0
    places: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to count."""
        self.ends = time.monotonic() + self.policy.seconds

    def patience(self) -> float:
        """Return how long the next byte may take; raise Unreadable when time is up."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise Unreadable(SLOW)
        return min(left, self.policy.idle)

    def take(self, count: int) -> None:
        """Count bytes, unpacked; raise Unreadable when there are too many."""
        self.taken += count
        if self.taken > self.policy.most_bytes:
            most = self.policy.most_bytes / 1e6
            raise Unreadable(f"The feed has more than {most:,.0f} MB.")


WRONG: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (ConnectionRefusedError, "nothing answers at this address"),
    ((ConnectionResetError, BrokenPipeError, RemoteDisconnected), "it hung up"),
    (SSLError, "its certificate is not right"),
    (IncompleteRead, "it stopped in the middle"),
    (HTTPException, "it does not speak as a website does"),
    (zlib.error, "what it sent packed cannot be unpacked"),
)


@dataclass(frozen=True, slots=True)
class Got:
    """What an address gave: where it was found in the end, and what it says it is."""

    where: Target
    kind: str


def fetch(url: str, out: IO[bytes], visit: Visit) -> Got:
    """Write what an address gives to a file; raise Unreadable with what is wrong."""
    where = target(url, visit.policy.ports)
    for _ in range(MOST_REDIRECTS + 1):
        connection = _Pinned(where, visit)
        try:
            answer = _ask(connection, where)
            if answer.status not in REDIRECTS:
                return _take(answer, where, out, visit)
            where = _next(where, answer, visit)
        except TimeoutError:
            raise Unreadable(SLOW) from None
        except (HTTPException, OSError, ValueError, zlib.error) as problem:
            raise Unreadable(_said(problem)) from problem
        finally:
            connection.hang_up()
    raise Unreadable(f"The address leads on and on: more than {MOST_REDIRECTS} redirects.")


def _said(problem: Exception) -> str:
    """Return what went wrong, for a coordinator who can tell the feed's people."""
    for kinds, words in WRONG:
        if isinstance(problem, kinds):
            return f"The site could not be read: {words}."
    return f"The site could not be read ({type(problem).__name__})."


def _ask(connection: HTTPConnection, where: Target) -> HTTPResponse:
    connection.request("GET", where.path, headers={
        "Host": where.origin.partition("://")[2], "User-Agent": AGENT, "Connection": "close",
        "Accept": "application/json, text/csv, */*;q=0.5", "Accept-Encoding": "gzip",
    })  # fmt: skip
    return connection.getresponse()


def _next(where: Target, answer: HTTPResponse, visit: Visit) -> Target:
    led = answer.getheader("Location")
    if not led:
        raise Unreadable("The address leads on to nowhere.")
    found = target(urljoin(where.url, led), visit.policy.ports)
    if where.scheme == "https" and found.scheme == "http":
        raise Unreadable("The address leads from https to http, where anybody could change it.")
    return found


def _take(answer: HTTPResponse, where: Target, out: IO[bytes], visit: Visit) -> Got:
    if answer.status != 200:
        raise Unreadable(f"The site answered {answer.status} {answer.reason[:60]}.".strip())
    length = answer.getheader("Content-Length") or ""
    if length.isdecimal():
        visit.take(int(length))
        visit.taken -= int(length)
    for piece in _unpacked(_pieces(answer), answer.getheader("Content-Encoding") or "", visit):
        visit.take(len(piece))
        out.write(piece)
    return Got(where, (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower())


def _pieces(answer: HTTPResponse) -> Iterator[bytes]:
    while piece := answer.read1(PIECE):
        yield piece


def _unpacked(pieces: Iterator[bytes], coding: str, visit: Visit) -> Iterator[bytes]:
    """Yield the content, a gzipped one unpacked a little at a time: a bomb is seen growing."""
    coding = coding.strip().lower()
    if coding in {"", "identity"}:
        yield from pieces
        return
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise Unreadable("The site packs its answer in a way that is not known here.")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    for piece in pieces:
        while piece:
            yield unpacker.decompress(piece, PIECE)
            piece = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise Unreadable("The site’s answer ends in the middle.")


class _Pinned(HTTPConnection):
    """A connection to the address that was checked, whatever the name says a moment later."""

    def __init__(self, where: Target, visit: Visit) -> None:
        super().__init__(where.host, where.port)
        self.where, self.visit = where, visit
        self.plain: socket.socket | None = None

    def connect(self) -> None:
        """Connect to one of the checked addresses; with TLS for the host's name."""
        policy = self.visit.policy
        found = checked(self.where, policy.find, policy.allowed)
        self.visit.places += found
        self.plain = self._reach(found)
        if self.where.scheme == "https":
            self.plain = self._secure(self.plain)
        self.sock = _Wire(self.plain, self.visit)

    def hang_up(self) -> None:
        """Close the socket itself."""
        self.close()
        if self.plain:
            self.plain.close()

    def _reach(self, found: list[str]) -> socket.socket:
        problem: OSError = OSError("nowhere to go")
        for address in found:
            try:
                return socket.create_connection(
                    (address, self.where.port), timeout=self.visit.patience()
                )
            except OSError as error:
                problem = error
        raise problem

    def _secure(self, plain: socket.socket) -> socket.socket:
        import ssl

        trust = self.visit.policy.trust or ssl.create_default_context
        plain.settimeout(self.visit.patience())
        try:
            secured: socket.socket = trust().wrap_socket(plain, server_hostname=self.where.host)
        except ssl.SSLCertVerificationError as problem:
            plain.close()
            raise Unreadable("The site’s certificate is not right.") from problem
        except BaseException:
            plain.close()
            raise
        return secured


class _Wire:
    """What http.client takes for a socket. It closes one early; ours ends with `hang_up`."""

    def __init__(self, plain: socket.socket, visit: Visit) -> None:
        self.plain, self.visit = plain, visit

    def makefile(self, *_: Any) -> io.BufferedReader:
        """Return what an answer is read from."""
        return io.BufferedReader(_Timed(self.plain, self.visit))

    def sendall(self, data: Any) -> None:
        """Send, within the time that is left."""
        self.plain.settimeout(self.visit.patience())
        self.plain.sendall(data)

    def close(self) -> None:
        """Stay open: the answer is still to be read."""


class _Timed(io.RawIOBase):
    """A socket whose every read keeps to the time that is left, however slowly bytes drip."""

    def __init__(self, plain: socket.socket, visit: Visit) -> None:
        self.plain, self.visit = plain, visit

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there, within the time that is left."""
        self.plain.settimeout(self.visit.patience())
        return self.plain.recv_into(buffer)
