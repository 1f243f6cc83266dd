from datetime import timedelta

import pytest

from asset_hub.accounts import rules
from asset_hub.accounts.views.browsers import device_words, network_of
from asset_hub.core.errors import RuleBroken
from asset_hub.core.pages import safe_next
from asset_hub.core.powers import Can, Role
from tests.cast import PASSWORD


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "demo demo demo", "zwölf Möwen am Kai", "p4ssw0rds are so 1999",
     "Бабушка идёт домой",
     "      spaces count too", "Ashby choir sings at noon"],
)  # fmt: skip
def test_a_long_password_is_good_whatever_it_is_made_of(password: str) -> None:
    rules.must_be_good_password(password, name="Ben Ashby", email="ben@example.org")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "12 characters"),
        ("elevenchars", "12 characters"),
        ("Password1234", "harder to guess"),
        ("!!password!!", "harder to guess"),
        ("123456789012", "harder to guess"),
        ("987654321098", "harder to guess"),
        ("abcdefghijkl", "harder to guess"),
        ("aaaaaaaaaaaa", "harder to guess"),
        ("abababababab", "harder to guess"),
        ("qwertyuiop12", "harder to guess"),
        ("Liverpool2026!", "harder to guess"),
        ("benedict-ashby-1", "your name or email"),
        ("benedict@example.org", "your name or email"),
    ],
)
def test_a_password_anybody_would_guess_is_refused(password: str, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        rules.must_be_good_password(password, name="Benedict Ashby", email="benedict@example.org")


@pytest.mark.parametrize("path", ["/today", "/find?q=a b", "/people/ä?x=1#y", "/", "/a//b"])
def test_a_sign_in_leads_on_to_a_page_of_this_site(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "today",
     "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example",
     "/x\r\nSet-Cookie: a=b", " //evil.example", "/" + "x" * 2001, "http:/evil.example"],
)  # fmt: skip
def test_a_sign_in_never_leads_elsewhere(path: str) -> None:
    assert safe_next(path) is None


def test_a_device_is_named_as_its_owner_would() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140"
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"
    assert device_words(edge) == "Edge on Windows"
    assert device_words(iphone) == "Safari on iPhone"
    assert device_words("<script>") == "A browser on another device"


def test_a_household_of_addresses_counts_as_one() -> None:
    assert network_of("203.0.113.7") == "203.0.113.7"
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::2")
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("nonsense") == "unknown"


def test_a_session_is_short_for_whoever_may_read_a_person() -> None:
    assert rules.idle_limit([Role.CHAMPION, Role.NAVIGATOR]) == timedelta(hours=12)
    assert rules.idle_limit([Role.CHAMPION, Role.ADMIN]) == timedelta(days=30)
    assert rules.idle_limit([]) == timedelta(days=30)
    assert rules.whole_limit([Role.CHAMPION, Role.NAVIGATOR]) == timedelta(days=7)
    assert rules.whole_limit([Role.CHAMPION]) == timedelta(days=365)


def test_no_power_gives_a_role_over_people_beyond_its_own_kind_of_place() -> None:
    assert Role.PRACTICE_STAFF not in rules.GIVEN_BY[Can.INVITE]
    assert Role.NAVIGATOR not in rules.GIVEN_BY[Can.INVITE_PRACTICE]
    assert Role.ADMIN not in rules.GIVEN_BY[Can.INVITE] + rules.GIVEN_BY[Can.INVITE_PRACTICE]
