"""What may happen to a connection, and when somebody looks again. Pure.

The states are PRODUCT.md's. `STEPS` is the whole machine: what it does not name cannot happen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from asset_hub.connections.models import (
    ANSWER_WORDS,
    ENDED,
    ENDING_WORDS,
    HELLO_WISH_TOLD,
    Answer,
    Ending,
    HelloWish,
    State,
)
from asset_hub.core.calendar import say_date, working_day_from, working_days_after
from asset_hub.core.errors import RuleBroken
from asset_hub.directory.models import Standing
from asset_hub.people.models import ContactBy, first_name_of

LINK_LASTS = timedelta(days=60)
VIEW_LASTS = timedelta(days=14)  # a navigator's view of a person, after the last close (TRUST.md)
CHANGE_LASTS = timedelta(days=1)  # for a group to change the answer it gave
DRAFT_LASTS = timedelta(days=1)  # what was written and never sent
LONGEST_PROMISE = timedelta(weeks=12)
REST = {State.ATTENDED: timedelta(weeks=2), State.SETTLED: timedelta(weeks=6)}
ANSWER_DUE = 2  # working days: for a group to answer, for a keeper to introduce

_GIVEN_UP = frozenset(
    {State.CLOSED, State.DECLINED_BY_PERSON, State.REDIRECTED, State.WITHDRAWN, State.LAPSED}
)
_ASIDE = _GIVEN_UP | {State.WAITING, State.DECLINED_BY_GROUP}
_STARTED = frozenset({State.ACCEPTED, State.INTRODUCED})

STEPS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.OFFERED, State.AGREED, State.WITHDRAWN}),
    State.OFFERED: frozenset({State.AGREED, State.WAITING}) | _GIVEN_UP,
    State.AGREED: _ASIDE | _STARTED | {State.SENT},
    State.SENT: _ASIDE | _STARTED | {State.SEEN},
    State.SEEN: _ASIDE | _STARTED,
    State.ACCEPTED: _ASIDE | {State.INTRODUCED},
    State.INTRODUCED: _ASIDE | {State.ATTENDED},
    State.ATTENDED: _ASIDE | {State.SETTLED},
    State.SETTLED: _GIVEN_UP | {State.WAITING},
    State.DECLINED_BY_GROUP: _GIVEN_UP | {State.SENT, State.ACCEPTED, State.WAITING},
    State.WAITING: _GIVEN_UP
    | _STARTED
    | {State.SENT, State.SEEN, State.DECLINED_BY_GROUP, State.ATTENDED},
    **{
        ended: frozenset({State.AGREED, State.INTRODUCED, State.ATTENDED})  # reopened
        for ended in ENDED
    },
}
ANSWERABLE = (State.SENT, State.SEEN)  # by the group's link
TELEPHONED = (State.AGREED, State.SENT, State.SEEN, State.WAITING, State.DECLINED_BY_GROUP)
ASKABLE = (State.AGREED, State.WAITING, State.DECLINED_BY_GROUP)  # may be written to (again)


def must_follow(came_from: State, to: State) -> None:
    """Refuse a step that is not in the table."""
    if to not in STEPS[came_from]:
        raise RuleBroken("This connection has moved on. Look at it again.")


def open_already(name: str) -> RuleBroken:
    """Return the refusal of a second open connection to the same group."""
    return RuleBroken(f"{name} has an open connection to this group already.")


def must_be_connectable(
    name: str,
    standing: Standing,
    *,
    recorded: bool,
    no_contact: bool,
    has_open: bool,
) -> None:
    """Refuse a connection the person did not agree to, or to something that is not there."""
    if not recorded:
        raise RuleBroken(f"{name} has not agreed to be written down. Ask again first.")
    if no_contact:
        raise RuleBroken(f"{name} asked not to be contacted.")
    if standing is not Standing.LISTED:
        raise RuleBroken("This group is not listed at the moment. Choose another one.")
    if has_open:
        raise open_already(name)


def must_be_open(state: State) -> None:
    """Refuse to go on with what has ended."""
    if state in ENDED:
        raise RuleBroken("This connection has ended. Reopen it first.")


def must_say_why(reason: str) -> None:
    """Refuse to reopen without a reason."""
    if not reason.strip():
        raise RuleBroken("Enter why it is open again", field="reason")


def must_be_a_promise(on: date, *, today: date) -> None:
    """Refuse a date that has passed or is too far off to mean anything."""
    if not today < on <= today + LONGEST_PROMISE:
        raise RuleBroken("Choose a date in the next 12 weeks", field="on")


def next_check(state: State, *, today: date, until: date | None = None) -> date | None:
    """Return when somebody looks again once a state is reached; None when it has ended."""
    if state in ENDED:
        return None
    if state is State.WAITING and until and until > today:
        return working_day_from(until)
    if state in REST:
        return working_day_from(today + REST[state])
    soon = state in {State.AGREED, State.DECLINED_BY_GROUP, State.WAITING}
    return working_days_after(today, 1 if soon else ANSWER_DUE)


def reopens_as(*, introduced: bool, attended: bool) -> State:
    """Return where a reopened connection stands: as far as it had come, but never settled."""
    if attended:
        return State.ATTENDED
    return State.INTRODUCED if introduced else State.AGREED


def opening_words(first_name: str, service_name: str) -> str:
    """Return what the group is told unless somebody writes it in better words."""
    return (
        f"{first_name} would like to find out more about {service_name}. "
        "Could somebody say hello before the first visit?"
    )


@dataclass(frozen=True)
class Told:
    """Exactly what a group sees of a person, and nothing else."""

    first_name: str
    contact_by: ContactBy
    reach: str  # a number or an address; "" when somebody brings them
    safe_contact: str
    voicemail_ok: bool
    message: str
    code_word: str = ""  # said first, so that they know who rings
    needs: tuple[str, ...] = ()  # only what the person agreed to be told


def told(
    name: str,
    contact_by: ContactBy,
    *,
    phone: str,
    email: str,
    safe_contact: str,
    voicemail_ok: bool,
    message: str,
    code_word: str = "",
    needs: Iterable[str] = (),
) -> Told:
    """Return what a group is told: one way to reach the person, the one they chose."""
    reach = {ContactBy.PHONE: phone, ContactBy.TEXT: phone, ContactBy.EMAIL: email}
    return Told(
        first_name=first_name_of(name),
        contact_by=contact_by,
        reach=reach.get(contact_by, ""),
        safe_contact=safe_contact,
        voicemail_ok=voicemail_ok and contact_by is ContactBy.PHONE,
        message=message,
        code_word=code_word,
        needs=tuple(needs),
    )


def way_of_contact(*, phone: str, email: str) -> ContactBy:
    """Return how to reach somebody when only a number or an address is known."""
    if not (phone or email):
        raise RuleBroken("Enter their phone number or email address", field="phone")
    return ContactBy.PHONE if phone else ContactBy.EMAIL


HELLO_DUE = 2  # working days in which somebody takes it
HELLO_LASTS = timedelta(days=14)  # after that, whoever asked is told that nobody could
HELLO_OFF = timedelta(days=7)  # the same, when the group is not listed any more
HELLO_KEPT = timedelta(days=400)  # after it ended, without a word in it


def hello_due(today: date) -> date:
    """Return the day by which a request for a hello should have been taken."""
    return working_days_after(today, HELLO_DUE)


def hello_ends_after(due_on: date, *, possible: bool) -> date:
    """Return the last day on which a hello that nobody took waits."""
    return due_on + (HELLO_LASTS if possible else HELLO_OFF)


_DONE: dict[State, int] = {  # of HELLO_STEPS, how many each state of the connection has behind it
    **dict.fromkeys((State.DRAFT, State.OFFERED, State.AGREED), 2),
    **dict.fromkeys((State.SENT, State.SEEN, State.WAITING, State.DECLINED_BY_GROUP), 3),
    State.ACCEPTED: 4,
    **dict.fromkeys((State.INTRODUCED, State.ATTENDED, State.SETTLED), 5),
}
HELLO_STEPS = (  # as whoever asked reads them
    "You asked",
    "Somebody who helps here keeps in touch with you",
    "They ask the group",
    "The group looks forward to meeting you",
    "You are introduced",
)
HELLO_ASIDE: dict[State, str] = {
    State.WAITING: "They have no room for somebody new just now. Whoever keeps in touch with you"
    " asks again, or looks for another group with you.",
    State.DECLINED_BY_GROUP: "They cannot welcome you just now. Whoever keeps in touch with you"
    " looks for another group with you.",
}


def hello_progress(state: State | None) -> list[tuple[str, bool]]:
    """Return each step of a hello, and whether it is done; none when it has ended.

    `state` is that of the connection it became, None before. Why it ended is nobody's but theirs.
    """
    done = 1 if state is None else _DONE.get(state, 0)
    return [(words, number < done) for number, words in enumerate(HELLO_STEPS)] if done else []


def way_to_reach_me(*, phone: str, email: str) -> ContactBy:
    """Return how to reach whoever asks for themself."""
    if not (phone or email):
        raise RuleBroken("Enter your phone number or email address", field="phone")
    return ContactBy.PHONE if phone else ContactBy.EMAIL


def hello_reason(wish: HelloWish, matters: str, ways: str = "") -> str:
    """Return what the keeper reads: what would help the first time, and their own words."""
    return "\n".join(filter(None, [f"{HELLO_WISH_TOLD[wish]}.", ways, matters]))


def ways_said(*, phone: str, email: str, safe_contact: str) -> str:
    """Return how somebody asked to be reached, as the keeper reads it."""
    return f"Asked to be reached at: {' or '.join(filter(None, [phone, email]))}. {safe_contact}."


LEADING: dict[State, str] = {  # what a keeper does first
    State.AGREED: "ask",
    State.SENT: "answer",
    State.SEEN: "answer",
    State.ACCEPTED: "introduce",
    State.INTRODUCED: "record",
    State.ATTENDED: "record",
    State.SETTLED: "record",
    State.DECLINED_BY_GROUP: "another",
    State.WAITING: "ask",
}


def leading(state: State, can: frozenset[str]) -> str:
    """Return what a keeper does first in a state; "" when nothing leads."""
    first = LEADING.get(state, "")
    return first if first in can else "answer" if "answer" in can else ""


def endings(*, introduced: bool) -> dict[Ending, str]:
    """Return how a connection can have ended; nobody joins what they were not introduced to."""
    early = set() if introduced else {Ending.JOINED, Ending.DID_WHAT_WAS_NEEDED}
    return {ending: words for ending, words in ENDING_WORDS.items() if ending not in early}


def next_steps(state: State, *, shared: bool) -> frozenset[str]:
    """Return what a keeper can do now; `shared` is whether the agreement to share holds."""
    if state in ENDED:
        return frozenset({"reopen"})
    found = {"close", "withdraw", "date", "give"}
    found |= {"another"} if state is State.DECLINED_BY_GROUP else set()
    found |= {"answer"} if state in TELEPHONED else set()
    found |= {"record"} if {State.ATTENDED, State.SETTLED} & {state, *STEPS[state]} else set()
    if shared:
        found |= {"ask"} if state in ASKABLE else set()
        found |= {"introduce"} if State.INTRODUCED in STEPS[state] else set()
    return frozenset(found)


def state_after(answer: Answer, *, until: date | None) -> State:
    """Return where the group's answer leads; a "not now" with a date is a wait."""
    if answer is Answer.YES:
        return State.ACCEPTED
    return State.WAITING if until else State.DECLINED_BY_GROUP


def in_words(answer: Answer, *, words: str, first_on: date | None, who: str) -> str:
    """Return the group's answer as the timeline tells it."""
    said = [ANSWER_WORDS[answer] + "."]
    if answer is Answer.YES:
        said += [f"First visit: {say_date(first_on)}."] if first_on else []
        said += [f"Who will meet them: {who}."] if who else []
    return " ".join([*said, words]).strip()
