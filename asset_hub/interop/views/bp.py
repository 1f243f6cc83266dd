"""The blueprint of imports and exports."""

from typing import Any

from flask import Blueprint, request
from flask_login import current_user

from asset_hub.core.access import allows, me
from asset_hub.core.powers import Can
from asset_hub.interop.service import MOST_BYTES

bp = Blueprint("interop", __name__)
ROOM_FOR_THE_REST = 1_000_000


@bp.url_value_preprocessor
def let_large_files_in(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Take large bodies at one address, from those who may import; before anything reads them."""
    sends = endpoint == "interop.upload" and request.method == "POST"
    if sends and current_user.is_authenticated and allows(me(), Can.IMPORT_LISTINGS):
        request.max_content_length = MOST_BYTES + ROOM_FOR_THE_REST


@bp.teardown_request
def forget_uploads(_: BaseException | None) -> None:
    """Close the file a large upload was kept in."""
    request.close()
