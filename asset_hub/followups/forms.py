"""Forms for follow-ups."""

from datetime import date

from asset_hub.connections.models import ENDING_WORDS, HANDOVER_WORDS, Ending, Handover
from asset_hub.core import clock
from asset_hub.core.calendar import say_date
from asset_hub.core.fields import (
    DatePartsField,
    RadioField,
    SubmitField,
    TextAreaField,
)
from asset_hub.core.forms import Form, once_only
from asset_hub.followups.models import (
    LAST_TRY,
    NOTE_LENGTH,
    OUTCOME_HINTS,
    OUTCOME_WORDS,
    Outcome,
)

HANDOVER_HINTS = {
    Handover.TOLD: "You told the person where and when.",
    Handover.MESSAGE: "You wrote to the person and the group together.",
    Handover.CALL: "You were on the telephone all three.",
    Handover.MET: "Somebody from the group met them at the door.",
    Handover.TOGETHER: "You, or a champion, went with them.",
}


class RecordForm(Form):
    """What a keeper fills in after a conversation: half a minute."""

    request_key = once_only()
    outcome = RadioField(
        "How is it going?", thing="how it is going", required=True, choices=OUTCOME_WORDS
    )
    note = TextAreaField(
        "Anything worth remembering?",
        thing="the note",
        hint="In their own words if you can. Write nothing they would not want to read.",
        max_length=NOTE_LENGTH,
        rows=4,
    )

    next_on = DatePartsField(
        "When do you look in again?",
        thing="the next look",
        hint="Leave it empty for the day named under your answer. Else a working day,"
        " 12 weeks from now at most.",
    )

    def foretell(self, dates: dict[Outcome, date], *, last_try: bool) -> None:
        """Say under each answer when somebody will look again, and where it may be closed."""
        hints = OUTCOME_HINTS | ({Outcome.COULD_NOT_REACH: LAST_TRY} if last_try else {})
        self.outcome.choices = [
            (outcome, words, f"{hints[outcome]} Next look: {say_date(dates[outcome])}.")
            for outcome, words in OUTCOME_WORDS.items()
        ]


class IntroduceForm(Form):
    """How and when the person and the group were brought together."""

    handover = RadioField(
        "How were they introduced?",
        thing="how they were introduced",
        required=True,
        choices=[(each, words, HANDOVER_HINTS[each]) for each, words in HANDOVER_WORDS.items()],
    )
    on = DatePartsField(
        "When was that?", thing="the day of the introduction", required=True, latest=clock.today
    )


class FinishForm(Form):
    """How it ended."""

    ending = RadioField(
        "How did it end?", thing="how it ended", required=True, choices=ENDING_WORDS, coerce=Ending
    )
    words = TextAreaField(
        "What would they say about it?",
        thing="their words",
        hint="In their own words: what changed, what did not.",
        max_length=NOTE_LENGTH,
        rows=4,
    )
    another = SubmitField("Close it and find another group")
