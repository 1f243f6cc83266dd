"""The table of powers: role → power → how far it reaches. "What each role can do" is drawn from it.

A power is named verb:thing. `tests/test_matrix.py` executes what this table promises.
"""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a community, a practice, an organisation or the site."""

    OWNER = "owner"
    CHAMPION = "champion"
    NAVIGATOR = "navigator"
    COORDINATOR = "coordinator"
    PRACTICE_STAFF = "practice_staff"
    PRACTICE_LEAD = "practice_lead"
    DATA_PROTECTION = "data_protection"
    ADMIN = "admin"


class Reach(StrEnum):
    """How far a power reaches."""

    GROUP = "group"  # the organisation's own listings
    PATCH = "patch"  # everything in the community
    PRACTICE = "practice"  # everything of the practice
    ASSIGNED = "assigned"  # what one keeps oneself
    SITE = "site"  # everything


class Can(StrEnum):
    """Everything that can be allowed or refused."""

    EDIT_LISTING = "edit:listing"
    APPROVE_LISTING = "approve:listing"
    READ_PRIVATE_CONTACT = "read:private-contact"
    ADD_PERSON = "add:person"
    READ_PERSON = "read:person"
    EDIT_PERSON = "edit:person"
    MAKE_CONNECTION = "make:connection"
    READ_CONNECTION = "read:connection"
    KEEP_CONNECTION = "keep:connection"
    TAKE_HELLO = "take:hello"
    REASSIGN = "reassign:connection"
    WELCOME_VOLUNTEER = "welcome:volunteer"
    SEE_TEAM = "see:team"
    INVITE = "invite:account"
    INVITE_PRACTICE = "invite:practice"
    MANAGE_PLACES = "manage:places"
    MANAGE_ACCOUNTS = "manage:accounts"
    HELP_IN = "help:in"
    EDIT_COMMUNITY = "edit:community"
    IMPORT_LISTINGS = "import:listings"
    EDIT_TOPICS = "edit:topics"
    READ_AUDIT = "read:audit"
    ANSWER_PERSON = "answer:person"


WORDS: dict[Can, str] = {
    Can.EDIT_LISTING: "Change a listing",
    Can.APPROVE_LISTING: "Approve a listing or send it back",
    Can.READ_PRIVATE_CONTACT: "See a group’s private contact",
    Can.ADD_PERSON: "Add a person",
    Can.READ_PERSON: "See a person and what matters to them",
    Can.EDIT_PERSON: "Change a person’s details",
    Can.MAKE_CONNECTION: "Connect a person to a group",
    Can.READ_CONNECTION: "See a connection and how it went",
    Can.KEEP_CONNECTION: "Keep a connection: introduce, follow up, close",
    Can.TAKE_HELLO: "Take a request for a hello, and say it",
    Can.REASSIGN: "Give a connection to somebody else",
    Can.WELCOME_VOLUNTEER: "Welcome volunteers and champions",
    Can.SEE_TEAM: "See who holds a role, and who was invited",
    Can.INVITE: "Invite people to a role in the community",
    Can.INVITE_PRACTICE: "Invite colleagues at the practice",
    Can.MANAGE_PLACES: "Add communities and practices",
    Can.MANAGE_ACCOUNTS: "Disable an account; invite to roles on the site",
    Can.HELP_IN: "Let somebody in who lost their second step, having met them",
    Can.EDIT_COMMUNITY: "Tell a community’s story and draw its boundary",
    Can.IMPORT_LISTINGS: "Import listings from a file or a feed, and export them",
    Can.EDIT_TOPICS: "Look after the topics, which all communities share",
    Can.READ_AUDIT: "Be told who looked at whom (by the administrator, for now)",
    Can.ANSWER_PERSON: "Answer what a person asks about what is kept of them, and erase it",
}

ROLE_WORDS: dict[Role, str] = {
    Role.OWNER: "Group owner",
    Role.CHAMPION: "Health champion",
    Role.NAVIGATOR: "Volunteer navigator",
    Role.COORDINATOR: "Coordinator",
    Role.PRACTICE_STAFF: "Practice staff",
    Role.PRACTICE_LEAD: "Practice lead",
    Role.DATA_PROTECTION: "Data protection lead",
    Role.ADMIN: "Technical administrator",
}

REACH_WORDS: dict[Reach, str] = {
    Reach.GROUP: "their own group",
    Reach.PATCH: "their community",
    Reach.PRACTICE: "their practice",
    Reach.ASSIGNED: "people they keep in touch with",
    Reach.SITE: "everywhere",
}

SCOPE: dict[Role, str | None] = {
    Role.OWNER: "organization_id",
    Role.CHAMPION: "community_id",
    Role.NAVIGATOR: "community_id",
    Role.COORDINATOR: "community_id",
    Role.PRACTICE_STAFF: "practice_id",
    Role.PRACTICE_LEAD: "practice_id",
    Role.DATA_PROTECTION: "practice_id",
    Role.ADMIN: None,
}

_ON_PERSONS = (Can.ADD_PERSON, Can.READ_PERSON, Can.EDIT_PERSON, Can.MAKE_CONNECTION,
               Can.READ_CONNECTION, Can.KEEP_CONNECTION)  # fmt: skip

POWERS: dict[Role, dict[Can, Reach]] = {
    Role.OWNER: {
        Can.EDIT_LISTING: Reach.GROUP,
        Can.READ_PRIVATE_CONTACT: Reach.GROUP,
    },
    Role.CHAMPION: {
        Can.EDIT_LISTING: Reach.PATCH,
        Can.APPROVE_LISTING: Reach.PATCH,
        Can.READ_PRIVATE_CONTACT: Reach.PATCH,
    },
    Role.NAVIGATOR: {
        Can.READ_PRIVATE_CONTACT: Reach.PATCH,
        **dict.fromkeys(_ON_PERSONS, Reach.ASSIGNED),
        Can.TAKE_HELLO: Reach.PATCH,
    },
    Role.COORDINATOR: {
        Can.EDIT_LISTING: Reach.PATCH,
        Can.APPROVE_LISTING: Reach.PATCH,
        Can.READ_PRIVATE_CONTACT: Reach.PATCH,
        **dict.fromkeys(_ON_PERSONS, Reach.PATCH),
        Can.TAKE_HELLO: Reach.PATCH,
        Can.REASSIGN: Reach.PATCH,
        Can.ANSWER_PERSON: Reach.PATCH,
        Can.WELCOME_VOLUNTEER: Reach.PATCH,
        Can.SEE_TEAM: Reach.PATCH,
        Can.INVITE: Reach.PATCH,
        Can.HELP_IN: Reach.PATCH,
        Can.EDIT_COMMUNITY: Reach.PATCH,
        Can.IMPORT_LISTINGS: Reach.PATCH,
        Can.EDIT_TOPICS: Reach.SITE,
    },
    Role.PRACTICE_STAFF: {
        Can.READ_PRIVATE_CONTACT: Reach.SITE,
        **dict.fromkeys(_ON_PERSONS, Reach.PRACTICE),
    },
    Role.PRACTICE_LEAD: {
        Can.READ_PRIVATE_CONTACT: Reach.SITE,
        **dict.fromkeys(_ON_PERSONS, Reach.PRACTICE),
        Can.REASSIGN: Reach.PRACTICE,
        Can.ANSWER_PERSON: Reach.PRACTICE,
        Can.SEE_TEAM: Reach.PRACTICE,
        Can.INVITE_PRACTICE: Reach.PRACTICE,
        Can.HELP_IN: Reach.PRACTICE,
    },
    Role.DATA_PROTECTION: {
        Can.READ_AUDIT: Reach.PRACTICE,
        Can.ANSWER_PERSON: Reach.PRACTICE,
    },
    Role.ADMIN: {
        Can.SEE_TEAM: Reach.SITE,
        Can.MANAGE_PLACES: Reach.SITE,
        Can.MANAGE_ACCOUNTS: Reach.SITE,
        Can.HELP_IN: Reach.SITE,
        Can.EDIT_COMMUNITY: Reach.SITE,
        Can.IMPORT_LISTINGS: Reach.SITE,
        Can.EDIT_TOPICS: Reach.SITE,
    },
}

# Whoever holds one of these shows a second factor: they read about people, or say who may.
GUARDED = frozenset({
    Can.READ_PERSON, Can.READ_CONNECTION, Can.TAKE_HELLO, Can.READ_AUDIT,
    Can.ANSWER_PERSON,
    Can.INVITE, Can.INVITE_PRACTICE, Can.MANAGE_ACCOUNTS, Can.HELP_IN,
})  # fmt: skip


def is_guarded(role: Role) -> bool:
    """Return whether a role is worth nothing before its holder has shown a second factor."""
    return not GUARDED.isdisjoint(POWERS[role])
