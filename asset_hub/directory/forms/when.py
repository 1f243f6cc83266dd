"""The questions about when a group meets, as mixins: a step asks them, and the edit page."""

from typing import Any

from asset_hub.core.db import limit
from asset_hub.core.fields import (
    CheckboxesField,
    DatePartsField,
    DatesField,
    RadioField,
    SubmitField,
    TextField,
    TimeField,
)
from asset_hub.directory.forms import words
from asset_hub.directory.models import Schedule
from asset_hub.directory.rules import when

WHICH = ("Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")
BOUNDS: dict[str, Any] = {"earliest": when.EARLIEST, "latest": when.LATEST, "short": True}


def unless(*often: str) -> dict[str, Any]:
    """Return the options of a question that steps back, with a script, beside some choices."""
    return {"formGroup": {"attributes": {"data-unless": f"often={','.join(often)}"}}}


BARE = unless(when.DATES, when.VARIES)
SPOKEN = unless(when.VARIES)


class When:
    """How often it meets, on which days, and from when to when."""

    often = RadioField(
        "How often?", thing="how often it meets", required=True, choices=words.OFTEN,
        reveals={
            when.FORTNIGHTLY: "next_on", when.MONTHLY: "nth", when.DATES: "dates",
            when.VARIES: "when_words",
        },
    )  # fmt: skip
    next_on = DatePartsField(
        "The next date on which it meets", thing="the next date on which it meets", **BOUNDS,
        hint="We count every other week from it",
    )  # fmt: skip
    nth = CheckboxesField(
        "Which weeks of the month?", choices=words.NTHS, small=True, classes="hub-row"
    )
    dates = DatesField(
        "Which dates?", thing="the dates", most=when.MOST_DATES, rows=5,
        hint="One on each line. For example: 10 September, or 10/9/26",
    )  # fmt: skip
    when_words = TextField(
        "When, in words", thing="when it meets", max_length=limit(Schedule.description),
        hint="For example: Most Saturdays in summer, ring to find out",
    )  # fmt: skip
    days = CheckboxesField(
        "Which days?", thing="the days it meets", choices=words.DAY_CHOICES, small=True,
        classes="hub-row", options=BARE,
        hint="Not needed if you gave dates, or if it varies",
    )  # fmt: skip
    opens_at = TimeField(
        "It starts at",
        thing="the time it starts",
        hint="For example: 10am, noon or half past ten",
        options=SPOKEN,
    )
    closes_at = TimeField(
        "It ends at", thing="the time it ends", hint="For example, 2:30pm", options=SPOKEN
    )

    def validate(self, **more: Any) -> bool:
        """Take no notice of what stands in questions that another choice has shut."""
        form: Any = self
        apart = form.apart.data if "apart" in form else ()
        for name in when.out_of_sight(self.often.data, apart):
            if name in form:
                form[name].process_errors, form[name].data = [], when.nothing(name)
        return bool(super().validate(**more))  # type: ignore[misc]


def further(number: int) -> tuple[CheckboxesField, TimeField, TimeField]:
    """Return the three fields of another session."""
    which = WHICH[number - 2]
    said = which.lower()
    start, end = f"the start of the {said} time", f"the end of the {said} time"
    return (
        CheckboxesField(
            f"{which} time: which days?", thing=f"the days of the {said} time",
            choices=words.DAY_CHOICES, small=True, hint="Leave empty if there is no other time",
            classes="hub-row", options=BARE,
        ),
        TimeField(f"{which} time: it starts at", thing=start, options=SPOKEN),
        TimeField(f"{which} time: it ends at", thing=end, options=SPOKEN),
    )  # fmt: skip


class MoreTimes:
    """Further days and times, as often as the first; only as many rows as are wanted.

    Without a script the button asks for one more row; nothing is saved by it.
    """

    days_2, opens_at_2, closes_at_2 = further(2)
    days_3, opens_at_3, closes_at_3 = further(3)
    days_4, opens_at_4, closes_at_4 = further(4)
    days_5, opens_at_5, closes_at_5 = further(5)
    days_6, opens_at_6, closes_at_6 = further(6)
    days_7, opens_at_7, closes_at_7 = further(7)
    more = SubmitField("Add another day and time")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        form: Any = self
        filled = [end for end in when.FURTHER if any(form[name + end].data for name in when.SLOT)]
        posted = [end for end in when.FURTHER if form[f"opens_at{end}"].raw_data]
        rows = max([0, *(when.FURTHER.index(end) + 1 for end in filled + posted)])
        for end in when.FURTHER[rows + bool(form.more.data) :]:
            for name in when.SLOT:
                del form[name + end]
        if rows >= len(when.FURTHER):
            del form["more"]

    def validate(self, **more: Any) -> bool:
        """Save nothing when another row was asked for."""
        form: Any = self
        wants_a_row = "more" in form and form.more.data
        return not wants_a_row and bool(super().validate(**more))  # type: ignore[misc]


class Apart:
    """What its meetings are bound to: school terms, months, a beginning and an end."""

    apart = CheckboxesField(
        "Is any of this true?", choices=words.APART, small=True, options=BARE,
        hint="Only what comes back every year. Closed for a week or two? Say so once you are "
        "listed: our mail has a link for it",
        reveals={
            when.SOME_MONTHS: "not_months", when.BEGINS: "first_on", when.ENDS: "last_on",
        },
    )  # fmt: skip
    not_months = CheckboxesField(
        "In which months does it not meet?",
        choices=words.MONTH_CHOICES,
        small=True,
        classes="hub-row",
    )
    first_on = DatePartsField("The first meeting", thing="the date of the first meeting", **BOUNDS)
    last_on = DatePartsField("The last meeting", thing="the date of the last meeting", **BOUNDS)
    gone = CheckboxesField(
        "What of this is not true any more?", thing="what is not true any more", small=True,
        hint="The listing says this too. What you tick is taken away",
    )  # fmt: skip

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        form: Any = self
        form.gone.choices = (named.get("data") or {}).get("others") or ()
        if not form.gone.choices:
            del form["gone"]
