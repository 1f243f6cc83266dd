"""What is done to a listing. Every verb needs a session; none commits."""

from asset_hub.directory.rules.answers import Answers, before, first_missing, following, in_steps
from asset_hub.directory.rules.current import answers_of, as_fields
from asset_hub.directory.rules.dates import next_meetings
from asset_hub.directory.rules.freshness import Fresh, Life, fresh, score
from asset_hub.directory.rules.listing import Facts, PlainPlace
from asset_hub.directory.rules.photos import ShownPhoto, shown_photo
from asset_hub.directory.rules.places import must_keep_the_secrets, say_plainly
from asset_hub.directory.rules.promised import is_late
from asset_hub.directory.rules.room import answers_from, has_room, say_card, say_room
from asset_hub.directory.rules.sections import TITLES, sections_of
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.snapshot import parts_of
from asset_hub.directory.rules.times import Times, say, say_when, stale_after
from asset_hub.directory.service import mails
from asset_hub.directory.service.approving import approve, send_back
from asset_hub.directory.service.away import come_back, go_away, must_be_kept_by
from asset_hub.directory.service.drafts import forget, keep
from asset_hub.directory.service.editing import Saved, close, operate, reopen, save_parts
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
from asset_hub.directory.service.photos import forget_photo, keep_photo
from asset_hub.directory.service.pictures import Picture, drawn_anew
from asset_hub.directory.service.publishing import publish, publish_many, withdraw
from asset_hub.directory.service.retagging import carry_on
from asset_hub.directory.service.sections import (
    answers_of_place,
    community_parts,
    parts_at_places,
    parts_without_place,
    place_parts,
    section_parts,
)
from asset_hub.directory.service.taxonomy import (
    add_topic,
    change_topic,
    merge_topic,
    restore_topic,
    retire_topic,
    undo_merge,
)
from asset_hub.directory.service.topics import ensure_topics
from asset_hub.directory.service.welcoming import keep_welcome, welcome

__all__ = [
    "TITLES",
    "Answers",
    "Facts",
    "Fresh",
    "Life",
    "Picture",
    "PlainPlace",
    "Saved",
    "ShownPhoto",
    "Times",
    "add_topic",
    "answers_from",
    "answers_of",
    "answers_of_place",
    "approve",
    "as_fields",
    "before",
    "begin",
    "carry_on",
    "change",
    "change_topic",
    "close",
    "come_back",
    "community_parts",
    "confirm",
    "could_not_reach",
    "drawn_anew",
    "ensure_topics",
    "fade",
    "first_missing",
    "following",
    "forget",
    "forget_photo",
    "fresh",
    "go_away",
    "has_room",
    "heard",
    "hide",
    "in_steps",
    "is_alive",
    "is_late",
    "keep",
    "keep_all_right",
    "keep_photo",
    "keep_right",
    "keep_running",
    "keep_stopped",
    "keep_welcome",
    "kept_by",
    "link_of",
    "mail_keep_link",
    "mails",
    "merge_topic",
    "must_be_kept_by",
    "must_keep_the_secrets",
    "next_meetings",
    "operate",
    "parts_at_places",
    "parts_of",
    "parts_without_place",
    "place_parts",
    "publish",
    "publish_many",
    "put_on_list",
    "reopen",
    "rest",
    "restore_topic",
    "retire_topic",
    "save_parts",
    "say",
    "say_card",
    "say_plainly",
    "say_room",
    "say_when",
    "score",
    "section_parts",
    "sections_of",
    "send_another_link",
    "send_back",
    "shown",
    "shown_photo",
    "signal",
    "stale_after",
    "still_right",
    "submit",
    "undo_merge",
    "visited",
    "welcome",
    "withdraw",
    "write",
]
