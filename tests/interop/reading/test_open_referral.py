"""One service of a feed, version 1 or 3, becomes one record."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asset_hub.directory.models import Freq, Kind, Standing
from asset_hub.directory.service import Times
from asset_hub.interop.reading import open_referral
from asset_hub.interop.reading.records import Record, Refused
from tests.cast import NOW
from tests.interop.feeds import CHOIR, service


def record(**more: Any) -> Record:
    return open_referral.record(1, service(**more), now=NOW)


def test_a_version_3_service_is_read() -> None:
    found = record(
        alert="Moved for May",
        fees="Free",
        minimum_age=18,
        maximum_age="65",
        last_modified="2026-03-15T10:30:45Z",
        contacts=[{"name": "Ann", "email": "ann@x.example", "phones": [{"number": "01632960001"}]}],
        languages=[{"name": "Urdu"}, {"code": "en"}, {}],
        cost_options=[{"option": "Under 18s", "amount": 3.5, "amount_description": "a session"}],
        attributes=[{"taxonomy_term": {"name": "Singing and music"}}],
        service_areas=[{"service_area": "All of Ashby"}],
        schedules=[{"freq": "WEEKLY", "interval": 2, "byday": "TH,FR", "opens_at": "10:00:00",
                    "closes_at": "12:00", "dtstart": "2026-01-08", "valid_to": "2026-12-24"}],
        service_at_locations=[{"location": {
            "id": "p1", "name": "Hall", "latitude": 53.6, "longitude": "-2.2",
            "addresses": [{"address_type": "postal", "address_1": "PO Box"},
                          {"address_1": "1 High St", "city": "Ashby", "postal_code": "zz11aa"}],
            "accessibility": [{"description": "Level access"}]}}],
    )  # fmt: skip
    assert found.words == {
        "name": "Choir 1",
        "description": "Please note: Moved for May\n\nWe sing on Thursdays.\n\nNo audition.\n\n"
        "Also about: Singing and music",
        "summary": "We sing on Thursdays. No audition.",
        "url": "https://www.riverside.example",
        "email": "choir@riverside.example",
        "phone": "01632 960001",
        "fees": "Free; Under 18s: £3.50 a session",
        "eligibility": "Area: All of Ashby",
        "access": "Level access",
        "languages": "Urdu, en",
    }
    assert (found.minimum_age, found.maximum_age) == (18, 65)
    assert found.confirmed_at == datetime(2026, 3, 15, 10, 30, 45, tzinfo=UTC)
    assert found.contacts == [("Ann", "ann@x.example", "01632 960001")]
    assert found.topics == ["Singing and music"]
    [place] = found.places
    assert (place.name, place.address_1, place.city) == ("Hall", "1 High St", "Ashby")
    assert (place.postal_code, place.latitude, place.longitude) == ("ZZ1 1AA", 53.6, -2.2)
    assert found.times == [
        Times(freq=Freq.WEEKLY, interval=2, byday="TH,FR", opens_at=time(10), closes_at=time(12),
              dtstart=date(2026, 1, 8), valid_to=date(2026, 12, 24))
    ]  # fmt: skip
    assert found.runner.name == "Riverside Arts"
    assert found.warnings == []


def test_a_version_1_service_is_read() -> None:
    found = record(
        deliverable_type="Peer group",
        attending_access="drop-in",
        attending_type="venue",
        accreditations="Ours",
        assured_date="2024-12-10",
        regular_schedules=[{"weekday": "Monday", "opens_at": "10.30am"}],
        eligibilitys=[{"eligibility": "Adults", "minimum_age": 18, "taxonomys": [{"name": "Men"}]}],
        service_taxonomys=[{"taxonomy": {"id": "x", "name": "Dance", "vocabulary": "v"}}],
        pc_targetAudience=[{"audienceType": "Women "}],
        pc_attendingAccess_additionalInfo="Ring first",
        contacts=[{"phones": [{"number": "01632 960002"}]}],
        service_at_locations=[{
            "location": {"latitude": "53.6", "longitude": "-2.2", "physical_addresses": [
                {"address_1": "2 Low Rd", "postal_code": "ZZ1 1AB"}]},
            "regular_schedule": [{"byday": "1MO,3MO", "freq": "MONTHLY", "description": "Twice"}],
        }],
    )  # fmt: skip
    assert found.words["how_to_join"] == "drop-in, venue\n\nRing first"
    assert found.words["eligibility"] == "Women, Adults, Men"
    assert found.words["description"].endswith("Accreditations: Ours\n\nAlso about: Dance")
    assert found.words["phone"] == "01632 960002"
    assert found.topics == ["Women", "Adults", "Men", "Dance"]
    assert found.minimum_age == 18
    assert found.contacts == [], "a number without a name is nobody’s private contact"
    assert [place.postal_code for place in found.places] == ["ZZ1 1AB"]
    assert found.times == [
        Times(freq=Freq.WEEKLY, byday="MO", opens_at=time(10, 30)),
        Times(freq=Freq.MONTHLY, byday="1MO,3MO", description="Twice"),
    ]


@pytest.mark.parametrize(
    ("status", "standing"),
    [("active", Standing.LISTED), ("Active ", Standing.LISTED), ("", Standing.LISTED),
     ("inactive", Standing.CLOSED), ("defunct", Standing.CLOSED), ("draft", Standing.CLOSED)],
)  # fmt: skip
def test_only_what_is_active_is_listed(status: str, standing: Standing) -> None:
    found = record(status=status)
    assert found.standing is standing
    assert bool(found.warnings) == (status == "draft")


def test_what_is_closed_for_a_while_says_so() -> None:
    found = record(status="temporarily closed")
    assert found.standing is Standing.LISTED
    assert found.words["description"].startswith("Temporarily closed.\n\n")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Physical activity", Kind.ACTIVITY), ("Information advice and guidance", Kind.ADVICE),
     ("Community asset", Kind.PLACE), ("Peer group", Kind.GROUP), (None, Kind.GROUP)],
)  # fmt: skip
def test_the_kind_follows_from_what_is_delivered(name: Any, kind: Kind) -> None:
    assert record(deliverable_type=name).kind is kind


@pytest.mark.parametrize("name", [None, "", "  ", "NA", {}, [], "<p> </p>", "\u200b"])
def test_without_a_name_it_is_refused(name: Any) -> None:
    with pytest.raises(Refused, match="no name"):
        record(name=name)


@pytest.mark.parametrize("item", [None, 5, "x", [], True])
def test_what_is_no_object_is_refused(item: Any) -> None:
    with pytest.raises(Refused, match="not a service"):
        open_referral.record(1, item, now=NOW)


def test_one_without_an_id_is_known_by_its_name() -> None:
    found = record(id=None)
    assert found.source_id == "Choir 1 / Riverside Arts"
    assert found.warnings == ["it has no id: it is known by its name"]


def test_one_without_an_organisation_runs_itself() -> None:
    found = record(organization=None)
    assert found.runner.name == "Choir 1"
    assert "no organisation is named" in found.warnings[0]
    assert record(organization=[CHOIR["organization"]]).runner.name == "Riverside Arts"


def test_what_is_too_long_is_cut_and_said() -> None:
    found = record(description="word " * 8000, name="n" * 300, fees="f " * 400)
    assert len(found.words["description"]) <= 20_000
    assert len(found.words["name"]) == 200
    assert found.warnings == [
        "the name had 300 characters: cut to 200",
        "the description had 39,999 characters: cut to 20,000",
        "the fees had 799 characters: cut to 300",
    ]  # fmt: skip


def test_what_cannot_be_used_is_left_out_and_said() -> None:
    found = record(
        url="javascript:alert(1)", email="ring us", minimum_age="old", assured_date="soon",
        organization={"id": "o", "name": "Arts", "url": "nowhere", "email": "nobody"},
        contacts=[{"phones": [{"number": "0"}]}],
        service_at_locations=[{"location": {"name": "Hall", "latitude": "x", "longitude": 1,
                                            "addresses": [{"postal_code": "SALE"}]}}],
    )  # fmt: skip
    assert not found.words.keys() & {"url", "email", "phone"}
    assert found.minimum_age is None
    assert len(found.warnings) == 9
    assert all("cannot" in warning or "not in these" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("latitude", "longitude", "point", "said"),
    [
        (53.6, -2.2, (53.6, -2.2), 0), ("53,6", "-2,2", (53.6, -2.2), 0),
        (-2.2, 53.6, (53.6, -2.2), 1), (0, 0, (None, None), 1), (100, 101, (None, None), 1),
        (float("nan"), 1, (None, None), 1), (None, None, (None, None), 0),
        (53.6, None, (None, None), 1),
    ],
)  # fmt: skip
def test_coordinates_lie_in_these_islands(
    latitude: Any, longitude: Any, point: tuple[float | None, float | None], said: int
) -> None:
    location = {"name": "Hall", "latitude": latitude, "longitude": longitude}
    found = record(service_at_locations=[{"location": location}])
    assert (found.places[0].latitude, found.places[0].longitude) == point
    assert len(found.warnings) == said


def test_a_date_to_come_confirms_nothing() -> None:
    found = record(assured_date="2030-01-01")
    assert found.confirmed_at is None
    assert "still to come" in found.warnings[0]
    assert record(assured_date="2026-09-07").confirmed_at == NOW, "today, but not later than now"


def test_online_is_no_place() -> None:
    found = record(
        service_at_locations=[{"location": {"location_type": "virtual", "name": "Zoom"}}]
    )
    assert found.places == []
    assert found.words["access"] == "Online"


def test_a_postcode_in_the_words_is_a_place_when_there_is_no_other() -> None:
    found = record(description="At the hall, ZZ1 1AA, or ZZ2 2BB. Or zz3 not.")
    assert [place.postal_code for place in found.places] == ["ZZ1 1AA", "ZZ2 2BB"]
    place = {"location": {"name": "Hall"}}
    found = record(description="At ZZ1 1AA", service_at_locations=[place])
    assert [place.name for place in found.places] == ["Hall"]
    many = record(description=" ".join(f"ZZ{n} 1AA" for n in range(1, 15)))
    assert many.places == []
    assert "14 postcodes" in many.warnings[0]


@pytest.mark.parametrize(
    ("part", "times"),
    [
        ({"byday": "Mondays and Tuesdays"}, Times(freq=Freq.WEEKLY, byday="MO,TU")),
        ({"byday": "monthly"}, Times(description="monthly")),
        ({"byday": "-1FR"}, Times(freq=Freq.MONTHLY, byday="-1FR")),
        ({"weekday": 3}, Times(freq=Freq.WEEKLY, byday="WE")),
        ({"byday": "when we can"}, Times(description="when we can")),
        ({"freq": "DAILY", "description": "Every day."}, Times(description="Every day")),
        ({"bymonthday": "2,3", "freq": "MONTHLY"},
         Times(freq=Freq.MONTHLY, description="On the 2,3 of the month")),
        ({"freq": 5, "interval": "x", "opens_at": {}}, None), ({}, None), ({"interval": 3}, None),
    ],
)  # fmt: skip
def test_times_are_parts_or_else_words(part: dict[str, Any], times: Times | None) -> None:
    assert record(schedules=[part]).times == ([times] if times else [])


KEYS = st.sampled_from(
    [*CHOIR, "service_at_locations", "regular_schedules", "schedules", "contacts", "phones", "fees",
     "eligibilitys", "attributes", "languages", "cost_options", "location", "addresses", "name",
     "latitude", "byday", "minimum_age", "assured_date", "pc_metadata", "taxonomy_term", "number"]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, ANYTHING, max_size=12))
@settings(deadline=None, max_examples=50)
def test_no_service_makes_the_import_fall_over(item: dict[str, Any]) -> None:
    try:
        found = open_referral.record(1, item, now=NOW)
    except Refused:
        return
    assert found.words["name"]
    assert found.runner.name
