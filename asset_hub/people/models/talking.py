"""How to talk with somebody so that it arrives: needs, language, and what the steps ask.

The Accessible Information Standard (DAPB1605) asks six things: find out, write down, make it
stand out, share it where it is agreed, meet it, look at it again.
"""

from datetime import date, timedelta
from enum import StrEnum

LOOKED_AT_AGAIN = timedelta(days=365)
LONGEST_CODE_WORD = 60


class AccessNeed(StrEnum):
    """What somebody needs to read, to hear, to speak or to come along."""

    LARGE_PRINT = "large_print"
    EASY_READ = "easy_read"
    BRAILLE = "braille"
    AUDIO = "audio"
    READ_TO = "read_to"
    NO_CALLS = "no_calls"
    SIGN_LANGUAGE = "sign_language"
    LIP_READING = "lip_reading"
    HEARING_LOOP = "hearing_loop"
    MORE_TIME = "more_time"
    SOMEBODY_WITH = "somebody_with"
    STEP_FREE = "step_free"
    SEAT = "seat"
    TOILET = "toilet"
    QUIET = "quiet"
    ASSISTANCE_DOG = "assistance_dog"
    LIFT = "lift"


ACCESS_NEED_WORDS: dict[AccessNeed, str] = {
    AccessNeed.LARGE_PRINT: "Large print",
    AccessNeed.EASY_READ: "Easy read: short words and pictures",
    AccessNeed.BRAILLE: "Braille",
    AccessNeed.AUDIO: "A recording to listen to",
    AccessNeed.READ_TO: "Letters read out by telephone",
    AccessNeed.NO_CALLS: "Text or email instead of calls",
    AccessNeed.SIGN_LANGUAGE: "British Sign Language",
    AccessNeed.LIP_READING: "A face to lip-read from",
    AccessNeed.HEARING_LOOP: "A hearing loop",
    AccessNeed.MORE_TIME: "More time to talk",
    AccessNeed.SOMEBODY_WITH: "Somebody they trust beside them",
    AccessNeed.STEP_FREE: "A way in without steps",
    AccessNeed.SEAT: "A seat kept for them",
    AccessNeed.TOILET: "A toilet close by",
    AccessNeed.QUIET: "A quiet place",
    AccessNeed.ASSISTANCE_DOG: "Room for an assistance dog",
    AccessNeed.LIFT: "A lift there and back",
}


def in_words(
    needs: list[AccessNeed], more: str, *, language: str = "", interpreter: bool = False
) -> list[str]:
    """Return what somebody needs as it is read out: language first, own words last."""
    spoken = f"Speaks {language}" + (", with an interpreter" if interpreter else "")
    said = [spoken] if language else ["An interpreter"] if interpreter else []
    return [*said, *(ACCESS_NEED_WORDS[need] for need in needs), *([more] if more else [])]


def look_again_on(asked_on: date) -> date:
    """Return the day by which the needs should be asked again."""
    return asked_on + LOOKED_AT_AGAIN
