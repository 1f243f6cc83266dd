"""One JSON line for each request: what happened, how long it took, nothing about anybody."""

import json
import logging
import sys
import time
from functools import lru_cache

from flask import Flask, Response, g, has_request_context, request

from asset_hub.core import clock, ids

log = logging.getLogger("asset_hub.requests")
_HANDLER = logging.StreamHandler()
READS = {"GET", "HEAD", "OPTIONS"}
UNSAID = {"static", "core.livez", "core.readyz"}  # machines ask for them all day


class JsonLines(logging.Formatter):
    """Write a record as one line of JSON with the request it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an exception is named by its type and place, without its values."""
        name = getattr(record, "request_id", "") or (has_request_context() and request_id())
        facts = getattr(record, "facts", None)
        if not isinstance(facts, dict):
            facts = {"message": record.getMessage()}
        line = _line(record.created, record.levelname, record.name, name or "", facts)
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "trace": _places(record)}
        return json.dumps(line)


def _line(at: float, level: str, name: str, request: str, facts: dict[str, str]) -> dict[str, str]:
    line = {"at": said_at(at), "level": level, "name": name}
    if request:
        line["request"] = request
    return line | facts


def said_at(moment: float) -> str:
    """Return a moment as a line begins: to the millisecond, on this machine's wall."""
    second = int(moment)
    return f"{_second(second)},{int((moment - second) * 1000):03d}"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))


def _places(record: logging.LogRecord) -> str:
    """Return where an exception passed, file and line only: its message may hold what was typed."""
    assert record.exc_info is not None
    frame, found = record.exc_info[2], []
    while frame:
        place = "/".join(frame.tb_frame.f_code.co_filename.rsplit("/", 2)[-2:])
        found.append(f"{place}:{frame.tb_lineno}")
        frame = frame.tb_next
    return " ".join(found[-8:])


def request_id() -> str:
    """Return this request's id, which the error page shows and the log carries."""
    if "request_id" not in g:
        g.request_id = ids.new().hex[-12:]
    return str(g.request_id)


def note(method: str, endpoint: str, status: str, begun: float, name: str = "") -> None:
    """Write a request down; `begun` is when, on `time.perf_counter`, and `name` is its id."""
    if endpoint in UNSAID or not log.isEnabledFor(logging.INFO):
        return
    took = round((time.perf_counter() - begun) * 1000, 1)
    facts = {"method": method, "endpoint": endpoint, "status": status, "ms": str(took)}
    root = log.parent
    if root is not None and root.handlers == [_HANDLER] and not root.propagate:
        # as the handler would write it; a record that nobody else sees costs four times as much
        line = _line(clock.now().timestamp(), "INFO", log.name, name or request_id(), facts)
        with _HANDLER.lock:  # type: ignore[union-attr]
            _HANDLER.stream.write(f"{json.dumps(line)}\n")
            _HANDLER.flush()
        return
    more = {"facts": facts, "request_id": name}
    log.info("request", extra=more)


def init_app(app: Flask) -> None:
    """Log every request by its endpoint; addresses may hold a token, so they stay out."""
    # no line says which thread or process wrote it: not to ask saves a fifth of the work
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    _HANDLER.setFormatter(JsonLines())
    _HANDLER.setStream(sys.stderr)
    root = logging.getLogger("asset_hub")
    root.handlers[:] = [_HANDLER]
    root.setLevel(logging.INFO)
    root.propagate = app.testing
    app.logger.handlers[:] = [_HANDLER]

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        begun = g.get("started", time.perf_counter())
        note(request.method, request.endpoint or "-", str(response.status_code), begun)
        response.headers["X-Request-Id"] = request_id()
        return response
