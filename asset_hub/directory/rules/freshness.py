"""How sure we are that a group is there, how that fades, and when to ask. Pure.

A directory dies of stale data, so what nobody has vouched for lately must look like it. Two things
are kept apart: a listing is *verified* when somebody who knows says that all of it is right (the
people who run it, or a champion who was there); weaker signs (the group took somebody, somebody
went) only say that it is alive.

The ladder: asked 160 days after it was last verified, reminded two weeks later and once more ten
days after that, on a champion's list as six months are just over (160 + 14 + 10 + 10 = 194 days),
and out of finding five weeks later. Who answered last time before anybody reminded them is asked
after 175 days. A second reminder costs its reader seconds, a champion's round minutes. So more
than nine in ten of what is found was confirmed within six months, the number the site is judged
by, for the least of anybody's time: docs/benchmarks/stale_year.py measures both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import prod
from typing import NamedTuple
from uuid import UUID

from asset_hub.core.calendar import london, working_day_from
from asset_hub.directory.models import Age, Sign

# --- What a sign is worth -----------------------------------------------------------------------

# At the moment it is seen, from 0 (says nothing) to 1 (settles it); below 0 it speaks against.
WEIGHTS = {
    Sign.OWNER_CONFIRMED: 1.0,  # they know best
    Sign.VISITED: 1.0,  # seen with one's own eyes
    Sign.ATTENDED: 0.8,  # it met, but the page may still be wrong
    Sign.ACCEPTED: 0.6,  # somebody there answers
    Sign.REPORTED_GONE: -0.8,  # mostly right, sometimes a mistake or a grudge
    Sign.MAIL_BOUNCED: -0.5,  # an address ends more often than its group
}
# Days after which half of that is left. Groups change with the school year, so what was right in
# spring says little next spring; that somebody took a call says little after a season.
HALF_LIVES = {
    Sign.OWNER_CONFIRMED: 180, Sign.VISITED: 180, Sign.ATTENDED: 90, Sign.ACCEPTED: 90,
    Sign.REPORTED_GONE: 180, Sign.MAIL_BOUNCED: 180,
}  # fmt: skip
VERIFIES = (Sign.OWNER_CONFIRMED, Sign.VISITED)
STRONG = (Sign.ATTENDED, Sign.ACCEPTED)  # alive, not verified
AGAINST = (Sign.REPORTED_GONE, Sign.MAIL_BOUNCED)

TEAM = "team"  # who says so looks after the community's listings: their word counts alone
WITNESSES_WITHIN = timedelta(days=60)  # two who do not know each other say the same
Report = tuple[datetime, str]  # when somebody said that it has gone, and who (see Signal.said_by)

# --- How it ages --------------------------------------------------------------------------------

SURE_FOR = timedelta(days=183)  # "confirmed within six months" (PRODUCT.md)
AGEING_FOR = timedelta(days=274)  # nine months
SILENT_FOR = timedelta(days=365)  # nothing heard for a year: say so

# --- The ladder ---------------------------------------------------------------------------------

ASK_AFTER = timedelta(days=160)  # a little more than twice a year
ASK_STEADY_AFTER = timedelta(days=175)  # who answers within days: six months are 183
ALIVE_FOR = timedelta(days=60)  # somebody went or was taken: no need to ask for so long …
LATEST_ASK = timedelta(days=168)  # … but within six months all the same
ANSWER_WITHIN = timedelta(days=14)  # many committees look at their mail once in two weeks
REMIND_AGAIN = timedelta(days=10)  # after each reminder: who reads their mail at all has by then
REMINDERS = 2
CHECK_WITHIN = timedelta(days=35)  # a champion's month, and a week of holiday
TRY_AGAIN = timedelta(days=14)  # nobody there today: another two weeks …
MOST_TRIES = 2  # … twice, and then it leaves the finding like the others
REPORTED_FOR = timedelta(days=35)  # one report that nobody took up leaves the champion's list
# Listings of one contact due so close together share one mail: after a round or two a charity
# with twelve of them has one mail each five months, and one press.
TOGETHER = timedelta(days=60)
MOST_TOGETHER = 40  # listings in one mail
# Mails asked a day in a community: an import of 2,000 into one is spread over five months of
# working days, and its champions' lists with it.
ASKS_A_DAY = 20
# Without an address it goes straight to a champion, whose list stays an evening's work.
LONGEST_LIST = 30

SOON = timedelta(
    days=60
)  # whoever is there or on the telephone anyway confirms what is due by then

BESIDE_AFTER = timedelta(days=120)  # who answers something else is asked beside it, no sooner

HIDES_SOON = timedelta(days=14)  # a champion's weekly mail names it

VISITED_BY = "a champion"


@dataclass(frozen=True)
class Life:
    """When a service was last verified and by whom, and its latest sign of each kind."""

    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    signs: Mapping[Sign, datetime] = field(default_factory=dict)
    reported: datetime | None = None  # one visitor said that it has gone; not yet believed

    @property
    def strong(self) -> tuple[Sign, datetime] | None:
        """Return the latest sign that it is alive though not verified."""
        return self._latest(STRONG)

    @property
    def doubt(self) -> tuple[Sign, datetime] | None:
        """Return the latest sign against it, unless it has been answered since."""
        found = self._latest(AGAINST)
        went = self.signs.get(Sign.ATTENDED)
        answers = [at for at in (self.confirmed_at, went) if at]
        return found if found and all(at < found[1] for at in answers) else None

    @property
    def heard_at(self) -> datetime | None:
        """Return when anything good was last heard of it."""
        strong = self.strong
        return max(filter(None, (self.confirmed_at, strong and strong[1])), default=None)

    def _latest(self, kinds: tuple[Sign, ...]) -> tuple[Sign, datetime] | None:
        found = [(sign, self.signs[sign]) for sign in kinds if sign in self.signs]
        return max(found, key=lambda pair: pair[1], default=None)


def heard_of(
    confirmed_at: datetime | None,
    by: str,
    signs: Mapping[Sign, datetime],
    reports: Sequence[Report],
) -> Life:
    """Return what is known, where what one visitor reports is known to champions alone.

    A report counts for everybody when another network or account reports within 60 days, or
    when the team says so; none counts that was answered since.
    """
    known: dict[Sign, datetime] = {
        sign: at for sign, at in signs.items() if sign is not Sign.REPORTED_GONE
    }
    answers = [at for at in (confirmed_at, known.get(Sign.ATTENDED)) if at]
    open_ = [(at, who) for at, who in reports if all(at > answer for answer in answers)]
    found = [at for at, who in open_ if who == TEAM or _has_another(at, who, open_)]
    if found:
        return Life(confirmed_at, by, known | {Sign.REPORTED_GONE: max(found)})
    return Life(confirmed_at, by, known, max((at for at, _ in open_), default=None))


def _has_another(at: datetime, who: str, reports: Sequence[Report]) -> bool:
    return any(other != who and abs(then - at) <= WITNESSES_WITHIN for then, other in reports)


@dataclass(frozen=True)
class Fresh:
    """How a listing has aged, how that is said, and on which day either changes by itself."""

    age: Age
    words: str
    fades_on: date | None = None


def fresh(life: Life, *, today: date) -> Fresh:
    """Return how a listing stands today."""
    days = sorted(day for day in _thresholds(life) if day > today)
    said = _age(life, today), _words(life, today)
    turn = next((day for day in days if (_age(life, day), _words(life, day)) != said), None)
    return Fresh(*said, turn)


def score(life: Life, *, now: datetime) -> float:
    """Return how sure we are that it is there, from 0 to 1.

    Good signs add up as independent witnesses do: each takes its share of the doubt that is left.
    Signs against, until they are answered, take their share of the rest.
    """
    signs = dict(life.signs)
    if life.confirmed_at and not any(sign in signs for sign in VERIFIES):
        signs[Sign.OWNER_CONFIRMED] = life.confirmed_at
    left = {sign: _left(sign, now - at) for sign, at in signs.items()}
    good = 1 - prod(1 - left[sign] for sign in left if WEIGHTS[sign] > 0)
    bad = prod(1 + left[sign] for sign in left if sign in AGAINST) if life.doubt else 1.0
    return round(good * bad, 4)


def _left(sign: Sign, since: timedelta) -> float:
    days = max(since, timedelta()) / timedelta(days=1)
    return float(WEIGHTS[sign] * 0.5 ** (days / HALF_LIVES[sign]))


def _day(moment: datetime) -> date:
    return london(moment).date()


def _thresholds(life: Life) -> set[date]:
    """Return every day on which the age or the words may change."""
    moments = [life.confirmed_at, *(life.signs.get(sign) for sign in STRONG)]
    spans = (SURE_FOR, AGEING_FOR, SILENT_FOR)
    return {_day(at) + span + timedelta(days=1) for at in moments if at for span in spans}


def _within(moment: datetime | None, span: timedelta, today: date) -> bool:
    return moment is not None and today <= _day(moment) + span


def _age(life: Life, today: date) -> Age:
    if life.doubt:
        return Age.OLD
    if _within(life.confirmed_at, SURE_FOR, today):
        return Age.SURE
    strong = life.strong
    if _within(life.confirmed_at, AGEING_FOR, today) or _within(
        strong and strong[1], SURE_FOR, today
    ):
        return Age.AGEING
    return Age.OLD if life.heard_at else Age.UNKNOWN


_DOUBTS = {
    Sign.REPORTED_GONE: "Somebody told us in {} that it may have stopped: ring before you go",
    Sign.MAIL_BOUNCED: "Our mail to this group came back in {}: ring before you go",
}
_ALIVE = {Sign.ATTENDED: "Somebody went in {}", Sign.ACCEPTED: "It welcomed somebody in {}"}
SILENT = "We have not heard from this group for a year: ring before you go"
NEVER = "Not confirmed yet: ring before you go"


def _words(life: Life, today: date) -> str:
    if life.doubt:
        sign, at = life.doubt
        return _DOUBTS[sign].format(say_month(at))
    if life.heard_at is None:
        return NEVER
    if not _within(life.heard_at, SILENT_FOR, today):
        return SILENT
    strong, confirmed = life.strong, life.confirmed_at
    if _within(confirmed, SURE_FOR, today):
        return _verified(life)
    if strong and (confirmed is None or strong[1] > confirmed):
        since = f"since {say_month(confirmed)}" if confirmed else "yet"
        said = f"{_ALIVE[strong[0]].format(say_month(strong[1]))}; not confirmed {since}"
    else:
        said = f"Last {_verified(life)[0].lower()}{_verified(life)[1:]}"
    return said if _age(life, today) is Age.AGEING else f"{said}: ring before you go"


def _verified(life: Life) -> str:
    assert life.confirmed_at is not None
    month = say_month(life.confirmed_at)
    if life.confirmed_by == VISITED_BY:
        return f"Visited by a champion in {month}"
    return f"Confirmed by {life.confirmed_by or 'the people who run it'} in {month}"


def say_month(moment: datetime) -> str:
    """Return the month of an instant in London: "May 2026"."""
    return f"{london(moment):%B %Y}"


def ask_on(life: Life, *, today: date, steady: bool = False) -> date:
    """Return the working day on which to ask next whether a listing is right.

    What was never verified is asked now. `steady` are those who answered before anybody reminded
    them: asked later, as they will again. A group that has just welcomed somebody is left alone
    for a while, never for so long that it could not be confirmed within six months.
    """
    if life.confirmed_at is None:
        return working_day_from(today)
    wanted = _day(life.confirmed_at) + (ASK_STEADY_AFTER if steady else ASK_AFTER)
    if life.strong:
        alive = min(_day(life.strong[1]) + ALIVE_FOR, _day(life.confirmed_at) + LATEST_ASK)
        wanted = max(wanted, alive)
    return working_day_from(max(wanted, today))


def is_worth_asking(confirmed_at: datetime | None, *, today: date) -> bool:
    """Return whether to ask those who are answering something else whether their page is right."""
    return not _within(confirmed_at, BESIDE_AFTER, today)


def is_owed(life: Life, *, today: date) -> bool:
    """Return whether it is time to ask whether a listing is right, or long past it."""
    return ask_on(life, today=today) == working_day_from(today)


def is_seen_alive(life: Life, *, today: date) -> bool:
    """Return whether people have gone or been taken so lately that hiding it would be wrong."""
    strong = life.strong
    return _within(strong and strong[1], ALIVE_FOR, today) and life.doubt is None


def week_of(day: date) -> str:
    """Return the week a day is in: "2026-W37"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def is_news(
    since: datetime, hides_on: date | None, told_at: datetime | None, *, today: date
) -> bool:
    """Return whether something on a champion's list is worth a mail: new on it, or to hide soon."""
    new = told_at is None or since > told_at
    return new or (hides_on is not None and hides_on <= today + HIDES_SOON)


class Due(NamedTuple):
    """A listing whose next step is due."""

    key: UUID
    on: date
    community: UUID | None
    address: str  # of its contact; "" when nobody knows one


def together(rows: Sequence[Due], *, today: date) -> list[list[Due]]:
    """Return what is due today, in mails: listings of one address share one, if due soon after.

    `rows` come with the longest due first. What has no address stands alone.
    """
    mails: dict[str, list[list[Due]]] = {}
    found: list[list[Due]] = []
    for row in rows:
        known = mails.setdefault(row.address.casefold(), [])
        if row.address and known and len(known[-1]) < MOST_TOGETHER:
            known[-1].append(row)
        elif row.on <= today:
            known.append([row])
            found.append(known[-1])
    return found


def within_a_day(
    mails: Sequence[list[Due]], asked: Mapping[UUID | None, int], *, most: int = ASKS_A_DAY
) -> Iterator[list[Due]]:
    """Yield as many as each community may have today; `asked` counts what it had already."""
    used = dict(asked)
    for rows in mails:
        community = rows[0].community
        if used.get(community, 0) < most:
            used[community] = used.get(community, 0) + len(rows)
            yield rows
