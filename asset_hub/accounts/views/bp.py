"""The blueprint every page of this capability hangs on."""

from flask import Blueprint, Response

bp = Blueprint("accounts", __name__)


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """Let nobody keep these pages: some show an address to whoever holds a mailed link."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
