"""Which listings are one group: a small invented town, told by hand."""

from uuid import UUID

import pytest

from asset_hub.core import ids
from asset_hub.directory.rules.doubles import (
    FOUND,
    HINT,
    Known,
    Spot,
    changed_a_lot,
    distance,
    keys_of,
    likeness,
    name_likeness,
    phones,
)

HALL = Spot(postcode="AS1 1AA", street="1 High Street", point=(53.60000, -2.20000))
NEXT_DOOR = Spot(postcode="AS1 1AB", street="3 High Street", point=(53.60030, -2.20000))
CHURCH = Spot(postcode="AS1 2BB", street="40 Church Lane", point=(53.60900, -2.20000))
FAR = Spot(postcode="BO9 1ZZ", street="7 Mill Street", point=(53.70000, -2.30000))
ROUGH = Spot(point=(53.60500, -2.20500), rough=True)
ASHBY, BOLTBY = ids.new(), ids.new()
CHARITY, OTHERS = ids.new(), ids.new()
SOUP = "Soup, bread and talk for anybody from the village who likes company at lunch time"


def a(
    name: str, *spots: Spot, community: UUID = ASHBY, runner: UUID | None = None, **more: str
) -> Known:
    return Known(
        name=name,
        community_id=community,
        organization_id=runner,
        spots=spots,
        **more,
    )


