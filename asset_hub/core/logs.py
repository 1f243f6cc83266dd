"""One JSON line for each request: what happened, how long it took, nothing about anybody."""

import json
import logging
import time

from flask import Flask, Response, g, has_request_context, request

from asset_hub.core import ids

log = logging.getLogger("asset_hub.requests")
READS = {"GET", "HEAD", "OPTIONS"}
UNSAID = {"static", "core.livez", "core.readyz"}  # machines ask for them all day


class JsonLines(logging.Formatter):
    """Write a record as one line of JSON with the request it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an exception is named by its type and place, without its values."""
        line = {"at": self.formatTime(record), "level": record.levelname, "name": record.name}
        if name := getattr(record, "request_id", "") or (has_request_context() and request_id()):
            line["request"] = name
        facts = getattr(record, "facts", None)
        line |= facts if isinstance(facts, dict) else {"message": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "trace": _places(record)}
        return json.dumps(line)


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
    more = {"facts": facts, "request_id": name}
    # made by hand: looking for who called costs as much as the rest of the line
    log.handle(log.makeRecord(log.name, logging.INFO, __file__, 0, "request", (), None, extra=more))


def init_app(app: Flask) -> None:
    """Log every request by its endpoint; addresses may hold a token, so they stay out."""
    # no line says which thread or process wrote it: not to ask saves a fifth of the work
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger("asset_hub")
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    root.propagate = app.testing
    app.logger.handlers[:] = [handler]

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        begun = g.get("started", time.perf_counter())
        note(request.method, request.endpoint or "-", str(response.status_code), begun)
        response.headers["X-Request-Id"] = request_id()
        return response
