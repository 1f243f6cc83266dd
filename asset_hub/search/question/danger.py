"""Whether somebody who types this may be in danger, and of what. Pure.

Better once too often than once too seldom; but who looks for a bereavement group, a course or a
club for afterwards is not met with sirens: the numbers stand quietly on every page as it is.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from asset_hub.core.stems import tokens


class Danger(StrEnum):
    """What kind of help is needed at once, the most pressing first."""

    BODY = "body"
    LIFE = "life"
    VIOLENCE = "violence"
    CHILD = "child"


# one pattern on each line
_SAID = {
    Danger.BODY: r"""
chest pains?
pains? in (?:my|his|her|the) chest
chest (?:is|feels) tight
(?:cant|cannot|can not|struggling to|hard to) breathe?
(?:stopped|not) breathing
unconscious
(?:wont|cant|cannot) wake (?:up|him|her)
collapsed?
having a (?:stroke|heart attack|fit|seizure)
face (?:has )?(?:dropped|is drooping|drooping)
slurr(?:ed|ing) (?:speech|words)
speech is slurred
choking
(?:wont|cant) stop (?:the )?bleeding
bleeding (?:heavily|badly|a lot|to death)
swallowed (?:bleach|tablets|pills|a battery|batteries|poison)
overdos(?:e|ed|ing)
(?:took|taken|taking) (?:all|too many|a lot) (?:of )?(?:my |his |her |the )?(?:tablets|pills)
(?:took|taken|taking) (?:all|too many|a lot) (?:of )?(?:my |his |her |the )?(?:medic|parac)\w+
too many (?:tablets|pills|paracetamol)
anaphyla\w+
allergic reaction
""",
    Danger.LIFE: r"""
suicid\w*
self ?harm\w*
(?:harm|hurt|cutt?|kill)(?:ing|s)? (?:my|him|her|them)sel(?:f|ves)
(?:want|wants|wanted|going|ready) to (?:die|be dead)
(?:dont|doesnt|not|didnt) want to (?:live|be here|wake up|carry on|go on)
(?:wish|wishes) (?:i|he|she|they) (?:was|were|wasnt|werent) (?:dead|here|alive)
end(?:ing)? (?:it all|my life|his life|her life|things)
tak(?:e|ing) (?:my|his|her|their) own life
(?:cant|cannot) (?:go on|carry on|do this any more|take any more)
no (?:point|reason) (?:in )?(?:living|to live|going on|any more|anymore)
(?:isnt|not) worth living
better off (?:dead|without me)
rather be dead
cutting (?:my|her|his) (?:arms?|wrists?|legs?)
jump off
hang (?:my|him|her)self
""",
    Danger.VIOLENCE: r"""
(?:hits|hit|hitting|beats|beat|beating|punch\w*|kick\w*|slap\w*) (?:me|her|him|us)
(?:strangl\w*|chok\w*|hurts|attack\w*|threaten\w*) (?:me|her|him|us)
(?:hits|beats|attacks|strangled|threatens) my \w+
(?:scared|afraid|frightened|terrified) (?:of (?:him|her)|to go home|at home)
(?:scared|afraid|frightened|terrified) of my (?:husband|wife|partner|boyfriend|girlfriend|ex)
(?:scared|afraid|frightened|terrified) of my (?:son|daughter|dad|father|mum|mother|brother)
domestic (?:abuse|violence)
(?:abusive|violent|controlling) (?:partner|husband|wife|boyfriend|girlfriend|relationship)
(?:abusive|violent|controlling) (?:ex|home|father|marriage)
(?:going|threaten\w*) to kill (?:me|her|him|us)
(?:not|isnt|dont feel|doesnt feel) safe (?:at home|in my own home|with (?:him|her))
coercive control
rap(?:e|ed|ist)
sexual(?:ly)? (?:assault\w*|abus\w*)
forced marriage
forced to marry
honour (?:based|violence|killing)
womens? refuge
stalk(?:ed|er|ing)
""",
    Danger.CHILD: r"""
child ?line
my (?:step ?)?(?:dad|mum|father|mother|uncle|brother) (?:hits|hurts|touch\w*|beats|abus\w*)
(?:child|children|baby|kids?|toddler) (?:\w+ ){0,3}(?:abused|neglected|hit|hurt|beaten)
(?:child|children|baby|kids?|toddler) (?:\w+ ){0,3}(?:in danger|not safe)
(?:abus|neglect|hurt|hitt|groom)\w* (?:a |the |my |his |her |their )?(?:child|children|kids?|baby)
im (?:only )?(?:8|9|10|11|12|13|14|15)
child (?:abuse|protection)
run(?:ning)? away from home
county lines
""",
}
_PATTERNS = {
    kind: re.compile(rf"\b(?:{'|'.join(some.split(chr(10))[1:-1])})\b")
    for kind, some in _SAID.items()
}
# about the thing rather than in the middle of it
_APART = re.compile(
    r"\b(?:bereave\w*|after (?:a |his |her |my )?(?:suicide|stroke|heart attack)|to suicide|"
    r"(?:took|taken) (?:his|her|their) own life|killed (?:him|her)self|years? ago|"
    r"training|(?<!of )courses?|awareness|volunteer\w*|first aid|workshop|lecture|fundrais\w*)\b"
)
_NOW = re.compile(
    r"\b(?:i|im|ive|me|myself) (?:\w+ ){0,4}(?:die|dying|suicidal|kill myself|overdose)\b"
)
URGENT_TOPICS = {
    "suicidal": Danger.LIFE,
    "safety": Danger.VIOLENCE,
    "sexual-violence": Danger.VIOLENCE,
}
SURE = 0.8  # how surely an urgent topic must be meant


def dangers(q: str, topics: Iterable[tuple[str, float]] = ()) -> tuple[Danger, ...]:
    """Return what somebody may be in danger of, the most pressing first; mostly nothing."""
    said = " ".join(tokens(q[:2_000].replace("'", "").replace("’", ""))) + " "
    if _APART.search(said) and not _NOW.search(said):
        return ()
    found = {kind for kind, pattern in _PATTERNS.items() if pattern.search(said)}
    found |= {
        URGENT_TOPICS[slug] for slug, sure in topics if sure >= SURE and slug in URGENT_TOPICS
    }
    if Danger.BODY in found and re.search(r"\b(?:overdos|tablets|pills|paracetamol)", said):
        found.add(Danger.LIFE)
    return tuple(kind for kind in Danger if kind in found)
