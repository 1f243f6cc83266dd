"""The people of a simulated year: what they do, what it costs them, and what it went on.

All of this is assumed; the reasons are in docs/freshness.md. What they press is real: the site's
own verbs, as its pages call them.
"""

import heapq
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

from flask import Flask
from sqlalchemy import delete
from sqlmodel import Session, col

from asset_hub.accounts.models import Account
from asset_hub.core import db
from asset_hub.core.mail import Refused
from asset_hub.directory import queries, service
from asset_hub.directory.models import Contact, LinkFor, Service, Sign, Standing
from asset_hub.directory.queries import ToCheck
from asset_hub.directory.service import Round

FIRST = date(2026, 9, 1)

# --- What people do -----------------------------------------------------------------------------
# Contacts differ, and stay as they are: who answered once mostly answers again. Together these
# give 45 in 100 answers to a first mail within two weeks, 17 more to the reminder and 6 to the
# last mail: an assumption, for a mail that asks one thing of the secretaries of small groups.
ANSWERS = {  # share of contacts; who answers a first mail, two reminders, a mail "you are hidden"
    "keen": (0.50, 0.75, 0.60, 0.40, 0.80),
    "slow": (0.30, 0.22, 0.38, 0.25, 0.40),
    "silent": (0.20, 0.05, 0.05, 0.03, 0.10),
}
SUBJECTS = ("Please tell us", "Last mail", "not shown")  # of what follows the first mail
MAILS = ("", "asked", "reminded", "reminded again", "hidden")
ANSWER_DAYS = 4.0  # on average; most answer on the day or not at all
NO_ADDRESS = 0.08  # a council's feed: 5 in 100; the charity register: 15
DEAD_ADDRESS = 0.05  # one that bounces: together 13 in 100 have no working address
NO_NUMBER = 0.10  # to ring; the charity register: 0.4 in 100
# Contacts who answer for several groups: 2 to 8, five on average, more than half of all listings.
# In a council's feed of 698 listings with an address 30 in 100 addresses do, for 71 in 100.
MANY, MOST_GROUPS = 0.20, 8
# Half meet in a building where others meet, too: two to eight organisations. In that feed 167 of
# 738 listings name a hall in their words, and 121 of these share it with another listing.
IN_A_HALL, HALL = 0.50, (2, 8)
# A group in five hears of the site's people: somebody is connected and goes.
BUSY, GOES_EVERY = 0.20, 60  # days
SAYS_RIGHT = 0.60  # of those who answer a connection and are asked beside it, is the page right?
STOPS_IN_A_YEAR = 0.06
STOPPED_BEFORE = 0.05  # of what was imported and never confirmed
SAYS_STOPPED = 0.40  # a contact whose group has stopped says so when asked; the rest say nothing
REPORTS = 0.05  # a month: somebody stands before a locked door and tells us
REPORTS_WRONGLY = 0.001  # a month: the door was locked for half term
NEVER_CONFIRMED = 0.30  # came by import without a date; the rest was confirmed in the past year
UNASKED = 0.08  # a year: confirm by themselves, by a lasting link or on "Your groups"
# A community of 300 listings has two champions, who give their list an hour a week between them,
# longest due first. Both say what they know; then one rings three times, at other hours, then
# walks there once; after that it may leave the finding. Where two more of the list meet in the
# same building they walk there after the first call in vain.
PER_COMMUNITY = 300
AN_HOUR = 3600
KNOWS = 0.45  # one of the two: was there this month, sits on the committee, saw the notice board
TAKES_CALL = 0.40
CALLS, MOST_TRIES = 3, 4
WALK_FOR = 2  # others
SOMEBODY_THERE = 0.60  # at the hour it meets, or a caretaker
KNOWS_OTHERS = 0.70  # whoever is there, or the notice board: of others that meet there
GIVES_ADDRESS = 0.50  # of those reached who had none that works, when asked for one
HIDDEN_WEEKS = 8  # so often champions look at what is hidden, too
# --- What it costs, in seconds ------------------------------------------------------------------
READS = 5  # a mail that is not answered: its subject line
PRESSES = 25  # opens it, reads four lines, follows the link, presses the button
PRESSES_MORE = 8  # for each further listing of the same mail
BESIDE = 10  # reads four lines on a page where they are answering anyway, and ticks, or does not
OPENS = 10  # a champion's weekly mail, and the list of those that nobody has tried yet
LINE = 3  # a line of that list: a name, and when it meets
TICKS = 2
LOOKS = 8  # a champion reads who is next on the list
SAYS = 15  # what they know, with a button
RINGS = 120  # says who is calling and why, asks, presses a button
RINGS_OUT = 35  # until the answering machine, and presses "Could not reach"
WALKS = 240  # a detour of a hundred metres each way, and the door
WRITES_DOWN = 30  # an address that they read
MORE = 20  # for each further listing of the same talk, or of the same building


