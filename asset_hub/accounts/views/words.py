"""A role inside a sentence: "Ben is no longer a volunteer navigator in Ashby"."""

from asset_hub.accounts.models import Grant, Invitation
from asset_hub.core.powers import ROLE_WORDS, Role


def being(row: Grant | Invitation) -> str:
    """Return what somebody is, with its article and its place."""
    words = ROLE_WORDS[row.role]
    what = words[:1].lower() + words[1:]
    said = f"one of the {what}" if row.role is Role.PRACTICE_STAFF else f"a {what}"
    if row.community:
        return f"{said} in {row.community.name}"
    return f"{said} at {row.practice.name}" if row.practice else said
