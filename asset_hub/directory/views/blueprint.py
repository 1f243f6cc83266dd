"""The blueprint all pages of the directory hang on."""

from flask import Blueprint, Response, request

LISTING = "/list-a-group"  # the pages where people write, and those a mailed link opens
bp = Blueprint("directory", __name__)


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """Let nobody keep the pages that hold answers: the next person here may not read them."""
    if request.path.startswith(LISTING):
        response.headers["Cache-Control"] = "private, no-store"
    return response
