"""What may be written down about a person, and the words that are read to them first."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from asset_hub.core.errors import RuleBroken
from asset_hub.people.models import AgreedTo, ContactBy

# Version 2 can be read out one by one, or both together with the closing words once.
KEEP_WORDS = (
    "We would like to write down your name, how to reach you and what matters to you, so that we "
    "can help and stay in touch. Only the people helping you see it."
)
SHARE_WORDS = (
    "We would like to tell the group your first name, how and when to reach you, and the message "
    "I will read to you now. We will not tell them why."
)
# Read by whoever asks for a hello themself, on the page
ONLINE = "online 1"
ONLINE_WORDS = (
    "A volunteer or coordinator near you may see what you wrote here, keep it, and stay in touch "
    "with you. They tell the group your first name and how and when to reach you, never why. "
    "You can see it, correct it or change your mind at any time."
)
CLOSING_WORDS = "You can see it, correct it or change your mind at any time. Is that all right?"
# Every wording that was ever read out stays here: an agreement names its version for good.
WORDINGS: dict[AgreedTo, dict[str, str]] = {
    AgreedTo.RECORD: {
        "1": "We would like to write down your name, how to reach you and what matters to you, "
        "so that we can help you find something you would enjoy and stay in touch about it. "
        "Only the people helping you see it. You can ask to see it, correct it or take back "
        "your agreement at any time. Is that all right?",
        "2": f"{KEEP_WORDS} {CLOSING_WORDS}",
        ONLINE: ONLINE_WORDS,
    },
    AgreedTo.SHARE: {
        "1": "We would like to tell the group your first name, how and when to reach you, and the "
        "message I will read to you now. We will not tell them why. You can change your mind at "
        "any time. Is that all right?",
        "2": f"{SHARE_WORDS} {CLOSING_WORDS}",
        ONLINE: ONLINE_WORDS,
    },
}
POSTCODE = re.compile(r"\b[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}\b", re.IGNORECASE)
NEEDS_PHONE = (ContactBy.PHONE, ContactBy.TEXT)


@dataclass(frozen=True)
class Wording:
    """The words of an agreement and their version."""

    version: str
    words: str


def wording(agreed_to: AgreedTo, version: str = "") -> Wording:
    """Return a wording by version; the one in use now when none is named."""
    known = WORDINGS[agreed_to]
    chosen = version or max(filter(str.isdigit, known), key=int)
    return Wording(chosen, known.get(chosen, ""))


def online_wording() -> Wording:
    """Return the words that somebody who asks for themself agrees to, for both at once."""
    return Wording(ONLINE, ONLINE_WORDS)


def joint_wording() -> Wording:
    """Return the words that ask for both agreements at once."""
    return Wording("2", f"{KEEP_WORDS} {SHARE_WORDS} {CLOSING_WORDS}")


def fold(name: str) -> str:
    """Return a name without case, accents and extra spaces, for comparing."""
    flat = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())


def same_phone(phone: str) -> str:
    """Return one spelling (E.164 where it can be) for every way to write a British number."""
    try:
        number = phonenumbers.parse(phone, "GB")
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", phone)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def must_be_reachable(
    contact_by: ContactBy, *, phone: str, email: str, safe_contact: str = ""
) -> None:
    """Refuse a way of contact without the number or address it needs."""
    if contact_by in NEEDS_PHONE and not phone:
        raise RuleBroken("Enter their phone number, or choose another way", field="phone")
    if contact_by is ContactBy.EMAIL and not email:
        raise RuleBroken("Enter their email address, or choose another way", field="email")
    if contact_by is ContactBy.POST and not POSTCODE.search(safe_contact):
        raise RuleBroken(
            "Write their address with its postcode here too, or choose another way to reach them",
            field="safe_contact",
        )


def must_not_be_the_keeper(name: str, *, is_keeper: bool) -> None:
    """Refuse to keep somebody out who still keeps in touch with the person."""
    if is_keeper:
        raise RuleBroken(
            f"{name} looks after them. Choose somebody else to look after them first.", field="who"
        )


def must_leave_somebody(left: int) -> None:
    """Refuse to keep out the last one who could look after the person."""
    if left < 1:
        raise RuleBroken("Nobody else could look after them then.", field="who")


def must_not_be_by_post(contact_by: ContactBy, *, never_post: bool) -> None:
    """Refuse "never by post" beside a wish to be reached by letter."""
    if never_post and contact_by is ContactBy.POST:
        raise RuleBroken(
            "They like to be reached by letter. Change that under their details first.",
            field="never_post",
        )
