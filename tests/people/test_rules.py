"""How names and numbers are compared, and what must be known of a person."""

import pytest

from asset_hub.core.errors import RuleBroken
from asset_hub.core.ids import new
from asset_hub.people import rules
from asset_hub.people.models import AgreedTo, ContactBy, Person
from tests.cast import NOW


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rosé", "rose"), ("  Rose   Ashworth ", "ROSE ASHWORTH"), ("Mary-Jane", "mary jane")],
)
def test_names_are_the_same_whatever_their_accents_case_and_spaces(one: str, other: str) -> None:
    assert rules.fold(one) == rules.fold(other)


@pytest.mark.parametrize("phone", ["01632 960777", "01632960777", "+44 1632 960 777"])
def test_a_phone_number_is_the_same_in_any_spacing(phone: str) -> None:
    assert rules.same_phone(phone) == "+441632960777"


def test_what_is_no_phone_number_is_compared_by_its_digits() -> None:
    assert rules.same_phone("ask at no. 12b") == "12"


@pytest.mark.parametrize(
    ("by", "field"),
    [(ContactBy.PHONE, "phone"), (ContactBy.TEXT, "phone"), (ContactBy.EMAIL, "email")],
)
def test_a_way_of_contact_needs_its_number_or_address(by: ContactBy, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.must_be_reachable(by, phone="", email="")
    assert refused.value.field == field


@pytest.mark.parametrize("by", [ContactBy.POST, ContactBy.IN_PERSON])
def test_somebody_without_a_phone_may_be_met_or_written_to(by: ContactBy) -> None:
    rules.must_be_reachable(by, phone="", email="", safe_contact="1 High St, M33 7XX")


@pytest.mark.parametrize("safe", ["", "After ten", "1 High St"])
def test_a_letter_needs_an_address(safe: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.must_be_reachable(ContactBy.POST, phone="", email="", safe_contact=safe)
    assert refused.value.field == "safe_contact"


def test_both_agreements_are_asked_for_in_one_short_reading() -> None:
    both = rules.joint_wording()
    for agreed_to in AgreedTo:
        assert rules.wording(agreed_to).version == both.version
    assert rules.KEEP_WORDS in both.words
    assert rules.SHARE_WORDS in both.words
    assert both.words.count("Is that all right?") == 1
    assert len(both.words.split()) < 90


def test_every_agreement_has_words_to_read_out_and_old_ones_are_kept() -> None:
    for agreed_to in AgreedTo:
        now = rules.wording(agreed_to)
        assert now.words
        assert rules.wording(agreed_to, "1").words
    assert rules.wording(AgreedTo.SHARE, "never").words == ""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Rose", "Rose"),
        ("Rose Ashworth", "Rose"),
        ("Zoë-Anne Brontë", "Zoë-Anne"),
        ("Mrs Ashworth", "Mrs A."),
        ("Dr. Rose Ashworth", "Dr. A."),
        ("Miss", "Miss"),
        ("", ""),
    ],
)
def test_others_are_told_a_first_name_and_never_a_surname(
    name: str, told: str, session: object
) -> None:
    person = Person(community_id=new(), added_by_id=new(), created_at=NOW)
    person.name = name
    assert person.first_name == told
