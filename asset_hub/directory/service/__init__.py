"""What is done to a listing. Every verb needs a session; none commits."""

from asset_hub.directory.rules.answers import Answers, before, first_missing, following
from asset_hub.directory.rules.current import answers_of, as_fields
from asset_hub.directory.rules.listing import Facts, PlainPlace
from asset_hub.directory.rules.promised import is_late
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.telling import labels
from asset_hub.directory.rules.times import Times, next_meetings, say_when
from asset_hub.directory.service import change_mails, mails
from asset_hub.directory.service.addresses import prove as prove_address
from asset_hub.directory.service.addresses import stop as stop_address
from asset_hub.directory.service.addresses import take_effect
from asset_hub.directory.service.approving import approve, send_back
from asset_hub.directory.service.change_mails import what_is_watched
from asset_hub.directory.service.changes import (
    approve_change,
    propose,
    return_change,
    withdraw_change,
    withdraw_own,
)
from asset_hub.directory.service.claiming import claim
from asset_hub.directory.service.claiming import prove as prove_claim
from asset_hub.directory.service.closing import close, reopen
from asset_hub.directory.service.drafts import forget, keep
from asset_hub.directory.service.editing import edit, must_wait
from asset_hub.directory.service.freshness import still_right
from asset_hub.directory.service.keeping import (
    keep_right,
    keep_running,
    keep_stopped,
    mail_keep_link,
)
from asset_hub.directory.service.links import is_alive, must_be_alive
from asset_hub.directory.service.listing import change, confirm, send_another_link, submit
from asset_hub.directory.service.publishing import publish, publish_many, withdraw
from asset_hub.directory.service.reviewing import GONE_WORDS, changed_since, review
from asset_hub.directory.service.suggesting import as_now, report_gone, suggest
from asset_hub.directory.service.topics import ensure_topics
from asset_hub.directory.service.undoing import Undone, undo
from asset_hub.directory.service.watching import begin, forget_unconfirmed, stop, tell, watch

__all__ = [
    "GONE_WORDS",
    "Answers",
    "Facts",
    "PlainPlace",
    "Times",
    "Undone",
    "answers_of",
    "approve",
    "approve_change",
    "as_fields",
    "as_now",
    "before",
    "begin",
    "change",
    "change_mails",
    "changed_since",
    "claim",
    "close",
    "confirm",
    "edit",
    "ensure_topics",
    "first_missing",
    "following",
    "forget",
    "forget_unconfirmed",
    "is_alive",
    "is_late",
    "keep",
    "keep_right",
    "keep_running",
    "keep_stopped",
    "labels",
    "mail_keep_link",
    "mails",
    "must_be_alive",
    "must_wait",
    "next_meetings",
    "propose",
    "prove_address",
    "prove_claim",
    "publish",
    "publish_many",
    "reopen",
    "report_gone",
    "return_change",
    "review",
    "say_when",
    "send_another_link",
    "send_back",
    "shown",
    "still_right",
    "stop",
    "stop_address",
    "submit",
    "suggest",
    "take_effect",
    "tell",
    "undo",
    "watch",
    "what_is_watched",
    "withdraw",
    "withdraw_change",
    "withdraw_own",
]
