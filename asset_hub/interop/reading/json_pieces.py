"""JSON read piece by piece: a page object, a bare list, or one object a line.

Only one service is in memory at a time, and a broken one costs itself, not the file.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

CHUNK = 1 << 18
LONGEST = 8_000_000  # characters in one service; more is no service
LISTS = {"content", "contents", "services"}
TOO_DEEP = "it is nested too deeply"

_SPACE = re.compile(r"[\s\ufeff]*")
_STOP = re.compile(r"[,\]}]")
_STEP = re.compile(r'"(?:[^"\\]++|\\.)*+"|"|[\[{]+|[\]}]+', re.S)


@dataclass(slots=True)
class Broken:
    """A piece that could not be read, and why; `last` when nothing after it can be."""

    reason: str
    last: bool = False


def items(text: TextIO) -> Iterator[Any]:
    """Yield each service of a feed, or Broken in its place.

    Takes {"contents": […]}, {"content": […]}, […], a single service, and any of these after
    each other.
    """
    reader = _Reader(text)
    while mark := reader.peek():
        before = reader.seen
        if mark == "[":
            yield from _list(reader)
        elif mark == "{":
            yield from _page(reader)
        else:
            yield Broken(f"the rest of the file is not JSON: it goes on with {mark!r}", last=True)
            return
        if reader.lost or reader.seen == before:
            return


def lines(text: TextIO) -> Iterator[Any]:
    """Yield each line's service of an ndjson file, or Broken in its place."""
    while line := text.readline(LONGEST):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            yield json.loads(line.strip("\ufeff"))
        except RecursionError:
            yield Broken(TOO_DEEP)
        except ValueError as problem:
            yield Broken(_why(problem))


def _why(problem: ValueError) -> str:
    if isinstance(problem, json.JSONDecodeError):
        return f"it is not JSON: {problem.msg.lower()}"
    return "it is not JSON: a number is too long"


class _Reader:
    """A window on the text that moves forward. `seen` counts the characters behind it."""

    def __init__(self, text: TextIO) -> None:
        self.text, self.window, self.at = text, "", 0
        self.behind, self.ended, self.lost = 0, False, False
        self.decoder = json.JSONDecoder()

    @property
    def seen(self) -> int:
        return self.behind + self.at

    def more(self) -> bool:
        """Read on; return False at the end of the text."""
        chunk = "" if self.ended else self.text.read(CHUNK)
        self.ended = not chunk
        self.behind += self.at
        self.window, self.at = self.window[self.at :] + chunk, 0
        return bool(chunk)

    def peek(self) -> str:
        """Return the next character that is not space; "" at the end."""
        while True:
            found = _SPACE.match(self.window, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.window):
                return self.window[self.at]
            if not self.more():
                return ""

    def take(self, mark: str) -> bool:
        """Step over a mark when it is next."""
        here = self.peek() == mark
        self.at += here
        return here

    def value(self) -> Any:
        """Return the next value, or Broken with the window moved past it."""
        self.peek()
        while True:
            try:
                found, end = self.decoder.raw_decode(self.window, self.at)
            except RecursionError:
                return self._past(TOO_DEEP)
            except ValueError as problem:
                if not self._worth_reading_on():
                    return self._past(_why(problem))
                continue
            if end == len(self.window) and not self.ended:
                self.more()  # a number may go on
                continue
            self.at = end
            return found

    def _worth_reading_on(self) -> bool:
        return len(self.window) - self.at < LONGEST and self.more()

    def _past(self, reason: str) -> Broken:
        """Step over a value that cannot be read, by its brackets."""
        if self.window[self.at : self.at + 1] not in ("[", "{"):
            end = _STOP.search(self.window, self.at + 1)
            self.at = end.start() if end else len(self.window)
            return Broken(reason)
        brackets = _Brackets()
        while not (length := brackets.closed(self.window, self.at)):
            if not self._worth_reading_on():
                self.lost, self.at = True, len(self.window)
                return Broken(f"{reason}; the rest of the file cannot be read", last=True)
        self.at += length
        return Broken(reason)


class _Brackets:
    """Looks for the end of a value that starts with a bracket, each letter of it once."""

    def __init__(self) -> None:
        self.depth = self.seen = 0

    def closed(self, window: str, start: int) -> int:
        """Return how far after its start the value ends, 0 when not in this window."""
        for step in _STEP.finditer(window, start + self.seen):
            mark = step[0]
            if mark[0] == '"':
                if len(mark) == 1:  # the string goes on in the next window
                    self.seen = step.start() - start
                    return 0
            elif mark[0] in "[{":
                self.depth += len(mark)
            elif self.depth <= len(mark):
                return step.start() + self.depth - start
            else:
                self.depth -= len(mark)
        self.seen = len(window) - start
        return 0


def _list(reader: _Reader) -> Iterator[Any]:
    reader.take("[")
    while not reader.lost and not reader.take("]"):
        if not reader.peek():
            reader.lost = True
            yield Broken("the file ends in the middle: the rest is missing", last=True)
        elif reader.take(","):
            continue
        else:
            yield reader.value()


def _page(reader: _Reader) -> Iterator[Any]:
    """Yield the services of a page object; an object without a list is a service itself."""
    reader.take("{")
    single: dict[str, Any] = {}
    broken: Broken | None = None
    listed = False
    while not reader.take("}"):
        if reader.take(","):
            continue
        key = reader.value() if reader.peek() else None
        if not isinstance(key, str) or not reader.take(":"):
            reader.lost = True
            yield Broken("the file ends in the middle, or the rest is not JSON", last=True)
            return
        if key in LISTS and reader.peek() == "[":
            listed = True
            yield from _list(reader)
        elif isinstance(value := reader.value(), Broken):
            broken = value
        else:
            single[key] = value
        if reader.lost:
            break
    if not listed:
        yield broken or _alone(single)


def _alone(single: dict[str, Any]) -> Any:
    wrong = next((key for key in LISTS if key in single), None)
    return Broken(f"“{wrong}” must be a list of services") if wrong else single
