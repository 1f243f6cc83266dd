"""What the letters about changes say: a first name and a link, no stranger's words, no contact."""

from collections.abc import Callable

import pytest
from flask import Flask

from asset_hub.core import outbox
from asset_hub.directory import service
from asset_hub.directory.models import Asker, ChangeRequest, Service
from tests.cast import NOW
from tests.conftest import Browser
from tests.directory.conftest import Olive

Read = Callable[[str], dict[str, str] | None]
CONTACT = {"name": "Nia", "email": "new@choir.example", "phone": "01632 960002"}


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


def suggests(olive: Olive, choir: Service, **more: object) -> ChangeRequest:
    given = {"by": None, "reply": "vi@example.org", "asker": Asker.VISITOR} | more
    change = service.propose(
        olive.session, choir, {"fees": "£2"}, made_on=choir.version, comment="CANARY words",
        now=NOW, once=str(more), **given,  # type: ignore[arg-type]
    )  # fmt: skip
    assert change
    return change


def whole(letter: dict[str, str] | None) -> str:
    assert letter is not None
    return "".join(letter.values())


def test_a_champion_reads_that_something_waits_and_no_more(
    olive: Olive, choir: Service, read: Read
) -> None:
    change = suggests(olive, choir)
    suggests(olive, choir, reply="two@example.org")
    assert len(olive.letters("change-waits")) == 2, "one a day for each who looks"
    words = whole(read("change-waits"))
    assert f"https://hub.example/changes/{change.id}" in words
    assert "CANARY" not in words
    assert "Ashby choir" not in words
    service.withdraw_change(olive.session, change, by=None, now=NOW)
    assert read("change-waits") is None, "nothing to look at"


@pytest.mark.parametrize("taken", [True, False])
def test_whoever_asked_hears_what_became_of_it_behind_a_link(
    olive: Olive, choir: Service, read: Read, taken: bool
) -> None:
    change = suggests(olive, choir)
    cath = olive.cast.cath
    if taken:
        service.approve_change(olive.session, change, by=cath, now=NOW, version=choir.version)
    else:
        service.return_change(olive.session, change, message="CANARY: no", by=cath, now=NOW)
    [letter] = olive.letters("change-decided")
    words = whole(read("change-decided"))
    assert letter.to == "vi@example.org"
    assert f"https://hub.example/suggested/{letter.facts['token']}" in words
    assert ("was taken" in words) is taken
    assert "CANARY" not in words
    assert "olive@choir.example" not in words
    assert change.reply == "", "the address was given for this one letter"


def test_an_owner_is_greeted_by_their_first_name(olive: Olive, choir: Service, read: Read) -> None:
    change = suggests(olive, choir, by=olive.cast.otto, asker=Asker.OWNER, reply="")
    service.approve_change(
        olive.session, change, by=olive.cast.cath, now=NOW, version=choir.version
    )
    assert "Hello Otto," in whole(read("change-decided"))


def test_neither_address_reads_the_other(olive: Olive, choir: Service, read: Read) -> None:
    service.propose(
        olive.session, choir, {"contact": CONTACT}, made_on=choir.version, asker=Asker.CONTACT,
        by=None, comment="", reply="", now=NOW, once="x",
    )  # fmt: skip
    for kind in ("address-prove", "address-announced"):
        words = whole(read(kind))
        assert "choir.example" not in words
        assert "Nia" not in words
        assert "Olive" not in words


def test_a_claim_brings_no_strangers_words_into_the_groups_mail(
    olive: Olive, choir: Service, read: Read
) -> None:
    olive.cast.mia.name = "Win a prize"
    service.claim(olive.session, choir, by=olive.cast.mia, comment="CANARY", once="x", now=NOW)
    words = whole(read("listing-claim"))
    assert "prize" not in words
    assert "CANARY" not in words


def test_a_closed_group_is_not_asked_whether_it_has_gone(
    browser: Browser, olive: Olive, choir: Service, read: Read
) -> None:
    given = {"found_out": "", "comment": "CANARY", "reply": "", "address": "1", "now": NOW}
    service.report_gone(olive.session, choir, reason="nobody", once="x", **given)  # type: ignore[arg-type]
    words = whole(read("listing-reported"))
    assert "Hello Olive," in words
    assert "CANARY" not in words
    service.close(olive.session, choir, by=olive.cast.cath, now=NOW)
    assert read("listing-reported") is None


def test_a_group_that_has_answered_since_is_said_so_to_the_champion(
    olive: Olive, choir: Service
) -> None:
    given = {"found_out": "", "comment": "", "reply": "", "address": "1", "now": NOW}
    change = service.report_gone(olive.session, choir, reason="nobody", once="x", **given)  # type: ignore[arg-type]
    later = NOW.replace(hour=15)
    service.still_right(olive.session, choir, by=None, now=later)
    [said] = service.review(olive.session, change, today=NOW.date()).advice
    assert said.startswith("Since then it was confirmed by the people who run it, on Monday 7")
