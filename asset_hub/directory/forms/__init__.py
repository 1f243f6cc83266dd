"""Forms of the directory: the steps of listing a group, looking at one, changing one, merging."""

from asset_hub.directory.forms.edit import EditListing, SendBack
from asset_hub.directory.forms.merging import Approve, MergeForm, merge_form
from asset_hub.directory.forms.saying import Section, sections
from asset_hub.directory.forms.steps import FORMS, StepForm

__all__ = [
    "FORMS",
    "Approve",
    "EditListing",
    "MergeForm",
    "Section",
    "SendBack",
    "StepForm",
    "merge_form",
    "sections",
]
