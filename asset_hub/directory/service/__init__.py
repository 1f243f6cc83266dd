"""What is done to a listing. Every verb needs a session; none commits."""

from asset_hub.directory.rules.answers import Answers, before, first_missing, following, in_steps
from asset_hub.directory.rules.current import answers_of, as_fields
from asset_hub.directory.rules.dates import next_meetings
from asset_hub.directory.rules.listing import Facts, PlainPlace
from asset_hub.directory.rules.promised import is_late
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.times import Times, say_when, stale_after
from asset_hub.directory.service import mails
from asset_hub.directory.service.approving import approve, send_back
from asset_hub.directory.service.away import come_back, go_away, must_be_kept_by
from asset_hub.directory.service.drafts import forget, keep
from asset_hub.directory.service.editing import close, edit, reopen
from asset_hub.directory.service.freshness import still_right
from asset_hub.directory.service.keeping import (
    keep_right,
    keep_running,
    keep_stopped,
    mail_keep_link,
)
from asset_hub.directory.service.listing import (
    change,
    confirm,
    is_alive,
    send_another_link,
    submit,
)
from asset_hub.directory.service.publishing import publish, publish_many, withdraw
from asset_hub.directory.service.retagging import carry_on
from asset_hub.directory.service.taxonomy import (
    add_topic,
    change_topic,
    merge_topic,
    restore_topic,
    retire_topic,
    undo_merge,
)
from asset_hub.directory.service.topics import ensure_topics
from asset_hub.directory.service.visiting import visited

__all__ = [
    "Answers",
    "Facts",
    "PlainPlace",
    "Times",
    "add_topic",
    "answers_of",
    "approve",
    "as_fields",
    "before",
    "carry_on",
    "change",
    "change_topic",
    "close",
    "come_back",
    "confirm",
    "edit",
    "ensure_topics",
    "first_missing",
    "following",
    "forget",
    "go_away",
    "in_steps",
    "is_alive",
    "is_late",
    "keep",
    "keep_right",
    "keep_running",
    "keep_stopped",
    "mail_keep_link",
    "mails",
    "merge_topic",
    "must_be_kept_by",
    "next_meetings",
    "publish",
    "publish_many",
    "reopen",
    "restore_topic",
    "retire_topic",
    "say_when",
    "send_another_link",
    "send_back",
    "shown",
    "stale_after",
    "still_right",
    "submit",
    "undo_merge",
    "visited",
    "withdraw",
]
