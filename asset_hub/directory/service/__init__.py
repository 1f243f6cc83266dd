"""What is done to a listing. Every verb needs a session; none commits.

This is the one door to the rooms behind it, for views, jobs and other capabilities: they may
import nothing deeper (tests/test_architecture.py), so that a verb keeps its name when it moves to
another room. What a page says in words comes through it from `rules`, which views may not ask.
The rooms themselves import each other directly, never through the door.
"""

from asset_hub.directory.rules.answers import (
    Answers,
    before,
    first_missing,
    flat,
    following,
    in_steps,
)
from asset_hub.directory.rules.current import answers_of, as_fields
from asset_hub.directory.rules.facets import choices
from asset_hub.directory.rules.freshness import Fresh, fresh
from asset_hub.directory.rules.listing import Facts
from asset_hub.directory.rules.photos import ShownPhoto, shown_photo
from asset_hub.directory.rules.places import (
    PlainPlace,
    public_point,
    say_address,
    say_kept,
    say_on_the_way,
    say_plainly,
)
from asset_hub.directory.rules.room import answers_from, say_card, say_room
from asset_hub.directory.rules.sections import TITLES, sections_of
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.snapshot import parts_of
from asset_hub.directory.rules.telling import labels
from asset_hub.directory.rules.times import Times, say, say_when
from asset_hub.directory.rules.wording import compared
from asset_hub.directory.service import change_mails, homes, mails
from asset_hub.directory.service.addresses import prove as prove_address
from asset_hub.directory.service.addresses import stop as stop_address
from asset_hub.directory.service.addresses import take_effect
from asset_hub.directory.service.approving import approve, send_back
from asset_hub.directory.service.away import come_back, go_away, must_be_kept_by
from asset_hub.directory.service.change_mails import what_is_watched
from asset_hub.directory.service.changes import (
    approve_change,
    propose,
    return_change,
    still_runs,
    withdraw_change,
    withdraw_own,
)
from asset_hub.directory.service.claiming import claim
from asset_hub.directory.service.claiming import prove as prove_claim
from asset_hub.directory.service.closing import close, reopen
from asset_hub.directory.service.doubles import ask_again, compare, different, look
from asset_hub.directory.service.drafts import forget, keep
from asset_hub.directory.service.editing import Saved, must_wait, save_parts
from asset_hub.directory.service.freshness import (
    could_not_reach,
    heard,
    signal,
    still_right,
    visited,
    worth_asking,
)
from asset_hub.directory.service.history import revise_many
from asset_hub.directory.service.inferring import infer_anew
from asset_hub.directory.service.keeping import (
    keep_all_right,
    keep_right,
    keep_running,
    keep_stopped,
    kept_by,
    link_of,
    mail_keep_link,
)
from asset_hub.directory.service.ladder import (
    begin,
    cannot_be_written_to,
    fade,
    hide,
    put_on_list,
    rest,
    write,
)
from asset_hub.directory.service.links import is_alive, must_be_alive
from asset_hub.directory.service.listing import change, confirm, send_another_link, submit
from asset_hub.directory.service.mails import what_people_read
from asset_hub.directory.service.merging import changed_since as changed_since_merge
from asset_hub.directory.service.merging import may_part, merge, part
from asset_hub.directory.service.photos import SELECT_A_PHOTO, count_photo, forget_photo, keep_photo
from asset_hub.directory.service.pictures import drawn_anew
from asset_hub.directory.service.publishing import (
    FirstCopy,
    add_copies,
    first_copy,
    publish,
    publish_many,
    withdraw,
)
from asset_hub.directory.service.retagging import carry_on
from asset_hub.directory.service.reviewing import changed_since, review, review_for_author
from asset_hub.directory.service.rounds import Round, say_running
from asset_hub.directory.service.sections import (
    answers_of_place,
    community_parts,
    parts_at_places,
    parts_without_place,
    place_parts,
    section_parts,
)
from asset_hub.directory.service.sessions import forget_sessions, roll_on, write_sessions
from asset_hub.directory.service.suggesting import as_now, report_gone, suggest
from asset_hub.directory.service.taking_back import settle_word, take_back_word
from asset_hub.directory.service.taxonomy import (
    add_topic,
    change_topic,
    merge_topic,
    restore_topic,
    retire_topic,
    undo_merge,
)
from asset_hub.directory.service.topics import ensure_topics
from asset_hub.directory.service.undoing import Undone, shows_an_address, undo
from asset_hub.directory.service.watching import begin as begin_watching
from asset_hub.directory.service.watching import forget_unconfirmed, stop, tell, watch
from asset_hub.directory.service.weekly import (
    begin_patch_mail,
    champions,
    stop_patch_mail,
    tell_of_patch,
)
from asset_hub.directory.service.welcoming import keep_welcome, welcome