SAME = {
    "typed again with a plural": (a("Lunch club", HALL), a("The Lunch Clubs", HALL)),
    "no place, one community": (a("Ashby choir"), a("Ashby Choir")),
    "an accent and a sign": (a("Café Société", HALL), a("Cafe Societe!", NEXT_DOOR)),
    "letters that changed places": (a("Ashby choir", HALL), a("Asbhy choir", HALL)),
    "words that changed places": (a("Men's Shed Ashby", HALL), a("Ashby Mens Shed", NEXT_DOOR)),
    "walkers and walking": (
        a("Ashby walkers", HALL, phone="01632 960123"),
        a("Ashby walking group", HALL, phone="+44 1632 960123"),
    ),
    "a longer name, one number": (
        a("Carers centre", HALL, phone="01632 960123"),
        a("The Carers Centre, Ashby", HALL, phone="01632 960 123"),
    ),
    "a register and a website": (
        a("G-FORCE", HALL, url="http://www.gforce.example/"),
        a("G-Force", Spot(postcode="AS11AA", street="Unit 1"), url="gforce.example"),
    ),
    "renamed, with the same words": (
        a("Soup and company", HALL, email="hi@soup.example", words=SOUP),
        a("Thursday table", HALL, email="HI@soup.example", words=SOUP),
    ),
    "two communities, a street apart": (
        a("Riverside bowls club", HALL),
        a("Riverside Bowling Club", NEXT_DOOR, community=BOLTBY),
    ),
}  # fmt: skip
DIFFERENT = {
    "one charity's choir and its chess": (
        a("Ashby choir", HALL, runner=CHARITY, phone="01632 960123", email="a@b.example"),
        a("Ashby chess", HALL, runner=CHARITY, phone="01632 960123", email="a@b.example"),
    ),
    "beginners and advanced": (
        a("Tai chi for beginners", HALL, runner=CHARITY, phone="01632 960123"),
        a("Tai chi advanced", HALL, runner=CHARITY, phone="01632 960123"),
    ),
    "branches of a chain": (
        a("Age Well", HALL, phone="0800 1111222", url="agewell.example"),
        a("Age Well", FAR, phone="0800 1111222", url="agewell.example", community=BOLTBY),
    ),
    "libraries of two villages": (a("Ashby library", HALL), a("Boltby library", FAR)),
    "first and third scouts": (a("1st Ashby Scouts", HALL), a("3rd Ashby Scouts", HALL)),
    "a school and its parents": (
        a("Ashby school", HALL, phone="01632 960123", email="office@school.example"),
        a("Ashby school parents association", HALL, phone="01632 960123"),
    ),
    "two who meet in one hall": (
        a("Baby yoga", HALL, phone="01632 960123"),
        a("Ballroom dancing", HALL, phone="01632 960123"),
    ),
    "names that begin alike": (a("Ashby gardeners", HALL), a("Ashby guitars", CHURCH)),
    "nothing in common": (a("!!!"), a("???")),
    "two coffee mornings far apart": (
        a("Coffee morning", HALL), a("Coffee morning", FAR, community=BOLTBY),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_one_group_told_twice_is_found(case: str) -> None:
    one, other = SAME[case]
    found = likeness(one, other)
    assert found.score >= FOUND, found
    assert found == likeness(other, one), "whichever comes first"
    assert keys_of(one) & keys_of(other), "or nobody would ever compare them"


@pytest.mark.parametrize("case", DIFFERENT)
def test_two_groups_are_left_alone(case: str) -> None:
    assert likeness(*DIFFERENT[case]).score < FOUND


def test_every_listing_of_the_town_against_every_other() -> None:
    """Across all pairs: most of what is one group is found, and nearly all that is found is one."""
    pairs = [*SAME.values(), *DIFFERENT.values()]
    everyone = [one for pair in pairs for one in pair]
    same = {frozenset(map(id, pair)) for pair in SAME.values()}
    found = {
        frozenset((id(one), id(other)))
        for n, one in enumerate(everyone)
        for other in everyone[n + 1 :]
        if likeness(one, other).score >= FOUND
    }
    right = found & same
    assert len(right) / len(same) >= 0.9, "recall"
    # "Ashby choir" stands in three of the cases above: those pairs are one group too.
    assert len(right) / len(found) >= 0.5, "precision"


def test_one_number_alone_is_only_a_hint() -> None:
    found = likeness(a("Baby yoga", phone="01632 960123"), a("Ballroom", phone="01632 960123"))
    assert HINT <= found.score < FOUND
    assert found.reasons == ["the same phone number"]


def test_a_number_that_many_share_says_nothing() -> None:
    one, other = a("Baby yoga", phone="01632 960123"), a("Ballroom", phone="01632 960123")
    assert likeness(one, other, set()).score < HINT


def test_phones_are_compared_by_what_they_reach() -> None:
    assert phones("0161 496 0123") == phones("+44 (0)161 496 0123") == {"614960123"}
    assert phones("0161 496 0123") != phones("0161 496 0124")
    assert phones("0161 496 0123 or 0161 496 0124") == {"614960123", "614960124"}
    assert phones("") == phones("ring us") == set()


def test_a_rough_point_is_nowhere_exactly() -> None:
    assert distance([ROUGH], [HALL]) is None
    assert distance([ROUGH], [FAR]) is not None, "but not in another town"
    metres = distance([HALL, FAR], [NEXT_DOOR])
    assert metres is not None
    assert 25 < metres < 45


@pytest.mark.parametrize(
    "name", ["", "!!!", "\u202egnp.exe", "a" * 200, "{{7*7}}", "The", "' OR 1=1"]
)
def test_any_name_has_keys_that_fit_and_compares(name: str) -> None:
    keys = keys_of(a(name, HALL, url="http://[::1", email="@", phone="0" * 400))
    assert keys
    assert max(map(len, keys)) <= 120
    assert likeness(a(name, HALL), a("Ashby choir", HALL)).score < FOUND
    assert 0 <= name_likeness(name, name) <= 1


def test_a_listing_has_changed_a_lot_when_half_of_it_is_new() -> None:
    before = keys_of(a("Ashby choir", HALL, phone="01632 960123"))
    assert not changed_a_lot(before, keys_of(a("Ashby choir", HALL, phone="01632 960999")))
    assert changed_a_lot(before, keys_of(a("Boltby chess", FAR)))
