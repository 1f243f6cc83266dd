"""The hatch: answers handed out before the site itself is entered.

What everybody may have, asked for by GET or HEAD, and made of nothing but its address, needs no
session, no nonce and no gate. Such a view carries `@hatch` beside `@public` and takes the arguments
of the address instead of a request, so that it cannot look at who asks. It is still one view of the
site: Flask knows its address, its label and its methods. The hatch only calls the same function
first. Whatever it does not hand out goes on to the site: other methods, other addresses, and an
error, which the site then meets in its own view, logs once and shows as it shows every error.
"""

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Flask, Response, g, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.http import parse_etags

from asset_hub.config import Settings
from asset_hub.core import ids, logs
from asset_hub.core.access import EVERYONE, label_of
from asset_hub.core.pages import SAFER, STATIC_HEADERS

Arguments = MultiDict[str, str]
Headers = list[tuple[str, str]]
Environ = dict[str, Any]
Site = Callable[[Environ, Any], Iterable[bytes]]
JSON = "application/json"
STUMBLED = "asset_hub.stumbled"  # what went wrong at the hatch, for the site to say
_PARTS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "uuid": ("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", UUID),
    "int": ("[0-9]{1,9}", int),
}
_PART = re.compile(r"<(\w+):(\w+)>")


@dataclass(frozen=True, slots=True)
class Handed:
    """An answer: its bytes, what they are, and for how many seconds anybody may keep it."""

    body: bytes
    kind: str = JSON
    kept: int = 0  # with an ETag when it may be kept
    status: int = 200
    more: tuple[tuple[str, str], ...] = ()


