from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlmodel import Field, Session, SQLModel, select

from asset_hub.accounts.models import Grant
from asset_hub.core import access
from asset_hub.core.powers import (
    POWERS,
    REACH_WORDS,
    ROLE_WORDS,
    SCOPE,
    WORDS,
    Can,
    Reach,
    Role,
)  # fmt: skip
from asset_hub.people.models import Person
from tests.cast import Cast

SOME = [uuid5(UUID(int=0), str(n)) for n in range(3)]  # few, so that ids often meet
ON_PERSONS = {
    Can.ADD_PERSON, Can.READ_PERSON, Can.EDIT_PERSON, Can.MAKE_CONNECTION, Can.READ_CONNECTION,
    Can.KEEP_CONNECTION, Can.REASSIGN,
}  # fmt: skip


class Thing(SQLModel, table=True):
    """Something with every column that a reach may look at."""

    __tablename__ = "thing_of_the_access_tests"
    metadata = SQLModel.metadata.__class__()

    id: int = Field(default=None, primary_key=True)
    community_id: UUID | None = None
    practice_id: UUID | None = None
    organization_id: UUID | None = None
    owner_id: UUID | None = None


def _given(role: Role, place: UUID) -> Any:
    scope = SCOPE[role]
    places = {"community_id": None, "practice_id": None, "organization_id": None}
    return SimpleNamespace(role=role, **places | ({scope: place} if scope else {}))


some = st.sampled_from(SOME)
maybe = st.one_of(st.none(), some)
grants = st.lists(st.builds(_given, st.sampled_from(list(Role)), some), max_size=4)
actors = st.builds(lambda key, roles: SimpleNamespace(id=key, given=roles), some, grants)
things = st.builds(
    Thing, community_id=maybe, practice_id=maybe, organization_id=maybe, owner_id=maybe
)
ENGINE = create_engine("sqlite://")
Thing.metadata.create_all(ENGINE)


@settings(max_examples=150, deadline=None)
@given(actors, st.lists(things, max_size=6), st.sampled_from(list(Can)))
def test_a_list_holds_just_what_may_be_loaded_one_by_one(
    actor: Any, rows: list[Thing], power: Can
) -> None:
    with Session(ENGINE) as session:
        session.add_all(rows)
        session.flush()
        listed = session.exec(select(Thing).where(access.within(Thing, actor, power))).all()
        assert set(map(id, listed)) == {id(t) for t in rows if access.reaches(actor, t, power)}
        session.rollback()


@settings(max_examples=50, deadline=None)
@given(actors, things, st.sampled_from(list(Can)))
def test_nothing_is_reached_without_the_power(actor: Any, thing: Thing, power: Can) -> None:
    if access.reaches(actor, thing, power):
        assert access.allows(actor, power)


@given(actors, st.sampled_from(list(Can)))
def test_a_thing_that_belongs_nowhere_is_only_reached_from_everywhere(
    actor: Any, power: Can
) -> None:
    everywhere = access.EVERYTHING in access.scopes(actor, power)
    assert access.reaches(actor, Thing(), power) is everywhere


def test_ben_reaches_only_what_he_keeps_and_cora_her_patch(cast: Cast) -> None:
    rose, iris = cast.person("Rose"), cast.person("Iris", owner=cast.cora)
    assert access.reaches(cast.ben, rose, Can.READ_PERSON)
    assert not access.reaches(cast.ben, iris, Can.READ_PERSON)
    assert access.reaches(cast.cora, rose, Can.READ_PERSON)
    assert access.reaches(cast.petra, iris, Can.READ_PERSON)
    for stranger in (cast.dora, cast.pip, cast.dev, cast.ada, cast.mia, cast.cath, cast.otto):
        assert not access.reaches(stranger, rose, Can.READ_PERSON)


def test_a_disabled_or_unconfirmed_account_may_do_nothing(cast: Cast) -> None:
    cast.cora.disabled_at, cast.petra.confirmed_at = cast.cora.created_at, None
    assert not any(access.allows(who, power) for who in (cast.cora, cast.petra) for power in Can)


def test_an_ended_role_carries_nothing(cast: Cast) -> None:
    cast.ben.grants[0].ended_at = cast.ben.created_at
    assert not access.allows(cast.ben, Can.READ_PERSON)


def test_a_navigator_who_left_a_community_reaches_nobody_there_from_another(
    cast: Cast, session: Session
) -> None:
    rose = cast.person("Rose")
    cast.ben.grants[0].ended_at = cast.ben.created_at
    session.add(
        Grant(
            account_id=cast.ben.id, role=Role.NAVIGATOR, community_id=cast.elsewhere.id,
            given_at=cast.ben.created_at,
        )
    )  # fmt: skip
    session.commit()
    session.refresh(cast.ben)
    assert access.allows(cast.ben, Can.READ_PERSON)
    assert not access.reaches(cast.ben, rose, Can.READ_PERSON)
    assert not session.exec(
        select(Person).where(access.within(Person, cast.ben, Can.READ_PERSON))
    ).all()


def test_places_name_where_a_power_reaches(cast: Cast) -> None:
    assert access.places(cast.cora, Can.INVITE, "community_id") == {cast.ashby.id}
    assert access.places(cast.ben, Can.INVITE, "community_id") == set()


# The table of powers


def test_every_role_and_power_has_words_and_a_use() -> None:
    assert set(WORDS) == set(Can)
    assert set(ROLE_WORDS) == set(Role) == set(POWERS) == set(SCOPE)
    assert set(REACH_WORDS) == set(Reach)
    assert {power for powers in POWERS.values() for power in powers} == set(Can)


def test_each_role_reaches_only_through_the_place_it_was_given_in() -> None:
    for role, powers in POWERS.items():
        for power, reach in powers.items():
            if column := access.COLUMN.get(reach):
                assert SCOPE[role] == column, f"{role} cannot reach {reach} with {power}"


def test_nobody_reaches_every_person_and_the_administrator_reaches_none() -> None:
    for role, powers in POWERS.items():
        for power in ON_PERSONS & set(powers):
            assert powers[power] is not Reach.SITE, f"{role} reaches everybody"
    assert not ON_PERSONS & set(POWERS[Role.ADMIN])
    assert not ON_PERSONS & set(POWERS[Role.CHAMPION] | POWERS[Role.OWNER])


def test_a_navigator_reaches_only_the_people_they_keep() -> None:
    mine = {power: reach for power, reach in POWERS[Role.NAVIGATOR].items() if power in ON_PERSONS}
    assert set(mine.values()) == {Reach.ASSIGNED}
    assert Can.REASSIGN not in mine
