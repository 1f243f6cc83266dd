"""A keeper's role moves to another place: what they kept here is found, told and given away."""

from sqlmodel import Session, select

from asset_hub.accounts import service as accounts
from asset_hub.connections import queries as connections
from asset_hub.connections.models import Connection
from asset_hub.core import outbox
from asset_hub.core.outbox import Message
from asset_hub.core.powers import Role
from asset_hub.followups import queries, service
from asset_hub.followups.queries import Who
from asset_hub.people import queries as people
from tests.cast import NOW, TODAY, Cast
from tests.followups.stories import introduced


def moved_on(session: Session, cast: Cast) -> Connection:
    """Ben navigates Elsewhere now; Rose's connection in Ashby still names him."""
    connection = introduced(session, cast, cast.person())
    cast.ben.grants[0].ended_at = NOW
    session.flush()
    elsewhere = {"community_id": cast.elsewhere.id}
    accounts.grant(session, cast.ben, Role.NAVIGATOR, place=elsewhere, by=None, now=NOW)
    session.commit()
    session.refresh(cast.ben)
    return connection


def test_coordinators_are_told_when_a_keeper_navigates_somewhere_else(
    session: Session, cast: Cast
) -> None:
    connection = moved_on(session, cast)
    day = connection.next_check_on
    assert day is not None
    service.remind(session, connection, today=day, now=NOW + (day - TODAY))
    session.commit()
    letters = [m for m in session.exec(select(Message)) if m.kind.startswith("follow-up")]
    assert {m.kind for m in letters} == {"follow-up-unkept"}
    assert cast.cora.email in {m.to for m in letters}
    assert all(outbox._COMPOSERS[m.kind](session, m.facts) for m in letters)


def test_every_list_of_what_needs_an_owner_agrees(session: Session, cast: Cast) -> None:
    connection = moved_on(session, cast)
    day = connection.next_check_on
    assert day is not None
    assert [c.id for c in connections.in_need_of_an_owner(session, cast.cora)] == [connection.id]
    agenda = queries.agenda(session, cast.cora, who=Who.NOBODY, today=day)
    assert (agenda.unkept, len(agenda.items)) == (1, 1)
    assert not queries.agenda(session, cast.dora, who=Who.NOBODY, today=day).unkept


def test_a_champion_who_no_longer_navigates_keeps_nobody(session: Session, cast: Cast) -> None:
    connection = introduced(session, cast, cast.person())
    cast.ben.grants[0].ended_at = NOW
    session.flush()
    ashby = {"community_id": cast.ashby.id}
    accounts.grant(session, cast.ben, Role.CHAMPION, place=ashby, by=None, now=NOW)
    session.commit()
    session.refresh(cast.ben)
    assert not people.can_keep(cast.ben, connection)
    assert len(connections.in_need_of_an_owner(session, cast.cora)) == 1
    assert queries.agenda(session, cast.cora, who=Who.NOBODY, today=TODAY).unkept == 1


def test_one_row_and_the_list_agree_about_who_can_keep(session: Session, cast: Cast) -> None:
    for keeper in (cast.ben, cast.cora, cast.petra, cast.lee, cast.cath, cast.dev, cast.pip):
        person = cast.person(keeper.name, owner=keeper)
        listed = session.exec(
            select(type(person)).where(type(person).id == person.id, people.is_kept(type(person)))
        ).first()
        assert (listed is not None) is people.can_keep(keeper, person), keeper.name
