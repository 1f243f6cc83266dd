"""Forms of the directory: the steps of listing a group, looking at one, changing one, merging."""

from asset_hub.directory.forms.away import AwayForm
from asset_hub.directory.forms.edit import SendBack
from asset_hub.directory.forms.merging import Approve, MergeForm, Undo, merge_form, undo_form
from asset_hub.directory.forms.photo import PhotoForm
from asset_hub.directory.forms.places import PlaceForm
from asset_hub.directory.forms.room import RoomForm
from asset_hub.directory.forms.rounds import RoundForm
from asset_hub.directory.forms.saying import Section, rows_of, sections
from asset_hub.directory.forms.section import (
    SECTION_FORMS,
    CommunitySection,
    Remove,
    section_form,
    times_at,
)
from asset_hub.directory.forms.steps import FORMS, StepForm
from asset_hub.directory.forms.suggest import (
    SUGGEST,
    Claim,
    Gone,
    Return,
    Suggest,
    WatchForm,
    decision,
)
from asset_hub.directory.forms.taxonomy import AddTopic, ChangeTopic, MergeTopic

__all__ = [
    "FORMS",
    "SECTION_FORMS",
    "SUGGEST",
    "AddTopic",
    "Approve",
    "AwayForm",
    "ChangeTopic",
    "Claim",
    "CommunitySection",
    "Gone",
    "MergeForm",
    "MergeTopic",
    "PhotoForm",
    "PlaceForm",
    "Remove",
    "Return",
    "RoomForm",
    "RoundForm",
    "Section",
    "SendBack",
    "StepForm",
    "Suggest",
    "Undo",
    "WatchForm",
    "decision",
    "merge_form",
    "rows_of",
    "section_form",
    "sections",
    "times_at",
    "undo_form",
]
