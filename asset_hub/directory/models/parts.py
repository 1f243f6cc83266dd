"""The parts of a listing: what each is called, in code and on every page, in the order told."""

from typing import Any

Parts = dict[str, Any]  # a listing's parts by name, as JSON can hold them
PART_WORDS = {
    "name": "Name", "organization_name": "Who runs it", "kind": "What sort of thing it is",
    "community_id": "Community", "summary": "In one sentence", "description": "More about it",
    "when_words": "When, in a visitor’s words", "times": "When",
    "where_words": "Where, in a visitor’s words", "places": "Where", "closures": "Breaks",
    "fees": "Cost", "eligibility": "Who for", "ages": "Ages", "minimum_age": "Youngest age",
    "maximum_age": "Oldest age", "not_for": "Not for", "access": "Access",
    "languages": "Languages", "topics": "Topics", "how_to_join": "How to join",
    "first_visit": "What the first visit is like", "ask_for": "Who to ask for",
    "welcomes": "New people a month", "full_until": "Full until", "phone": "Phone",
    "email": "Email", "url": "Website", "photo_id": "Picture",
    "contact": "Private contact", "venue_notes": "Notes about the venue",
}  # fmt: skip
TEXTS = (  # columns of a service that hold words, and that a feed or a file may say
    "name", "summary", "description", "url", "email", "phone", "fees", "eligibility", "access",
    "how_to_join", "first_visit", "languages",
)  # fmt: skip
PLACE = (
    "name", "address_1", "city", "postal_code", "latitude", "longitude", "approximate",
    "visibility",
)  # fmt: skip
TIME = (
    "freq", "interval", "byday", "opens_at", "closes_at", "dtstart", "valid_to", "dates",
    "term_time", "not_months", "bank_holidays", "description",
)  # fmt: skip
