"""Forms of the directory: the steps of listing a group, sending one back, changing one."""

from asset_hub.directory.forms.away import AwayForm
from asset_hub.directory.forms.edit import EditListing, SendBack
from asset_hub.directory.forms.saying import Section, sections
from asset_hub.directory.forms.steps import FORMS, StepForm
from asset_hub.directory.forms.taxonomy import AddTopic, ChangeTopic, MergeTopic

__all__ = [
    "FORMS",
    "AddTopic",
    "AwayForm",
    "ChangeTopic",
    "EditListing",
    "MergeTopic",
    "Section",
    "SendBack",
    "StepForm",
    "sections",
]
