"""Answers that are the same for everybody: no cookie is read for them, and caches may keep them."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

View = TypeVar("View", bound=Callable[..., Any])
_LABEL = "cookieless"


def cookieless(view: View) -> View:
    """Label a view whose answer depends on nothing but its address: none ever sets a cookie."""
    vars(view)[_LABEL] = True
    return view


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, except that a cookieless view has none.

    Flask-Login looks into the session after every request, and Flask would therefore say
    `Vary: Cookie` of each: a cache would hold an answer for one reader at a time.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie and say that the answer depends on it, unless it does not."""
        view = app.view_functions.get(request.endpoint or "")
        if not getattr(view, _LABEL, False):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Use these sessions."""
    app.session_interface = Sessions()