__all__ = [
    "SELECT_A_PHOTO",
    "TITLES",
    "Answers",
    "Facts",
    "FirstCopy",
    "Fresh",
    "PlainPlace",
    "Round",
    "Saved",
    "ShownPhoto",
    "Times",
    "Undone",
    "add_copies",
    "add_topic",
    "answers_from",
    "answers_of",
    "answers_of_place",
    "approve",
    "approve_change",
    "as_fields",
    "as_now",
    "ask_again",
    "before",
    "begin",
    "begin_patch_mail",
    "begin_watching",
    "cannot_be_written_to",
    "carry_on",
    "champions",
    "change",
    "change_mails",
    "change_topic",
    "changed_since",
    "changed_since_merge",
    "choices",
    "claim",
    "close",
    "come_back",
    "community_parts",
    "compare",
    "compared",
    "confirm",
    "could_not_reach",
    "count_photo",
    "different",
    "drawn_anew",
    "ensure_topics",
    "fade",
    "first_copy",
    "first_missing",
    "flat",
    "following",
    "forget",
    "forget_photo",
    "forget_sessions",
    "forget_unconfirmed",
    "fresh",
    "go_away",
    "heard",
    "hide",
    "homes",
    "in_steps",
    "infer_anew",
    "is_alive",
    "keep",
    "keep_all_right",
    "keep_photo",
    "keep_right",
    "keep_running",
    "keep_stopped",
    "keep_welcome",
    "kept_by",
    "labels",
    "link_of",
    "look",
    "mail_keep_link",
    "mails",
    "may_part",
    "merge",
    "merge_topic",
    "must_be_alive",
    "must_be_kept_by",
    "must_wait",
    "part",
    "parts_at_places",
    "parts_of",
    "parts_without_place",
    "place_parts",
    "propose",
    "prove_address",
    "prove_claim",
    "public_point",
    "publish",
    "publish_many",
    "put_on_list",
    "reopen",
    "report_gone",
    "rest",
    "restore_topic",
    "retire_topic",
    "return_change",
    "review",
    "review_for_author",
    "revise_many",
    "roll_on",
    "save_parts",
    "say",
    "say_address",
    "say_card",
    "say_kept",
    "say_on_the_way",
    "say_plainly",
    "say_room",
    "say_running",
    "say_when",
    "section_parts",
    "sections_of",
    "send_another_link",
    "send_back",
    "settle_word",
    "shown",
    "shown_photo",
    "shows_an_address",
    "signal",
    "still_right",
    "still_runs",
    "stop",
    "stop_address",
    "stop_patch_mail",
    "submit",
    "suggest",
    "take_back_word",
    "take_effect",
    "tell",
    "tell_of_patch",
    "undo",
    "undo_merge",
    "visited",
    "watch",
    "welcome",
    "what_is_watched",
    "what_people_read",
    "withdraw",
    "withdraw_change",
    "withdraw_own",
    "worth_asking",
    "write",
    "write_sessions",
]
