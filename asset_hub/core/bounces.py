"""Reading what a mail server writes back when a letter could not be delivered (RFC 3464).

Anybody can write such a mail, so nothing is believed of it but that a letter of ours, named by its
Message-ID, did not arrive: ids cannot be guessed, and only who had the letter knows one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from uuid import UUID

LONGEST = 1_000_000  # bytes of a report that are read
# Permanent by their class, but they say nothing about the address: full, or our mail was unwelcome.
SAYS_NOTHING = re.compile(r"5\.(2\.2|7\.\d+)")
OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")


@dataclass(frozen=True)
class Bounce:
    """A letter of ours that one recipient's server refused for good."""

    message: UUID
    recipient: str
    status: str  # as in RFC 3463: "5.1.1"


def read(raw: bytes) -> list[Bounce]:
    """Return what a report says was refused for good; nothing for any other mail.

    Nor for one that the parser of mails stumbles over: it does over some that nobody sends in good
    faith, a Message-ID of "<" or parts within parts within parts.
    """
    try:
        return _read(raw)
    except (ValueError, LookupError, TypeError, AttributeError, NameError, RecursionError):
        return []


def _read(raw: bytes) -> list[Bounce]:
    report = message_from_bytes(raw[:LONGEST], policy=policy.default)
    if report.get_content_type() != "multipart/report":
        return []
    message = _original(report)
    if message is None:
        return []
    return [
        Bounce(message, recipient, status)
        for recipient, status in _failed(report)
        if not SAYS_NOTHING.fullmatch(status)
    ]


def _failed(report: EmailMessage) -> Iterator[tuple[str, str]]:
    """Yield (recipient, status) of each recipient whose delivery failed for good (section 2.3)."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.get_payload():
            if not isinstance(fields, Message):
                continue
            status = _first(fields, "Status").split(" ")[0]
            failed = _first(fields, "Action").casefold() == "failed"
            if failed and re.fullmatch(r"5\.\d{1,3}\.\d{1,3}", status):
                yield _first(fields, "Final-Recipient").partition(";")[2].strip(), status


def _first(fields: Message, name: str) -> str:
    return str(fields.get(name, "")).strip()


def _plain(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _original(report: EmailMessage) -> UUID | None:
    """Return the id of the letter that the report encloses, whole or its headers alone."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            enclosed = [one for one in part.get_payload() if isinstance(one, Message)]
        elif kind == "text/rfc822-headers":
            enclosed = [message_from_bytes(_plain(part), policy=policy.default)]
        else:
            continue
        for one in enclosed:
            if found := OURS.match(_first(one, "Message-ID")):
                return UUID(found[1])
    return None
