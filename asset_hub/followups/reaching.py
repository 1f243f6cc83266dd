"""How somebody may be reached: the way they asked for first, the others after it. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from asset_hub.people.models import CONTACT_WORDS, ContactBy, Person


@dataclass(frozen=True)
class Way:
    """One way to reach somebody. `to` and `href` are empty when there is nothing to press."""

    by: ContactBy
    to: str = ""
    href: str = ""

    @property
    def words(self) -> str:
        """Return what this way is called on the page."""
        return CONTACT_WORDS[self.by]

    @property
    def calls(self) -> bool:
        """Return whether a telephone rings."""
        return self.by is ContactBy.PHONE


def way(person: Person, by: ContactBy) -> Way:
    """Return one way to reach a person, with its link where there is one."""
    number = re.sub(r"[^0-9+]", "", person.phone)
    match by:
        case ContactBy.PHONE if number:
            return Way(by, person.phone, f"tel:{number}")
        case ContactBy.TEXT if number:
            return Way(by, person.phone, f"sms:{number}")
        case ContactBy.EMAIL if person.email:
            return Way(by, person.email, f"mailto:{quote(person.email, safe='@+')}")
        case _:
            return Way(by)


def asked_for(person: Person) -> Way:
    """Return the way the person asked to be reached by."""
    return way(person, person.contact_by)


def others(person: Person) -> list[Way]:
    """Return the ways they did not ask for that could be tried all the same."""
    found = (way(person, by) for by in ContactBy if by is not person.contact_by)
    return [other for other in found if other.href]
