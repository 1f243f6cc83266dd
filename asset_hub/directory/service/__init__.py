"""What is done to a listing. Every verb needs a session; none commits."""

from asset_hub.directory.rules.answers import Answers, before, first_missing, following
from asset_hub.directory.rules.current import answers_of, as_fields
from asset_hub.directory.rules.freshness import Fresh, Life, fresh, score
from asset_hub.directory.rules.listing import Facts, PlainPlace
from asset_hub.directory.rules.promised import is_late
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.times import Times, next_meetings, say_when
from asset_hub.directory.service import mails
from asset_hub.directory.service.approving import approve, send_back
from asset_hub.directory.service.drafts import forget, keep
from asset_hub.directory.service.editing import close, edit, reopen
from asset_hub.directory.service.freshness import (
    could_not_reach,
    heard,
    signal,
    still_right,
    visited,
)
from asset_hub.directory.service.keeping import (
    keep_all_right,
    keep_right,
    keep_running,
    keep_stopped,
    kept_by,
    link_of,
    mail_keep_link,
)
from asset_hub.directory.service.ladder import begin, fade, hide, put_on_list, rest, write
from asset_hub.directory.service.listing import (
    change,
    confirm,
    is_alive,
    send_another_link,
    submit,
)
from asset_hub.directory.service.publishing import publish, publish_many, withdraw
from asset_hub.directory.service.topics import ensure_topics

__all__ = [
    "Answers",
    "Facts",
    "Fresh",
    "Life",
    "PlainPlace",
    "Times",
    "answers_of",
    "approve",
    "as_fields",
    "before",
    "begin",
    "change",
    "close",
    "confirm",
    "could_not_reach",
    "edit",
    "ensure_topics",
    "fade",
    "first_missing",
    "following",
    "forget",
    "fresh",
    "heard",
    "hide",
    "is_alive",
    "is_late",
    "keep",
    "keep_all_right",
    "keep_right",
    "keep_running",
    "keep_stopped",
    "kept_by",
    "link_of",
    "mail_keep_link",
    "mails",
    "next_meetings",
    "publish",
    "publish_many",
    "put_on_list",
    "reopen",
    "rest",
    "say_when",
    "score",
    "send_another_link",
    "send_back",
    "shown",
    "signal",
    "still_right",
    "submit",
    "visited",
    "withdraw",
    "write",
]
