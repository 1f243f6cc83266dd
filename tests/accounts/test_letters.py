from datetime import timedelta

import pytest
from sqlmodel import Session, select

from asset_hub.accounts import service
from asset_hub.core.outbox import Message, MessageState
from asset_hub.core.powers import Role
from tests.accounts.letters import delivered, text_of, token_in
from tests.cast import NOW, PASSWORD, Cast


def invite(session: Session, cast: Cast, name: str = "Nia Owusu") -> None:
    service.invite(
        session,
        email="nia@example.org",
        name=name,
        role=Role.NAVIGATOR,
        place={"community_id": cast.ashby.id},
        by=cast.cora,
        now=NOW,
    )
    session.commit()


def test_each_letter_carries_its_link_and_no_password(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "seven grey herons"
    service.register(session, name="Nia", email="nia@example.org", password=new, now=NOW)
    service.register(session, name="Ben", email="ben@example.org", password=new, now=NOW)
    service.ask_reset(session, email="ben@example.org", now=NOW)
    service.ask_reset(session, email="nobody@example.org", now=NOW)
    service.change_password(
        session, cast.cora, password=PASSWORD, new_password=new, token="", now=NOW
    )
    session.commit()

    letters = delivered(monkeypatch)

    found = {str(letter["Subject"]): text_of(letter) for letter in letters}
    assert set(found) == {
        "Confirm your email address",
        "You have an account already",
        "Choose a new password",
        "There is no account with this address",
        "Your password has been changed",
    }
    assert "http://127.0.0.1:8000/confirm/" in found["Confirm your email address"]
    assert "http://127.0.0.1:8000/new-password/" in found["Choose a new password"]
    assert "Hello Ben," in found["Choose a new password"]
    assert new not in "".join(found.values())
    assert "Nia" not in found["Confirm your email address"]


def test_an_invitation_says_who_invites_to_what_until_when(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(session, cast)
    token = token_in(session)

    [letter] = delivered(monkeypatch)

    assert letter["Subject"] == "Cora invites you to Asset Hub"
    assert letter["To"] == "nia@example.org"
    words = text_of(letter)
    assert "Hello Nia," in words
    assert "Volunteer navigator, Ashby" in words
    assert "until Monday 21 September 2026 at 10:30am" in words
    assert f"http://127.0.0.1:8000/invitation/{token}" in words


def test_a_name_with_line_ends_starts_no_header(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.cora.name = "Cora\r\nBcc: everyone@example.org"
    invite(session, cast, name="Nia\nBcc: all@example.org")

    [letter] = delivered(monkeypatch)

    assert letter["Bcc"] is None
    assert letter["Subject"] == "Cora Bcc: everyone@example.org invites you to Asset Hub"


def test_a_name_in_a_letter_is_never_markup_or_a_template(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.cora.name = "<b>{{ 7*7 }}</b>"
    invite(session, cast)

    [letter] = delivered(monkeypatch)

    part = letter.get_body(("html",))
    assert part is not None
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;" in str(part.get_content())


def test_an_invitation_withdrawn_before_it_left_is_never_sent(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {"community_id": cast.ashby.id}
    made = service.invite(
        session, email="n@example.org", name="N", role=Role.CHAMPION, place=place, by=cast.cora,
        now=NOW,
    )  # fmt: skip
    service.withdraw(session, made, by=cast.cora, now=NOW)
    session.commit()
    assert delivered(monkeypatch) == []


def test_of_an_invitation_sent_again_only_the_newest_leaves(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {"community_id": cast.ashby.id}
    made = service.invite(
        session, email="n@example.org", name="N", role=Role.CHAMPION, place=place, by=cast.cora,
        now=NOW - timedelta(minutes=5),
    )  # fmt: skip
    service.send_again(session, made, by=cast.cora, now=NOW)
    session.commit()
    assert len(delivered(monkeypatch)) == 1


def test_nothing_is_sent_to_an_account_disabled_meanwhile(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.ask_reset(session, email="ben@example.org", now=NOW)
    cast.ben.disabled_at = NOW
    session.commit()
    assert delivered(monkeypatch) == []
    assert session.exec(select(Message.state)).one() is MessageState.WITHHELD
