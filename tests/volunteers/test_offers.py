"""Somebody offers to help: without an account, once, and for two roles and no other."""

import re
from typing import Any

import pytest
from sqlmodel import Session, select

from asset_hub.core.outbox import Message
from asset_hub.core.powers import Role
from asset_hub.volunteers import rules
from asset_hub.volunteers.models import DAYS, INTERESTS, Stage, Volunteer, Wants
from tests.cast import Cast
from tests.conftest import Browser


def words(cast: Cast, **more: Any) -> dict[str, Any]:
    """Return what Vera types."""
    return {
        "community_id": str(cast.ashby.id),
        "wants": "navigator",
        "name": "Vera Fernández-O’Neill",
        "email": "Vera@Example.org",
        "phone": "01632 960 123",
        "interests": ["music", "grief"],
        "days": ["mon-day", "thu-evening"],
        "languages": "English, Urdu",
        "travels": "5",
        "about": "I know the estate well.",
        **more,
    }


def offers(session: Session) -> list[Volunteer]:
    return list(session.exec(select(Volunteer)).all())


def letters(session: Session) -> list[tuple[str, str]]:
    return sorted((letter.kind, letter.to) for letter in session.exec(select(Message)))


def test_vera_offers_to_help_and_is_thanked(browser: Browser, cast: Cast) -> None:
    assert "Ashby" in browser.get("/volunteer").text
    answer = browser.post("/volunteer", data=words(cast))
    assert answer.headers["Location"] == "/volunteer/thank-you"
    assert "What happens next" in browser.get("/volunteer/thank-you").text
    [vera] = offers(cast.session)
    assert (vera.name, vera.email) == ("Vera Fernández-O’Neill", "vera@example.org")
    assert (vera.wants, vera.stage, vera.travels) == (Wants.NAVIGATOR, Stage.APPLIED, 5)
    assert vera.interests_words == [INTERESTS["music"], INTERESTS["grief"]]
    assert vera.days_words == ["Monday daytime", "Thursday evening"]
    assert vera.account_id is None
    assert letters(cast.session) == [
        ("volunteer-thanks", "vera@example.org"),
        ("volunteer-waits", cast.cora.email),
    ], "the coordinator of Ashby is told, and nobody elsewhere"


def test_a_second_click_changes_nothing(browser: Browser, cast: Cast) -> None:
    for _ in range(3):
        answer = browser.post("/volunteer", data=words(cast))
        assert answer.headers["Location"] == "/volunteer/thank-you"
    assert len(offers(cast.session)) == 1
    assert len(letters(cast.session)) == 2
    browser.post("/volunteer", data=words(cast, wants="champion"))
    browser.post("/volunteer", data=words(cast, community_id=str(cast.elsewhere.id)))
    assert len(offers(cast.session)) == 3, "another role or place is another offer"


@pytest.mark.parametrize("role", [role.value for role in Role if role.value not in set(Wants)])
def test_nobody_can_offer_to_be_more(browser: Browser, cast: Cast, role: str) -> None:
    answer = browser.post("/volunteer", data=words(cast, wants=role))
    assert answer.status_code == 422
    assert offers(cast.session) == []


def test_what_was_not_asked_is_not_taken(browser: Browser, cast: Cast) -> None:
    more = {"role": "coordinator", "stage": "welcomed", "account_id": str(cast.ada.id)}
    more |= {"decided_by_id": str(cast.cora.id), "version": "9", "reply": "x"}
    assert browser.post("/volunteer", data=words(cast, **more)).status_code == 302
    [vera] = offers(cast.session)
    assert (vera.stage, vera.account_id, vera.decided_by_id) == (Stage.APPLIED, None, None)
    assert (vera.version, vera.reply) == (1, "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Enter your name"),
        ({"email": "vera"}, "correct format"),
        ({"wants": ""}, "Select what you would like to be"),
        ({"community_id": ""}, "Select a community"),
        ({"community_id": "not-an-id"}, "Select a community"),
        ({"travels": "101"}, "between 0 and 100"),
        ({"travels": "-1"}, "between 0 and 100"),
        ({"travels": "far"}, "whole number"),
        ({"interests": "everything"}, "from the list"),
        ({"days": ["mon-day", "someday"]}, "from the list"),
        ({"about": "x" * 1001}, "1,000 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    browser: Browser, cast: Cast, wrong: dict[str, Any], said: str
) -> None:
    answer = browser.post("/volunteer", data=words(cast) | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "English, Urdu" in answer.text
    assert offers(cast.session) == []


def test_the_community_somebody_came_from_is_chosen_already(browser: Browser, cast: Cast) -> None:
    assert f'<option value="{cast.elsewhere.id}" selected>' in (
        browser.get("/volunteer?community=elsewhere").text
    )
    assert "selected>Elsewhere" not in browser.get("/volunteer?community=nowhere").text


def test_who_is_signed_in_need_not_type_their_name(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.mia)
    assert f'value="{cast.mia.email}"' in browser.get("/volunteer").text
    browser.post("/volunteer", data=words(cast, email="MIA@example.org"))
    browser.post("/volunteer", data=words(cast, email="somebody@example.org"))
    accounts = {offer.email: offer.account_id for offer in offers(cast.session)}
    assert accounts == {"mia@example.org": cast.mia.id, "somebody@example.org": None}


def test_an_address_that_offers_too_often_is_asked_to_wait(browser: Browser, cast: Cast) -> None:
    for number in range(rules.MOST_OFFERS):
        browser.post("/volunteer", data=words(cast, email=f"v{number}@example.org"))
    assert browser.post("/volunteer", data=words(cast)).status_code == 429
    assert len(offers(cast.session)) == rules.MOST_OFFERS


def test_nobody_can_fill_a_strangers_postbox(browser: Browser, cast: Cast) -> None:
    places = [str(cast.ashby.id), str(cast.elsewhere.id)]
    statuses = [
        browser.post(
            "/volunteer",
            data=words(cast, community_id=place, wants=wants),
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number, (place, wants) in enumerate(
            [(place, wants) for place in places for wants in Wants] * 2
        )
    ]
    assert statuses == [302] * rules.MOST_MAILS + [429] * 3


def test_days_are_slugs_that_say_what_they_mean() -> None:
    assert len(DAYS) == 14
    assert DAYS["sun-evening"] == "Sunday evening"


def test_a_site_without_a_community_says_so(browser: Browser, session: Session) -> None:
    assert "No community yet" in browser.get("/volunteer").text


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "{{ 7*7 }}{% if %}", "'; DROP TABLE volunteer; --", "\u202eevil"],
)
def test_hostile_words_are_only_words(browser: Browser, cast: Cast, hostile: str) -> None:
    typed = {"name": hostile, "languages": hostile, "about": hostile}
    browser.post("/volunteer", data=words(cast) | typed)
    [vera] = offers(cast.session)
    browser.sign_in(cast.cora)
    for address in ("/volunteers", f"/volunteers/{vera.id}", f"/volunteers/{vera.id}/decline"):
        page = browser.get(address).text
        assert "<script>alert" not in page
        assert "49" not in re.sub(r'nonce="[^"]*"', "", page.replace(str(vera.id), ""))
