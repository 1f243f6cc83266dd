"""What a topic may be called, when two names are the same, and the slug a name makes."""

import re
import unicodedata
from collections.abc import Container

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import TaxonomyTerm

LONGEST_SLUG = 50  # leaves room for a number
MOST_PHRASES = 40


def key_of(name: str) -> str:
    """Return a name as it is compared: its letters and digits alone, large and small the same.

    Signs that cannot be seen make no difference, so no name can pass for another.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum())[:80]


def must_say_something(name: str) -> None:
    """Refuse a name without a letter."""
    if not any(sign.isalpha() for sign in name):
        raise RuleBroken("Enter the name in letters", field="name")


def slug_of(name: str, taken: Container[str]) -> str:
    """Return a new topic's slug: its name in plain letters, with a number when that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    start = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "topic"
    slug, number = start, 1
    while slug in taken:
        number += 1
        slug = f"{start}-{number}"
    return slug


def phrases(text: str) -> str:
    """Return people's words tidied: a phrase on each line, each once."""
    lines = (" ".join(line.split()) for line in re.split(r"[\n,;]+", text))
    found = list({line.casefold(): line for line in lines if line}.values())
    if len(found) > MOST_PHRASES:
        raise RuleBroken(f"Enter {MOST_PHRASES} phrases or fewer", field="words")
    return "\n".join(found)


def must_be_mergeable(gone: TaxonomyTerm, kept: TaxonomyTerm) -> None:
    """Refuse to merge topics that do not belong together, or one that is not there any more."""
    if gone.id == kept.id:
        raise RuleBroken("Select another topic to keep", field="kept_id")
    if gone.kind is not kept.kind:
        raise RuleBroken("Select a topic of the same kind", field="kept_id")
    if gone.merged_into_id:
        raise RuleBroken("This topic was merged already. Look at its page again.")
    if not kept.is_offered:
        raise RuleBroken("The topic to keep is no longer in use. Select another", field="kept_id")
