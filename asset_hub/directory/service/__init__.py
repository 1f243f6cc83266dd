"""What is done to a listing. Every verb needs a session; none commits."""

from asset_hub.directory.rules.answers import Answers, before, first_missing, following
from asset_hub.directory.rules.current import answers_of, as_fields
from asset_hub.directory.rules.listing import Facts, PlainPlace
from asset_hub.directory.rules.promised import is_late
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.times import Meeting, Times, next_meetings, say_when
from asset_hub.directory.service import mails
from asset_hub.directory.service.approving import approve, send_back
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
from asset_hub.directory.service.topics import ensure_topics
from asset_hub.directory.service.visiting import visited

__all__ = [
    "Answers",
    "Facts",
    "Meeting",
    "PlainPlace",
    "Times",
    "answers_of",
    "approve",
    "as_fields",
    "before",
    "change",
    "close",
    "confirm",
    "edit",
    "ensure_topics",
    "first_missing",
    "following",
    "forget",
    "is_alive",
    "is_late",
    "keep",
    "keep_right",
    "keep_running",
    "keep_stopped",
    "mail_keep_link",
    "mails",
    "next_meetings",
    "publish",
    "publish_many",
    "reopen",
    "say_when",
    "send_another_link",
    "send_back",
    "shown",
    "still_right",
    "submit",
    "visited",
    "withdraw",
]