@dataclass
class Truth:
    """What is so, whatever the directory says."""

    contact: str
    works: bool  # there is an address, and mail to it arrives
    stops_on: date
    community: UUID
    busy: bool
    number: bool  # to ring


@dataclass
class Year:
    """The people, what they are about to do, and what they have spent."""

    app: Flask
    truths: dict[UUID, Truth]
    champions: dict[UUID, UUID]
    dice: random.Random
    today: date = FIRST
    agenda: list[tuple[date, int, Callable[[Session, datetime], None]]] = field(
        default_factory=list
    )
    spent: Counter[tuple[str, str]] = field(default_factory=Counter)  # seconds: who, and on what
    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    mails: Counter[str] = field(default_factory=Counter)
    most_mails: int = 0
    answers: float = 1.0  # of those who are assumed to answer
    costs: float = 1.0  # of what is assumed to cost
    number: int = 0

    def spend(self, who: str, how: str, seconds: float, times: int = 1) -> None:
        """Write down what somebody's time went on, so many times."""
        if times:
            self.spent[who, how] += seconds * times * self.costs
            self.times[who, how] += times

    def spent_by(self, who: str) -> float:
        """Return the seconds that some people have spent."""
        return sum(seconds for (one, _), seconds in self.spent.items() if one == who)

    # The mail server and the people behind it
    def send(self, letter: EmailMessage) -> None:
        """Take a letter; its reader does something about it, or nothing."""
        address = str(letter["To"])
        if address.startswith("dead"):
            self.mails["came back"] += 1
            raise Refused("550")
        if address.startswith("champion"):
            self.mails["to champions"] += 2
            self.spend("champion", "reads the weekly mail, opens the list", OPENS, 2)
            return
        body = letter.get_body(("plain",))
        text = body.get_content() if body else ""
        found = re.search(r"/list-a-group/keep/([\w-]+)(/all)?", text)
        subject = str(letter["Subject"])
        kind = next((n for n, words in enumerate(SUBJECTS, 2) if words in subject), 1)
        self.mails[MAILS[kind]] += 1
        self.spend("contact", "sees a mail’s subject", READS)
        if found:
            self._reads(found[1], kind, address)

    def _reads(self, token: str, kind: int, address: str) -> None:
        contact = address.split("@")[0].split(".")[1]
        if self.dice.random() < ANSWERS[contact][kind] * self.answers:
            wait = min(13.0, self.dice.expovariate(1 / ANSWER_DAYS))
            self.plan(int(wait), lambda session, now: self._answers(session, token, now))

    def _answers(self, session: Session, token: str, now: datetime) -> None:
        link = queries.link(session, token, LinkFor.KEEP)
        kept = service.kept_by(session, link)
        gone = [one for one in kept if self.truths[one.id].stops_on <= self.today]
        running = [one for one in kept if one not in gone]
        if running:
            self.spend("contact", "answers a mail", PRESSES)
            self.spend("contact", "further listings of a mail", PRESSES_MORE, len(running) - 1)
        if not gone and len(kept) > 1:
            service.keep_all_right(session, link, now=now)
            return
        for one in running:
            service.keep_right(session, service.link_of(session, link, one.id, now=now), now=now)
        for one in gone:
            if self.dice.random() < SAYS_STOPPED:
                self.spend("contact", "says that it has stopped", PRESSES)
                own = service.link_of(session, link, one.id, now=now)
                service.keep_stopped(session, own, now=now)

    def plan(self, days: int, act: Callable[[Session, datetime], None]) -> None:
        """Let something happen so many days from now."""
        self.number += 1
        heapq.heappush(self.agenda, (self.today + timedelta(days), self.number, act))

    def people_act(self, now: datetime) -> None:
        """Let everybody do what they have planned for today."""
        while self.agenda and self.agenda[0][0] <= self.today:
            act = heapq.heappop(self.agenda)[2]
            with db.transaction() as session:
                act(session, now)

    # What happens to groups
    def chances(self, now: datetime) -> None:
        """Throw the dice for every group: somebody goes, reports it, confirms it unasked."""
        for key, truth in self.truths.items():
            alive = truth.stops_on > self.today
            if alive and truth.busy and self.dice.random() < 1 / GOES_EVERY:
                self._answers_beside(key, truth, now)
                self._signal(key, Sign.ATTENDED, now)
            reports = (REPORTS_WRONGLY if alive else REPORTS) / 30
            if self.dice.random() < reports:
                self._signal(key, Sign.REPORTED_GONE, now)
            if alive and self.dice.random() < UNASKED / 365:
                self.spend("contact", "confirms unasked", PRESSES)
                with db.transaction() as session:
                    service.still_right(session, session.get_one(Service, key), by=None, now=now)

    def _answers_beside(self, key: UUID, truth: Truth, now: datetime) -> None:
        """Let who answers a connection by its link say on that page that the listing is right."""
        found = db.session().get_one(Service, key)
        answered = self.dice.random() < ANSWERS[truth.contact][1] * self.answers
        if not (truth.works and answered and service.worth_asking(found, now=now)):
            return
        self.spend("contact", "is asked beside a connection", BESIDE)
        if self.dice.random() < SAYS_RIGHT:
            with db.transaction() as session:
                service.still_right(session, session.get_one(Service, key), by=None, now=now)

    def _signal(self, key: UUID, sign: Sign, now: datetime) -> None:
        with db.transaction() as session:
            found = session.get_one(Service, key)
            if found.standing is Standing.LISTED:
                cause = f"{key}:{sign}:{self.today}"
                who = str(self.today) if sign is Sign.REPORTED_GONE else ""  # each by another
                service.signal(session, found, sign, at=now, cause=cause, said_by=who)

    # Champions
    def champions_walk(self, now: datetime) -> None:
        """Let the champions whose evening it is go down their list for an hour."""
        week = (self.today - FIRST).days // 7
        for number, (place, account) in enumerate(self.champions.items()):
            if number % 7 != self.today.weekday():
                continue
            champion = db.session().get_one(Account, account)
            until = self.spent_by("champion") + AN_HOUR
            self._say_what_they_know(place, champion, now)
            rows = queries.to_check(db.session(), champion, place)
            if week % HIDDEN_WEEKS == number % HIDDEN_WEEKS:
                rows += queries.hidden(db.session(), champion, place)
            beside = queries.beside_on_list(db.session(), [row.service for row in rows])
            groups: dict[UUID, list[ToCheck]] = {}
            for row in rows:
                groups.setdefault(row.service.organization_id, []).append(row)
            done: set[UUID] = set()
            for some in groups.values():
                left = [row for row in some if row.service.id not in done]
                if self.spent_by("champion") >= until:
                    break
                if left:
                    others = max(beside.get(row.service.id, 0) for row in left)
                    done |= self._try(left, others, champion, now)

    def _say_what_they_know(self, place: UUID, champion: Account, now: datetime) -> None:
        """Let both read the lines that nobody has tried yet, and tick what they know."""
        rows = queries.known(db.session(), champion, place)
        self.spend("champion", "reads a line of the list", LINE, 2 * len(rows))
        by_people: dict[UUID, list[UUID]] = {}
        for row in rows:
            by_people.setdefault(row.service.organization_id, []).append(row.service.id)
        known = [key for keys in by_people.values() if self.dice.random() < KNOWS for key in keys]
        self.spend("champion", "ticks what they know", TICKS, len(known))
        self._all_say(known, Round.KNOW, champion, now)

    def _try(
        self, rows: Sequence[ToCheck], others: int, champion: Account, now: datetime
    ) -> set[UUID]:
        """Try to reach somebody about all that one organisation has on the list.

        Returns what is settled by that.
        """
        tries, first = max(row.tries for row in rows), rows[0].service
        if tries >= MOST_TRIES:
            return set()
        self.spend("champion", "looks who is next", LOOKS)
        keys = [row.service.id for row in rows]
        if first.standing is Standing.HIDDEN and self._know_of_hidden():
            return self._all_say(keys, Round.KNOW, champion, now)
        rings = self.truths[first.id].number and tries < CALLS
        if rings and not (tries and others >= WALK_FOR):
            return self._ring(keys, first, champion, now)
        return self._walk(keys, first, champion, now)

    def _know_of_hidden(self) -> bool:
        self.spend("champion", "the other one looks", LOOKS)
        knows = self.dice.random() < KNOWS
        self.spend("champion", "says what they know", SAYS, knows)
        return knows

    def _ring(
        self, keys: list[UUID], first: Service, champion: Account, now: datetime
    ) -> set[UUID]:
        if self.dice.random() >= TAKES_CALL:
            self.spend("champion", "call in vain", RINGS_OUT)
            return self._in_vain(keys, champion, now)
        self.spend("champion", "call taken", RINGS)
        talk = queries.of_the_same(db.session(), champion, first, today=self.today)
        keys += [row.service.id for row in talk if row.service.id not in keys]
        self.spend("champion", "further listings of a talk", MORE, len(keys) - 1)
        return self._all_say(keys, Round.TALK, champion, now)

    def _walk(
        self, keys: list[UUID], first: Service, champion: Account, now: datetime
    ) -> set[UUID]:
        if self.dice.random() >= SOMEBODY_THERE:
            self.spend("champion", "walk in vain", WALKS)
            return self._in_vain(keys, champion, now)
        self.spend("champion", "walk", WALKS)
        hall = queries.in_hall(db.session(), champion, first, today=self.today)
        others = [row.service.id for row in hall if row.service.id not in keys]
        self.spend("champion", "further listings of a walk", MORE, len(keys) - 1 + len(others))
        keys += [key for key in others if self.dice.random() < KNOWS_OTHERS]
        return self._all_say(keys, Round.HALL, champion, now)

    def _in_vain(self, keys: list[UUID], champion: Account, now: datetime) -> set[UUID]:
        for key in keys:
            with db.transaction() as session:
                found = session.get_one(Service, key)
                if found.standing is Standing.LISTED:
                    service.could_not_reach(session, found, by=champion, now=now)
        return set()

    def _all_say(
        self, keys: Sequence[UUID], how: Round, champion: Account, now: datetime
    ) -> set[UUID]:
        """Press the button for those that run; close the others. Returns all of them."""
        running = [key for key in keys if self.truths[key].stops_on > self.today]
        if running:
            with db.transaction() as session:
                service.say_running(session, running, how=how, by=champion, now=now)
        for key in keys:
            with db.transaction() as session:
                found = session.get_one(Service, key)
                if key not in running:
                    service.close(session, found, by=champion, now=now)
                elif not self.truths[key].works and self.dice.random() < GIVES_ADDRESS:
                    self._write_down(session, key)
        return set(keys)

    def _write_down(self, session: Session, key: UUID) -> None:
        self.spend("champion", "writes down an address", WRITES_DOWN)
        truth = self.truths[key]
        truth.works = True
        address = f"{key.hex}mail.{truth.contact}@example.org"
        session.exec(delete(Contact).where(col(Contact.service_id) == key))
        session.add(Contact(service_id=key, name="Kim", email=address))
