"""The sections in which a listing is changed, and the parts that each may change."""

from asset_hub.directory.models import Parts

WHAT, WHERE, WHEN, WHO, JOIN = "what", "where", "when", "who", "join"
PHOTO, ROOM = "photo", "room"
SECTIONS = (WHAT, WHERE, WHEN, WHO, JOIN, PHOTO, ROOM)
ASKED = (WHAT, WHEN, WHO, JOIN)  # by one form each; the others have pages of their own
PARTS = {
    WHAT: ("name", "summary", "description", "kind", "organization_name"),
    WHERE: ("community_id", "places"),
    WHEN: ("times", "closures"),
    WHO: (
        "eligibility", "minimum_age", "maximum_age", "fees", "access", "languages", "topics",
        "not_for",
    ),
    JOIN: (
        "how_to_join", "first_visit", "ask_for", "phone", "email", "url", "contact", "venue_notes",
    ),
    PHOTO: ("photo_id",),
    ROOM: ("welcomes", "full_until"),
}  # fmt: skip
TITLES = {
    WHAT: "What it is",
    WHERE: "Where",
    WHEN: "When",
    WHO: "Who it is for, cost and access",
    JOIN: "How to join, and contact",
    PHOTO: "A photograph",
    ROOM: "Room for newcomers",
}


def of_section(section: str, parts: Parts) -> Parts:
    """Return those of some parts that belong to a section."""
    return {name: parts[name] for name in PARTS[section] if name in parts}


def sections_of(names: set[str]) -> list[str]:
    """Return the titles of the sections that some parts belong to, in order."""
    return [TITLES[one] for one in SECTIONS if names & set(PARTS[one])]
