"""A delivery status notification is read as RFC 3464 has it, and believed no further than that."""

from uuid import UUID

import pytest

from asset_hub.core import bounces
from asset_hub.core.bounces import Bounce

KEY = UUID("0199a2b4-0000-7000-8000-000000000001")


def report(
    *,
    status: str = "5.1.1",
    action: str = "failed",
    message_id: str = f"<{KEY}@hub.example>",
    enclosed: str = "message/rfc822",
) -> bytes:
    """Return a report as Postfix and Exim write one."""
    return f"""\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: hub@hub.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon,  7 Sep 2026 09:30:00 +0000 (UTC)

Final-Recipient: rfc822; olive@choir.example
Original-Recipient: rfc822;olive@choir.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <olive@choir.example>: no such mailbox

--b
Content-Type: {enclosed}

Message-ID: {message_id}
To: olive@choir.example
Subject: Is Ashby choir still right?

--b--
""".encode()


@pytest.mark.parametrize("enclosed", ["message/rfc822", "text/rfc822-headers"])
def test_a_refused_letter_is_known_by_its_message_id(enclosed: str) -> None:
    assert bounces.read(report(enclosed=enclosed)) == [Bounce(KEY, "olive@choir.example", "5.1.1")]


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("4.2.2", "delayed"),  # it may still arrive
        ("4.4.1", "failed"),  # given up, but nobody said that the address is wrong
        ("5.2.2", "failed"),  # a full mailbox
        ("5.7.1", "failed"),  # our mail was unwelcome
        ("2.0.0", "delivered"),
        ("5.1.1.1", "failed"),
        ("", "failed"),
    ],
)
def test_what_says_nothing_about_the_address_is_left_alone(status: str, action: str) -> None:
    assert bounces.read(report(status=status, action=action)) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe not a mail",
        b"Subject: I am on holiday\n\nBack on Monday.",
        report(message_id="<something@else.example>"),
        report().replace(b"multipart/report", b"multipart/mixed"),
        report().replace(b"--b--", b""),
        report()[:700],
    ],
)
def test_any_other_mail_and_broken_ones_say_little_and_raise_nothing(raw: bytes) -> None:
    assert bounces.read(raw) in ([], [Bounce(KEY, "olive@choir.example", "5.1.1")])


def test_a_mail_of_many_megabytes_is_not_read_whole() -> None:
    assert bounces.read(b"X-Long: " + b"a" * 5_000_000 + b"\n\n" + report()) == []


@pytest.mark.parametrize("message_id", ["<", "<@", "<>", "<[x", "<a@[", "<\x00@"])
def test_a_report_that_the_parser_stumbles_over_is_no_report(message_id: str) -> None:
    assert bounces.read(report(message_id=message_id)) == []


def test_nor_is_one_with_parts_within_parts_without_end() -> None:
    deep = b"Content-Type: message/rfc822\r\n\r\n" * 5_000
    start = b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
    assert bounces.read(start + deep) == []
