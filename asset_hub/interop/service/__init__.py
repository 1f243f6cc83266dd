"""What is done with imports and feeds. Every verb needs a session; none commits."""

from asset_hub.interop.service.feeds import (
    add_feed,
    change_feed,
    claim_feed,
    delete_feed,
    pause,
    read,
    read_now,
)
from asset_hub.interop.service.files import MOST_BYTES, empty, keep_file, unpacked
from asset_hub.interop.service.runs import (
    again,
    can_undo,
    map_columns,
    say_no,
    say_yes,
    skip,
    start,
    start_feed,
    undo,
)

__all__ = [
    "MOST_BYTES",
    "add_feed",
    "again",
    "can_undo",
    "change_feed",
    "claim_feed",
    "delete_feed",
    "empty",
    "keep_file",
    "map_columns",
    "pause",
    "read",
    "read_now",
    "say_no",
    "say_yes",
    "skip",
    "start",
    "start_feed",
    "undo",
    "unpacked",
]
