"""What somebody sees when something goes wrong: what happened, what to do next, what they typed."""

from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from asset_hub.core import db
from asset_hub.core.errors import Missing, RuleBroken, TooOften
from asset_hub.core.logs import log, request_id

WITH_PAGE = {403, 404, 422, 429, 500, 503}
BARE = {500, 503}  # drawn without asking who is signed in: the database may be down
EXPIRED = 419  # no registered status says "this form is too old"; Laravel made this one known
CHANGED = "Somebody else changed this a moment ago. Go back and look again."


def init_app(app: Flask) -> None:
    """Answer every error with a page of its own."""
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(Missing, lambda _: _page(404))
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(RuleBroken, lambda e: _page(422, message=e.message))
    app.register_error_handler(StaleDataError, lambda _: _page(422, message=CHANGED))
    for kind in (OperationalError, InterfaceError):
        app.register_error_handler(kind, _down)
    if not app.testing:
        app.register_error_handler(Exception, _unknown)


def _page(status: int, **context: Any) -> Response:
    context |= {"status": status, "request_id": request_id()}
    name = f"errors/{status}.html"
    if status in BARE:
        return make_response(current_app.jinja_env.get_template(name).render(**context), status)
    try:
        return make_response(render_template(name, **context), status)
    except (OperationalError, InterfaceError) as error:  # asking who is signed in failed
        return _down(error)


def _known(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status == 401:  # signed out while writing: give the text back
        page = _page(EXPIRED, typed=typed(), signed_out=True)
        page.status_code = 401
        return page
    if status < 400:
        return error  # a redirect that routing asks for
    if status in WITH_PAGE:
        return _page(status)
    page = _page(400, code=status)
    page.status_code = status
    return page


def _expired(_: CSRFError) -> ResponseReturnValue:
    return _page(EXPIRED, typed=typed(), signed_out=False)


def _too_often(error: TooOften) -> ResponseReturnValue:
    page = _page(429, retry_after=error.retry_after)
    page.headers["Retry-After"] = str(error.retry_after)
    return page


def _down(error: Exception) -> Response:
    log.error("the database did not answer", exc_info=error)
    db.session().rollback()
    return _page(503, typed=typed())


def _unknown(error: Exception) -> ResponseReturnValue:
    log.error("unexpected", exc_info=error)
    return _page(500, typed=typed())


def typed() -> list[tuple[str, str]]:
    """Return what was typed into a form, so that an error page can give it back."""
    secret = {"csrf_token", "held_form", "password", "new_password"}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in secret]
