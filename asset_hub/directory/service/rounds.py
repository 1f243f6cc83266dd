"""One press for several: what a champion knows, saw on one walk or heard in one talk."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from asset_hub.accounts.models import Account
from asset_hub.core.errors import RuleBroken
from asset_hub.directory import queries
from asset_hub.directory.models import Service
from asset_hub.directory.service.freshness import heard, visited


class Round(StrEnum):
    """How a champion comes to know of several listings at once."""

    KNOW = "know"  # lives there: says which of the list they know
    HALL = "hall"  # one walk: the caretaker, or the notice board
    TALK = "talk"  # one call: the people who run them


SAYS = {Round.KNOW: visited, Round.HALL: visited, Round.TALK: heard}


def say_running(
    session: Session, keys: Sequence[UUID], *, how: Round, by: Account, now: datetime
) -> list[Service]:
    """Take a champion's word that some listings are running; return those that it counts for.

    One that is out of their reach, or neither listed nor hidden by now, is left as it is.
    """
    if not keys:
        raise RuleBroken("Tick at least one that is running", field="running")
    found = queries.within_reach(session, by, keys)
    return [one for one in found if SAYS[how](session, one, by=by, now=now)]
