from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from asset_hub.connections import service as connections
from asset_hub.connections.models import Connection, Ending, Handover, State
from asset_hub.core.audit import AuditEntry
from asset_hub.core.errors import RuleBroken
from asset_hub.followups import queries, service
from asset_hub.followups.models import Attempt, FollowUp, Outcome
from tests.cast import NOW, TODAY, Cast
from tests.followups.stories import accepted, hear, introduced, morning

GOING, ONCE, NOT_YET, WRONG, SILENT, MORE = Outcome


@pytest.fixture
def rose(session: Session, cast: Cast) -> Connection:
    """Rose, introduced to the choir today."""
    return introduced(session, cast)


def test_an_introduction_plans_four_looks_and_promises_the_first(
    session: Session, rose: Connection
) -> None:
    planned = queries.planned(session, rose)
    assert [row.days for row in planned] == [2, 14, 42, 84]
    assert rose.next_check_on == planned[0].due_on == TODAY + timedelta(2)
    assert (rose.state, rose.handover) == (State.INTRODUCED, Handover.MET)


def test_the_same_introduction_twice_is_one(session: Session, cast: Cast, rose: Connection) -> None:
    service.begin(session, rose, by=cast.ben, handover=Handover.MET, today=TODAY, now=NOW)
    session.commit()
    assert len(session.exec(select(FollowUp)).all()) == 4


def test_another_introduction_is_refused(session: Session, cast: Cast, rose: Connection) -> None:
    with pytest.raises(RuleBroken, match="moved on"):
        service.begin(session, rose, by=cast.ben, handover=Handover.CALL, today=TODAY, now=NOW)
    session.rollback()


def test_an_introduction_may_be_written_down_days_later(session: Session, cast: Cast) -> None:
    connection = accepted(session, cast)
    later = TODAY + timedelta(4)
    service.begin(
        session, connection, by=cast.ben, handover=Handover.TOLD, on=TODAY, today=later,
        now=morning(later),
    )  # fmt: skip
    session.commit()
    assert connection.introduced_on == TODAY
    assert connection.next_check_on == later + timedelta(3)  # Friday, so Monday


def test_a_connection_that_goes_well_ends_settled(session: Session, rose: Connection) -> None:
    days = []
    for outcome in (ONCE, GOING, GOING):
        hear(session, rose, outcome)
        assert rose.next_check_on
        days.append((rose.next_check_on - TODAY).days)
    assert days == [14, 42, 84]
    assert (rose.state, service.may_end(session, rose)) == (State.ATTENDED, None)
    hear(session, rose, GOING)
    assert rose.state is State.SETTLED
    assert service.may_end(session, rose) is Ending.JOINED
    assert rose.next_check_on == TODAY + timedelta(84 + 14)  # if nobody closes it


def test_closing_keeps_the_persons_words_and_drops_the_plan(
    session: Session, cast: Cast, rose: Connection
) -> None:
    hear(session, rose, WRONG)
    assert service.may_end(session, rose) is Ending.NOT_FOR_THEM
    for _ in range(2):  # a double click
        service.finish(
            session, rose, by=cast.ben, ending=Ending.NOT_FOR_THEM, words="Too loud", now=NOW
        )
        session.commit()
    assert (rose.state, rose.ending_words, rose.next_check_on) == (State.CLOSED, "Too loud", None)
    assert queries.planned(session, rose) == []


def test_a_wrong_fit_is_looked_at_tomorrow_when_nobody_closes_it(
    session: Session, rose: Connection
) -> None:
    hear(session, rose, WRONG, on=TODAY)
    assert rose.next_check_on == TODAY + timedelta(1)
    assert rose.is_open


def test_after_three_silences_in_a_row_it_may_be_closed(session: Session, rose: Connection) -> None:
    for expected in (None, None, Ending.COULD_NOT_REACH):
        hear(session, rose, SILENT)
        assert service.may_end(session, rose) is expected
    hear(session, rose, NOT_YET)
    assert service.may_end(session, rose) is None


