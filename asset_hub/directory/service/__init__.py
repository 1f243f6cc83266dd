"""What is done to a listing. Every verb needs a session; none commits."""

from asset_hub.directory.rules.answers import Answers, before, first_missing, flat, following
from asset_hub.directory.rules.current import answers_of, as_fields
from asset_hub.directory.rules.listing import Facts, PlainPlace
from asset_hub.directory.rules.promised import is_late
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.times import Times, next_meetings, say_when
from asset_hub.directory.service import homes, mails
from asset_hub.directory.service.approving import approve, send_back
from asset_hub.directory.service.doubles import ask_again, compare, different, look
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
from asset_hub.directory.service.merging import changed_since, may_part, merge, part
from asset_hub.directory.service.publishing import publish, publish_many, withdraw
from asset_hub.directory.service.topics import ensure_topics

__all__ = [
    "Answers",
    "Facts",
    "PlainPlace",
    "Times",
    "answers_of",
    "approve",
    "as_fields",
    "ask_again",
    "before",
    "change",
    "changed_since",
    "close",
    "compare",
    "confirm",
    "different",
    "edit",
    "ensure_topics",
    "first_missing",
    "flat",
    "following",
    "forget",
    "homes",
    "is_alive",
    "is_late",
    "keep",
    "keep_right",
    "keep_running",
    "keep_stopped",
    "look",
    "mail_keep_link",
    "mails",
    "may_part",
    "merge",
    "next_meetings",
    "part",
    "publish",
    "publish_many",
    "reopen",
    "say_when",
    "send_another_link",
    "send_back",
    "shown",
    "still_right",
    "submit",
    "withdraw",
]
