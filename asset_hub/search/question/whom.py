"""What somebody's own words say of whom they ask for, and of what they do not want. Pure.

"My son is 14" is an age, "the number 14 bus" is none; "not a support group" asks for no support
group, "not sleeping" tells how it is. Few sure ways of saying it are known, and nothing is guessed.
"""

import re

OLDEST = 120
_THINGS = (
    r"(?!\w* ?(?:rent|bills?|mortgage|house|flat|debts?|weight|bmi|score|income|pension|shifts?) )"
)
_PERSON = rf"(?:my|our|his|her) {_THINGS}(?:\w+ ){{1,2}}"
_UNIT = r"(?! ?(?:minutes?|mins?|hours?|days?|weeks?|miles?|km|stone|st|kg|lb|bus|am|pm|th|st|%))"
_SO = r"(?:now |only |nearly |just )?"
_SAID = [
    rf"\b(?:i am|im|i turn|he is|hes|she is|shes) {_SO}(?P<age>\d{{1,3}})\b{_UNIT}",
    rf"\b{_PERSON}(?:is|are|who is|whos|turned|has turned) {_SO}(?P<age>\d{{1,3}})\b{_UNIT}",
    r"\baged? (?P<age>\d{1,3})\b",
    r"\b(?P<age>\d{1,3}) ?(?:years? old|yrs? old|year olds?|yr olds?|yo)\b",
]
_AGES = [re.compile(pattern) for pattern in _SAID]
_MONTHS = re.compile(r"\b\d{1,2} ?(?:months?|weeks?) old\b")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# what follows "not a …" is not wanted, up to where the sentence turns
_NOT = re.compile(
    r"\b(?:but )?not (?:a|an|another|any|the) (?:[\w'’-]+ ?){1,3}?"
    r"(?=$|[^\w'’ -]|\b(?:but|and|or|just|something|somewhere|anything|i|we|because|for|with|to|"
    r"in|at)\b)",
    re.IGNORECASE,
)


def age(q: str) -> int | None:
    """Return the age in years of whom it is asked for; None when it is not said, or of several."""
    said = " ".join(_WORDS.findall(q[:2_000].lower())).replace("'", "").replace("’", "")
    if _MONTHS.search(said):
        return 0
    ages = {int(found["age"]) for pattern in _AGES for found in pattern.finditer(said)}
    return ages.pop() if len(ages) == 1 and max(ages) <= OLDEST else None


def wanted(q: str) -> str:
    """Return a question without what it says is not wanted; all of it when nothing else is said."""
    left = " ".join(_NOT.sub(" ", q[:2_000]).split())
    return left if _WORDS.search(left) else q
