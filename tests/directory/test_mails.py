"""What Olive and the champions read, and what is not sent because it is true no more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from asset_hub.core import outbox
from asset_hub.directory import service
from tests.cast import NOW
from tests.directory.conftest import Olive
from tests.directory.test_hostile_words import HOSTILE, check

Read = Callable[[str], dict[str, str] | None]


@pytest.fixture
def read(app: Flask, olive: Olive) -> Read:
    """Write the newest letter of a kind as the worker would."""

    def write(kind: str) -> dict[str, str] | None:
        context = outbox._COMPOSERS[kind](olive.session, olive.letters(kind)[-1].facts)
        if context is None:
            return None
        with app.test_request_context(base_url="https://hub.example"):
            return {
                part: app.jinja_env.get_template(f"emails/{kind}.{part}").render(**context)
                for part in ("subject", "txt", "html")
            }

    return write


def test_each_letter_has_its_time(olive: Olive, read: Read) -> None:
    group = olive.sends()
    letter = read("listing-confirm")
    assert letter
    assert "Hello," in letter["txt"]
    assert "Olive" not in "".join(letter.values()), "no words of a stranger’s before the proof"
    assert f"https://hub.example{olive.link()}" in letter["txt"]
    olive.confirms()
    assert read("listing-confirm") is None, "it was confirmed"
    olive.session.refresh(group)
    waits = read("listing-waits")
    assert waits
    assert f"https://hub.example/to-approve/{group.id}" in waits["html"]
    assert "Lunch club" not in waits["txt"], "a link, never a name of a stranger’s choosing"
    service.send_back(olive.session, group, message="Say who", by=olive.cast.cora, now=NOW)
    assert read("listing-waits") is None, "somebody has looked"
    returned = read("listing-returned")
    assert returned
    assert "Say who" not in "".join(returned.values())


def test_the_lister_hears_that_it_is_found(olive: Olive, read: Read) -> None:
    group = olive.lists()
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW)
    letter = read("listing-approved")
    assert letter
    assert f"https://hub.example/groups/{group.id}" in letter["txt"]
    service.close(olive.session, group, by=olive.cast.cath, now=NOW)
    assert read("listing-approved") is None


def test_a_champion_who_left_is_not_written_to(olive: Olive, read: Read) -> None:
    olive.lists()
    for account in (olive.cast.cath, olive.cast.cora):
        account.disabled_at = NOW + timedelta(1)
    assert read("listing-waits") is None


@pytest.mark.parametrize("words", HOSTILE)
def test_mails_carry_no_more_than_text(olive: Olive, read: Read, words: str) -> None:
    name = words.replace("https:", "")  # refused in names
    olive.sends(name=name, contact_name=words, organization_name=name)
    letter = read("listing-confirm")
    assert letter
    check(letter["html"])
    assert "\n" not in letter["subject"].strip()
    assert "https://hub.example/" in letter["txt"]


def test_a_letter_to_an_unproven_address_greets_nobody(olive: Olive, read: Read) -> None:
    olive.sends(contact_name="Win a prize at evil")
    letter = read("listing-confirm")
    assert letter
    assert "prize" not in "".join(letter.values())


def test_the_lister_gets_a_lasting_link(olive: Olive, read: Read) -> None:
    group = olive.lists()
    service.approve(olive.session, group, by=olive.cast.cath, now=NOW)
    letter = read("listing-approved")
    assert letter
    token = olive.letters("listing-approved")[-1].facts["token"]
    for part in ("txt", "html"):
        assert f"https://hub.example/list-a-group/keep/{token}" in letter[part]
    service.mail_keep_link(olive.session, group, address="", now=NOW)
    assert read("listing-keep")


def test_an_admin_reads_whom_to_invite_not_a_page_they_may_not_see(
    olive: Olive, read: Read
) -> None:
    for account in (olive.cast.cath, olive.cast.cora):
        account.disabled_at = NOW
    olive.session.commit()
    group = olive.lists()
    assert olive.letters("listing-waits")[-1].to == olive.cast.ada.email
    letter = read("listing-waits")
    assert letter
    assert "https://hub.example/invite" in letter["txt"]
    assert str(group.id) not in "".join(letter.values())
