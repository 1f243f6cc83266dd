"""Forms of the directory: the steps of listing a group, sending one back, changing one."""

from asset_hub.directory.forms.edit import EditListing, SendBack
from asset_hub.directory.forms.saying import Section, sections
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

__all__ = [
    "FORMS",
    "SUGGEST",
    "Claim",
    "EditListing",
    "Gone",
    "Return",
    "Section",
    "SendBack",
    "StepForm",
    "Suggest",
    "WatchForm",
    "decision",
    "sections",
]
