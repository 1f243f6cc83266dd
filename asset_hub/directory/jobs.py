"""What happens on its own: old answers and pictures go, listings age and are asked about.

`climb` begins at half past eight, when letters may leave, and works on working days only. Each
listing (or each mail about several) is a transaction of its own: whatever a worker that dies had
not done is done by the next one, on the same day.
"""

from datetime import time
from uuid import UUID

from sqlmodel import Session

from asset_hub.config import current_settings
from asset_hub.core import calendar, clock, db
from asset_hub.core.jobs import daily, every, one_by_one
from asset_hub.directory import queries, service
from asset_hub.directory.models import ChangeRequest, ListingDraft, Service, Standing, Step

MOST_STEPS = 500  # of a round; what is left waits for the next one
BATCHES, MOST_AT_ONCE = 20, 100  # of comparing listings with each other


@daily(at=time(3, 30))
def forget_drafts() -> None:
    """Delete answers that have lain untouched for 60 days."""

    def work(session: Session, key: UUID) -> None:
        if draft := session.get(ListingDraft, key):
            service.forget(session, draft)

    one_by_one(queries.old_drafts(db.session(), now=clock.now()), work)


@daily(at=time(4))
def renew_words() -> None:
    """Publish listings anew when a date of theirs has gone by, or a course has begun or ended."""

    def work(session: Session, key: UUID) -> None:
        found = session.get(Service, key)
        if found is not None and found.standing is Standing.LISTED:
            service.publish(session, found, now=clock.now())

    one_by_one(queries.words_turned(db.session(), today=clock.today()), work)


@every(seconds=20)
def follow_topics() -> None:
    """Change and publish listings whose topics were merged or renamed, a few at a time."""
    for _ in range(MOST_STEPS):
        with db.transaction() as session:
            if not service.carry_on(session, now=clock.now()):
                return


@every(seconds=60)
def infer_topics() -> None:
    """Work out anew what listings seem to be about after the thesaurus changed, a few at a time."""
    for _ in range(MOST_STEPS):
        with db.transaction() as session:
            if not service.infer_anew(session):
                return


@every(seconds=60)
def roll_sessions() -> None:
    """Write the sessions of what was published in bulk, and of days that have come into sight.

    A few hundred listings a transaction: a worker that is killed leaves the rest to the next.
    """
    while True:
        with db.transaction() as session:
            if not service.roll_on(session, today=clock.today()):
                return


@daily(at=time(0, 5))
def forget_sessions() -> None:
    """Delete the sessions of days gone by."""
    with db.transaction() as session:
        service.forget_sessions(session, today=clock.today())


@daily(at=time(3, 40))
def forget_photos() -> None:
    """Delete pictures that have been shown nowhere for 60 days."""
    one_by_one(queries.unwanted_photos(db.session(), now=clock.now()), service.forget_photo)


@daily(at=time(0, 10))
def fade() -> None:
    """Say of those listings that grew too old today how old they are: only those, in batches."""
    while True:
        with db.transaction() as session:
            keys = queries.fading(session, today=clock.today())
            if not keys:
                return
            service.fade(session, keys, now=clock.now())


@daily(at=time(8, 30))
def climb() -> None:
    """Ask, remind, hand to a champion, hide: each listing one step, on the day it is due."""
    if not current_settings().ladder or not calendar.is_working_day(clock.today()):
        return
    _begin()
    _hide()
    _hand_over()
    for step in (Step.REMINDED, Step.ASKED, Step.QUIET):
        _write(step)


def _begin() -> None:
    """Take up what was listed by an import or before there was a ladder; leave what is closed."""
    one_by_one(queries.unlisted(db.session(), today=clock.today()), service.rest)
    while keys := queries.unkept(db.session(), now=clock.now()):
        with db.transaction() as session:
            service.begin(session, keys, now=clock.now())


def _hide() -> None:
    def work(session: Session, key: UUID) -> None:
        service.hide(session, key, now=clock.now())

    one_by_one(queries.overdue(db.session(), Step.TO_CHECK, today=clock.today()), work)


def _hand_over() -> None:
    """Put on champions' lists what nobody answered, and what has no address to write to."""

    def work(session: Session, key: UUID) -> None:
        service.put_on_list(session, key, before=before[key], now=clock.now())

    before = queries.unanswered(db.session(), today=clock.today())
    before |= dict.fromkeys(queries.unreachable(db.session(), today=clock.today()), Step.QUIET)
    one_by_one(list(before), work)


def _write(step: Step) -> None:
    """Write one mail to each contact about what is due."""

    def work(session: Session, key: UUID) -> None:
        service.write(session, mails[key], before=step, now=clock.now())

    mails = {keys[0]: keys for keys in queries.mails(db.session(), step, now=clock.now())}
    one_by_one(list(mails), work)


@daily(at=time(8, 30))
def tell_patches() -> None:
    """Write to champions what their list has, on the first working day of each week.

    A worker that was down then does it on the next.
    """
    if not current_settings().ladder or not calendar.is_working_day(clock.today()):
        return

    def work(session: Session, key: UUID) -> None:
        service.tell_of_patch(session, key, now=clock.now())

    one_by_one(service.champions(db.session(), now=clock.now()), work)


@every(seconds=60)
def find_doubles() -> None:
    """Compare what is new or changed with everything else, some at a time.

    After an import of 20,000 it takes ten minutes; nobody who writes waits longer than a batch.
    """
    for _ in range(BATCHES):
        keys = queries.unkeyed(db.session(), most=MOST_AT_ONCE)
        ready = _with_homes_hidden(keys)
        if not ready:
            return
        with db.transaction() as session:
            service.look(session, ready, now=clock.now())


def _with_homes_hidden(keys: list[UUID]) -> list[UUID]:
    """Publish again, without its address, what was listed before anybody agreed to show it.

    Returns the listings to go on with: without those for which that failed, and was logged.
    """

    def work(session: Session, key: UUID) -> None:
        if _shows_a_home(session, key):
            service.publish(session, session.get_one(Service, key), now=clock.now())
        hidden.add(key)

    hidden: set[UUID] = set()
    shown = [key for key in keys if _shows_a_home(db.session(), key)]
    db.session().rollback()
    one_by_one(shown, work)
    return [key for key in keys if key not in shown or key in hidden]


def _shows_a_home(session: Session, key: UUID) -> bool:
    one = session.get(Service, key)
    return bool(one and one.standing is Standing.LISTED and service.homes.to_agree(one))


@daily(at=time(7, 30))
def tell_watchers() -> None:
    """Write to everybody who watches something that has changed; the letters leave at eight."""

    def work(session: Session, key: UUID) -> None:
        service.tell(session, key, now=clock.now())

    one_by_one(queries.watching(db.session()), work)


@daily(at=time(3, 40))
def forget_watches() -> None:
    """Forget addresses that did not press the button in seven days."""

    def work(session: Session, key: UUID) -> None:
        service.forget_unconfirmed(session, key, now=clock.now())

    one_by_one(queries.unsure(db.session(), now=clock.now()), work)


@daily(at=time(3, 40))
def settle_words() -> None:
    """Forget how listings stood before words that cannot be taken back any more."""
    one_by_one(queries.words_settled(db.session(), now=clock.now()), service.settle_word)


@daily(at=time(8, 30))
def change_addresses() -> None:
    """Let proven addresses count against which nobody said a word in seven days."""

    def work(session: Session, key: UUID) -> None:
        change = session.get_one(ChangeRequest, key)
        service.take_effect(session, change, now=clock.now())

    one_by_one(queries.due_addresses(db.session(), now=clock.now()), work)
