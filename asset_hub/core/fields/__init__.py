"""The fields forms are made of; import them from here."""

from asset_hub.core.fields.base import HubField
from asset_hub.core.fields.choices import CheckboxesField, Choice, RadioField, SelectField
from asset_hub.core.fields.dates import DatesField
from asset_hub.core.fields.text import (
    EmailField,
    HiddenField,
    PasswordField,
    PhoneField,
    PostcodeField,
    SubmitField,
    TextAreaField,
    TextField,
    WebsiteField,
)
from asset_hub.core.fields.values import (
    BooleanField,
    DatePartsField,
    DecimalField,
    FileField,
    IntegerField,
    TimeField,
)
from asset_hub.core.fields.words import Limit, Required, clean_text

__all__ = [
    "BooleanField",
    "CheckboxesField",
    "Choice",
    "DatePartsField",
    "DatesField",
    "DecimalField",
    "EmailField",
    "FileField",
    "HiddenField",
    "HubField",
    "IntegerField",
    "Limit",
    "PasswordField",
    "PhoneField",
    "PostcodeField",
    "RadioField",
    "Required",
    "SelectField",
    "SubmitField",
    "TextAreaField",
    "TextField",
    "TimeField",
    "WebsiteField",
    "clean_text",
]
