"""The people who are connected, what they agreed to, what they need, and who must not know."""

from asset_hub.people.models.person import (
    AGREED_HOW_WORDS,
    AGREED_TO_WORDS,
    CONTACT_WORDS,
    HEARD_WORDS,
    TITLES,
    AgreedHow,
    AgreedTo,
    Consent,
    ContactBy,
    Need,
    Person,
    PersonBlock,
    first_name_of,
    person_kept_from,
)
from asset_hub.people.models.talking import ACCESS_NEED_WORDS, LONGEST_CODE_WORD, AccessNeed

__all__ = [
    "ACCESS_NEED_WORDS",
    "AGREED_HOW_WORDS",
    "AGREED_TO_WORDS",
    "CONTACT_WORDS",
    "HEARD_WORDS",
    "LONGEST_CODE_WORD",
    "TITLES",
    "AccessNeed",
    "AgreedHow",
    "AgreedTo",
    "Consent",
    "ContactBy",
    "Need",
    "Person",
    "PersonBlock",
    "first_name_of",
    "person_kept_from",
]