def said(value: Any, status: int = 200) -> Handed:
    """Return a plain value as JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return Handed(f"{text}\n".encode(), status=status)


def moved(url: str, *, kept: int) -> Handed:
    """Send on for good to another address of ours, remembered for so many seconds."""
    return Handed(b"", "text/plain; charset=utf-8", kept, 301, (("Location", url),))


def refused(problems: dict[str, str]) -> Handed:
    """Say, by name, which parts of an address could not be understood."""
    return said({"errors": problems}, 422)


def hatch(answer: Callable[..., Handed]) -> Callable[..., Response]:
    """Hand out a view's answers at the hatch; it takes the arguments and the address's parts."""

    @wraps(answer)
    def view(**parts: Any) -> Response:
        if error := request.environ.pop(STUMBLED, None):
            raise error
        arguments = ImmutableMultiDict(request.args)
        made = _finished(answer(arguments, **parts), request.environ)
        return Response(made.body, made.status, made.headers)

    vars(view)["hatch"] = answer
    return view


class _Made(NamedTuple):
    status: str
    headers: Headers
    body: bytes


@lru_cache(maxsize=32)
def _status(code: int) -> str:
    return f"{code} {HTTPStatus(code).phrase.upper()}"


def _finished(given: Handed, environ: Environ) -> _Made:
    """Return an answer as it goes out: not again to somebody who has it."""
    headers: Headers = [("Content-Type", given.kind), *given.more]
    body = given.body
    if given.kept:
        tag = sha256(body).hexdigest()[:24]
        headers += [("Cache-Control", f"public, max-age={given.kept}"), ("ETag", f'"{tag}"')]
        has = environ.get("HTTP_IF_NONE_MATCH")
        if has and given.status == 200 and parse_etags(has).contains_weak(tag):
            return _Made(_status(304), headers[1:], b"")
    headers.append(("Content-Length", str(len(body))))
    return _Made(_status(given.status), headers, body)


class Opening(NamedTuple):
    """One address at the hatch."""

    endpoint: str
    answer: Callable[..., Handed]
    pattern: re.Pattern[str]
    makers: tuple[tuple[str, Callable[[str], Any]], ...] = ()


def openings(app: Flask) -> list[Opening]:
    """Return every address of a site that is answered at the hatch.

    Raise ValueError for one that not everybody may open, or that takes more than a GET.
    """
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if (answer := vars(view).get("hatch")) is None:
            continue
        if label_of(view) is not EVERYONE or not set(rule.methods or ()) <= logs.READS:
            raise ValueError(f"{rule.endpoint} may not be answered at the hatch")
        parts = _PART.findall(rule.rule)
        pattern = _PART.sub(lambda part: f"({_PARTS[part[1]][0]})", rule.rule.replace(".", "[.]"))
        makers = tuple((name, _PARTS[kind][1]) for kind, name in parts)
        found.append(Opening(rule.endpoint, answer, re.compile(pattern), makers))
    return found


class Hatch:
    """What stands in front of the site and hands out what it can."""

    def __init__(self, app: Flask, site: Site) -> None:
        self.app, self.site = app, site
        self.whole: dict[str, Opening] | None = None  # by address; filled when first asked
        self.parted: dict[str, list[Opening]] = {}  # by the first part of the address
        self.fixed = _fixed(app.extensions["settings"])

    def __call__(self, environ: Environ, start: Any) -> Iterable[bytes]:
        """Answer a request, or pass it on."""
        if not environ.get("QUERY_STRING", "").isascii():
            environ["QUERY_STRING"] = _written_out(environ["QUERY_STRING"])
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self.site(environ, start)
        opening, parts = self._find(environ["PATH_INFO"])
        if opening is None:
            return self.site(environ, start)
        begun = time.perf_counter()
        try:
            arguments = _arguments(environ.get("QUERY_STRING", ""))
            with self.app.app_context():
                g.reading = True  # what is read here waits for nobody who writes
                made = _finished(opening.answer(arguments, **parts), environ)
        except Exception as error:  # the site's own error pages say what it was
            environ[STUMBLED] = error
            return self.site(environ, start)
        name = ids.new().hex[-12:]
        logs.note(method, opening.endpoint, made.status[:3], begun, name)
        start(made.status, [*made.headers, *self.fixed, ("X-Request-Id", name)])
        return [made.body] if method == "GET" and made.body else []

    def _find(self, path: str) -> tuple[Opening | None, dict[str, Any]]:
        if self.whole is None:
            self.whole = self._open()
        if opening := self.whole.get(path):
            return opening, {}
        for parted in self.parted.get(path[1:].partition("/")[0], ()):
            if found := parted.pattern.fullmatch(path):
                pairs = zip(parted.makers, found.groups(), strict=True)
                return parted, {name: make(text) for (name, make), text in pairs}
        return None, {}

    def _open(self) -> dict[str, Opening]:
        """Sort the addresses: those that are always the same, and those with parts."""
        known = openings(self.app)
        parted: dict[str, list[Opening]] = {}
        for opening in (one for one in known if one.makers):
            first = opening.pattern.pattern[1:].partition("/")[0]
            parted.setdefault(first, []).append(opening)
        self.parted = parted
        return {one.pattern.pattern.replace("[.]", "."): one for one in known if not one.makers}


def _written_out(query: str) -> str:
    """Return a query with its bare bytes percent-encoded; Flask fails over some of them."""
    return "".join(c if c.isascii() else f"%{ord(c):02X}" for c in query)


def _arguments(query: str) -> Arguments:
    """Return the arguments of an address, as the site itself reads them."""
    if not query:
        return ImmutableMultiDict()
    return ImmutableMultiDict(parse_qsl(query, keep_blank_values=True, errors="werkzeug.url_quote"))


def _fixed(given: Settings) -> tuple[tuple[str, str], ...]:
    """Return the headers that every answer carries: those of our files, since nothing runs."""
    return (*STATIC_HEADERS.items(), *(SAFER.items() if given.production else ()))


def init_app(app: Flask) -> None:
    """Stand in front of everything else."""
    app.wsgi_app = Hatch(app, app.wsgi_app)  # type: ignore[method-assign, assignment]
