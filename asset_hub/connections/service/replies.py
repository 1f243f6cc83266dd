"""What the group answers: by its one-use link, or told to the keeper by telephone.

A link is opened by mail scanners as well as by people, and nobody can tell which. So opening it
changes nothing; that the group has seen the message is written down together with its answer.
"""

from datetime import date, datetime

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.communities import queries as communities
from asset_hub.connections import queries, rules
from asset_hub.connections.models import Answer, Connection, ReplyLink, State
from asset_hub.connections.service.steps import move
from asset_hub.core import audit, outbox
from asset_hub.core.calendar import london, working_day_from, working_days_after
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import service as directory
from asset_hub.people import queries as people
from asset_hub.search import service as finding


def answer(
    session: Session,
    link: ReplyLink,
    *,
    answer: Answer,
    words: str,
    first_on: date | None,
    who: str,
    until: date | None,
    right: bool = False,
    now: datetime,
) -> Connection:
    """Take the group's answer by its link and tell the keeper.

    It counts once; until something follows, it may be changed for a day. `right` is that they also
    say that all of their listing is right.
    """
    changes = queries.may_change(session, link, now=now)
    if not changes and not queries.is_answerable(session, link, now=now):
        raise RuleBroken("This link has been used, or it is too old.")
    stands = rules.state_after(answer, until=until), until
    if changes and stands == (link.connection.state, link.connection.waiting_until):
        return link.connection  # a double click, or the same answer again
    link.used_at, link.answer = now, answer
    session.add(link)
    if link.connection.state is State.SENT:
        move(session, link.connection, State.SEEN, by=None, now=now)
    note = rules.in_words(answer, words=words, first_on=first_on, who=who)
    _take(session, link.connection, answer, note, by=None, until=until, now=now)
    _tell_keeper(session, link, now=now)
    if right:
        directory.still_right(session, link.connection.service, by=None, now=now)
    return link.connection


def record_answer(
    session: Session,
    connection: Connection,
    *,
    answer: Answer,
    words: str,
    first_on: date | None,
    who: str,
    until: date | None,
    by: Account,
    now: datetime,
) -> Connection:
    """Write down what the group told the keeper."""
    if connection.state not in rules.TELEPHONED:
        raise RuleBroken("This connection has moved on. Look at it again.")
    note = rules.in_words(answer, words=words, first_on=first_on, who=who)
    return _take(session, connection, answer, note, by=by, until=until, now=now)


def want_to_wait(
    session: Session, connection: Connection, wants: bool, *, by: Account, now: datetime
) -> None:
    """Write down whether the person wants to wait; without it, the group's answer is a no."""
    if connection.state is not State.WAITING or connection.waiting_until is None:
        raise RuleBroken("This connection has moved on. Look at it again.")
    if wants:
        connection.next_check_on = working_day_from(connection.waiting_until)
        session.add(connection)
        audit.note(session, "promise", connection, by=by.id, now=now, waits=True)
    else:
        note = f"{connection.person.first_name} does not want to wait."
        move(session, connection, State.DECLINED_BY_GROUP, by=by, now=now, note=note)


def _take(
    session: Session,
    connection: Connection,
    answer: Answer,
    note: str,
    *,
    by: Account | None,
    until: date | None,
    now: datetime,
) -> Connection:
    to = rules.state_after(answer, until=until)
    if to is connection.state:  # still waiting, still no: the new words and date count
        raise RuleBroken("That is what the group said before. Choose the next date instead.")
    move(session, connection, to, by=by, now=now, note=note, until=until)
    if to is State.WAITING and by is None:
        # The person has not been asked whether they want to wait: the keeper does that first.
        connection.next_check_on = working_days_after(london(now).date(), 1)
    if answer is not Answer.YES and connection.topic:
        _count_unmet(session, connection, now=now)
    session.flush()
    return connection


def _count_unmet(session: Session, connection: Connection, *, now: datetime) -> None:
    """Count a topic that a group could not take somebody for; nobody is named."""
    community = communities.by_id(session, connection.community_id)
    finding.unmet(
        session, topics=[connection.topic], area=community.slug, little=True,
        today=london(now).date(),
    )  # fmt: skip


def _tell_keeper(session: Session, link: ReplyLink, *, now: datetime) -> None:
    keeper = link.connection.owner
    if keeper is not None and people.can_keep(keeper, link.connection):
        facts = {"connection": link.connection_id, "keeper": keeper.id}
        cause = f"answered:{link.id}:{link.connection.version}"
        outbox.post(
            session, "connection-answered", to=keeper.email, cause=cause, now=now, facts=facts
        )