def test_a_silence_leaves_the_look_on_the_plan(session: Session, rose: Connection) -> None:
    hear(session, rose, SILENT)
    assert len(queries.planned(session, rose)) == 4
    assert rose.next_check_on == TODAY + timedelta(7)  # Wednesday and three working days
    attempt = hear(session, rose, ONCE)
    assert len(queries.planned(session, rose)) == 3
    assert rose.next_check_on == TODAY + timedelta(14)
    assert session.get_one(FollowUp, attempt.follow_up_id).days == 2


@pytest.mark.parametrize(("outcome", "days"), [(NOT_YET, 7), (MORE, 2)])
def test_the_next_date_follows_from_the_answer(
    session: Session, rose: Connection, outcome: Outcome, days: int
) -> None:
    hear(session, rose, outcome, on=TODAY + timedelta(2))
    assert rose.next_check_on == TODAY + timedelta(2 + days)
    assert rose.state is State.INTRODUCED


def test_a_double_click_is_one_attempt(session: Session, rose: Connection) -> None:
    first = hear(session, rose, ONCE, request_key="k", on=TODAY)
    again = hear(session, rose, ONCE, request_key="k", on=TODAY)
    assert first.id == again.id
    assert len(session.exec(select(Attempt)).all()) == 1


def test_a_key_of_somebody_elses_form_is_refused(
    session: Session, cast: Cast, rose: Connection
) -> None:
    hear(session, rose, ONCE, request_key="k", on=TODAY)
    with pytest.raises(RuleBroken, match="too old"):
        hear(session, rose, ONCE, request_key="k", on=TODAY, by=cast.cora)
    session.rollback()


def test_the_note_is_sealed(session: Session, rose: Connection) -> None:
    attempt = hear(session, rose, GOING, note="Loves the altos")
    assert attempt.note == "Loves the altos"
    rows = session.connection().execute(text("SELECT * FROM attempt")).all()
    assert "altos" not in str(rows)


def test_an_answer_leaves_its_trace_without_words(
    session: Session, cast: Cast, rose: Connection
) -> None:
    hear(session, rose, GOING, note="Loves the altos")
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "follow-up")).one()
    assert (entry.by_id, entry.subject_id) == (cast.ben.id, rose.id)
    assert entry.detail == {"outcome": "going_well"}


def test_going_along_is_counted_as_arrived_once(session: Session, rose: Connection) -> None:
    hear(session, rose, ONCE)
    hear(session, rose, GOING)
    states = [event.state for event in rose.events]
    assert states.count(State.ATTENDED) == 1
    assert rose.attended_on == TODAY + timedelta(2)


def test_what_is_foreseen_is_what_happens(session: Session, cast: Cast) -> None:
    for n, outcome in enumerate(Outcome):
        connection = introduced(session, cast, cast.person(f"Rose {n}"))
        day = TODAY + timedelta(2)
        foreseen = service.foresee(session, connection, today=day)
        hear(session, connection, outcome, on=day)
        assert connection.next_check_on == foreseen[outcome], outcome


def test_nothing_is_recorded_before_the_introduction(session: Session, cast: Cast) -> None:
    connection = accepted(session, cast)
    with pytest.raises(RuleBroken, match="not been introduced"):
        hear(session, connection, ONCE)
    session.rollback()


def test_a_reopened_connection_gets_a_new_plan_after_a_new_introduction(
    session: Session, cast: Cast, rose: Connection
) -> None:
    rose.introduced_on = None
    service.finish(session, rose, by=cast.ben, ending=Ending.CHANGED_MIND, words="", now=NOW)
    connections.reopen(session, rose, reason="She asked again", by=cast.ben, now=NOW)
    service.begin(session, rose, by=cast.ben, handover=Handover.CALL, today=TODAY, now=NOW)
    session.commit()
    assert [row.step for row in queries.planned(session, rose)] == [5, 6, 7, 8]
