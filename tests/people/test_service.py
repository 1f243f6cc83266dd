"""Adding people, their agreements, and the rows that say who looked."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import Missing, RuleBroken
from asset_hub.people import queries, service
from asset_hub.people.models import AgreedHow, AgreedTo, Consent, ContactBy, Person
from tests.cast import NOW, Cast


def add(session: Session, cast: Cast, **other: Any) -> Person:
    answers: dict[str, Any] = {
        "name": "Rosé Ashworth", "phone": "01632 960777", "community_id": cast.ashby.id,
        "safe_contact": "After ten", "matters": "She misses singing", "how": AgreedHow.SPOKEN,
        "by": cast.ben, "now": NOW,
    }  # fmt: skip
    return service.add_person(session, **{**answers, **other})


def actions(session: Session, person: Person) -> list[str]:
    rows = select(AuditEntry).where(AuditEntry.subject_id == person.id)
    return [row.action for row in session.exec(rows.order_by(col(AuditEntry.id)))]


def test_ben_adds_rose_and_keeps_in_touch_with_her(session: Session, cast: Cast) -> None:
    rose = add(session, cast)
    assert (rose.owner_id, rose.community_id, rose.practice_id) == (
        cast.ben.id,
        cast.ashby.id,
        None,
    )
    assert queries.has_agreed(session, rose.id, AgreedTo.RECORD)
    assert not queries.has_agreed(session, rose.id, AgreedTo.SHARE)
    assert actions(session, rose) == ["add", "agree"]


def test_petras_patient_belongs_to_her_practice_too(session: Session, cast: Cast) -> None:
    rose = add(session, cast, by=cast.petra, practice_id=cast.surgery.id)
    assert rose.practice_id == cast.surgery.id


@pytest.mark.parametrize("who", ["mia", "cath", "ada", "dev", "petra"])
def test_nobody_adds_a_person_where_they_may_not(who: str, session: Session, cast: Cast) -> None:
    with pytest.raises(Missing):  # Petra only adds people of her practice
        add(session, cast, by=getattr(cast, who))


def test_a_new_person_is_given_to_a_keeper_of_the_same_place_only(
    session: Session, cast: Cast
) -> None:
    assert add(session, cast, by=cast.cora, owner_id=cast.ben.id).owner_id == cast.ben.id
    with pytest.raises(RuleBroken):
        add(session, cast, by=cast.cora, owner_id=cast.dev.id)


def test_nothing_that_names_rose_stands_open_in_the_database(session: Session, cast: Cast) -> None:
    add(session, cast, email="rose@example.org", contact_by=ContactBy.EMAIL)
    row = session.connection().execute(text("SELECT * FROM person")).one()
    kept = b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in row).lower()
    for word in ("ashworth", "960777", "rose@example.org", "singing", "after ten"):
        assert word.encode() not in kept


def test_a_double_click_adds_one_rose(session: Session, cast: Cast) -> None:
    first = add(session, cast, request_key="k1")
    again = add(session, cast, request_key="k1")
    assert first is again
    assert session.exec(select(func.count()).select_from(Person)).one() == 1
    assert session.exec(select(func.count()).select_from(Consent)).one() == 1


def test_a_form_somebody_else_filled_in_gives_nothing_away(session: Session, cast: Cast) -> None:
    add(session, cast, request_key="k1")
    with pytest.raises(RuleBroken):
        add(session, cast, request_key="k1", by=cast.cora)


def test_a_look_is_written_down_with_the_look(session: Session, cast: Cast) -> None:
    rose = cast.person()
    service.look_at(session, rose, by=cast.cora, now=NOW)
    assert actions(session, rose) == ["read"]


def test_an_agreement_heard_twice_is_one_until_it_is_taken_back(
    session: Session, cast: Cast
) -> None:
    rose = add(session, cast)
    said = {"how": AgreedHow.SPOKEN, "by": cast.ben, "now": NOW}
    first = service.agree(session, rose, AgreedTo.SHARE, **said)  # type: ignore[arg-type]
    assert service.agree(session, rose, AgreedTo.SHARE, **said) is first  # type: ignore[arg-type]
    service.withdraw(session, rose, AgreedTo.SHARE, by=cast.ben, now=NOW)
    assert not queries.has_agreed(session, rose.id, AgreedTo.SHARE)
    assert queries.has_agreed(session, rose.id, AgreedTo.RECORD)
    again = service.agree(session, rose, AgreedTo.SHARE, **said)  # type: ignore[arg-type]
    assert again is not first


def test_without_being_written_down_nothing_may_be_shared(session: Session, cast: Cast) -> None:
    rose = cast.person()
    service.withdraw(session, rose, AgreedTo.RECORD, by=cast.ben, now=NOW)
    assert not queries.has_agreed(session, rose.id, AgreedTo.SHARE)
    assert rose.no_contact


def test_an_audit_row_of_a_change_names_fields_and_no_words(session: Session, cast: Cast) -> None:
    rose = cast.person()
    answers = {
        "name": "Rose", "phone": "01632 960778", "email": "", "contact_by": ContactBy.PHONE,
        "safe_contact": "Never", "voicemail_ok": False, "matters": rose.matters,
    }  # fmt: skip
    service.change(session, rose, by=cast.ben, now=NOW, **answers)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "change")).one()
    assert entry.detail == {"fields": ["phone", "safe_contact"]}
    assert rose.phone_print == queries.phone_print("01632960778")


def test_a_name_is_found_by_any_part_of_it_within_reach_only(session: Session, cast: Cast) -> None:
    rose, amir = cast.person("Rosé Ashworth"), cast.person("Amir", owner=cast.cora)
    found = queries.people(session, cast.ben, name="rose").people
    assert list(found) == [rose]
    assert queries.people(session, cast.cora, name="ASHWORTH ros").total == 1
    assert queries.people(session, cast.ben, name="Amir").total == 0  # Cora keeps him
    assert queries.people(session, cast.dora).total == 0
    assert queries.people(session, cast.cora).total == 2
    assert amir.name == "Amir"


def test_a_likeness_is_only_shown_to_those_who_may_see_it(session: Session, cast: Cast) -> None:
    rose = add(session, cast, name="Rosé")
    same_phone = {"name": "Rosie", "phone": "(01632) 960 777"}
    assert list(queries.doubles(session, cast.ben, **same_phone)) == [rose]
    assert list(queries.doubles(session, cast.ben, name="ROSE", phone="")) == [rose]
    assert list(queries.doubles(session, cast.dev, **same_phone)) == []
    assert list(queries.doubles(session, cast.ben, name="", phone="")) == []


def test_people_come_a_page_at_a_time(session: Session, cast: Cast) -> None:
    for number in range(queries.PAGE + 1):
        person = Person(community_id=cast.ashby.id, added_by_id=cast.ben.id, created_at=NOW)
        person.name = f"Person {number}"
        session.add(person)
    session.flush()
    first = queries.people(session, cast.cora)
    assert (len(first.people), first.pages) == (queries.PAGE, 2)
    assert len(queries.people(session, cast.cora, page=2).people) == 1
    assert queries.people(session, cast.cora, page=99).page == 2
