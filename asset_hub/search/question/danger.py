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
(?:cant|cannot|can not|struggling to|hard to) breathe?(?! easy)
(?:stopped|not|isnt) breathing
unconscious
(?:wont|cant|cannot) wake (?:up|him|her)
collapsed?
having a (?:stroke|heart attack|fit|seizure)
face (?:has )?(?:dropped|is drooping|drooping)
slurr(?:ed|ing) (?:speech|words)
speech is slurred
choking
(?:wont|cant|doesnt) stop (?:the )?bleeding
bleeding (?:heavily|badly|a lot|to death|(?:\w+ ){0,2}(?:wont|doesnt) stop)
(?:swallowed|drank|drunk|eaten) (?:bleach|tablets|pills|a battery|batteries|poison|antifreeze)
pass(?:ed|ing) out(?! (?:flyers|leaflets|food|prizes))
(?:had|has had|having) (?:a|another) (?:seizure|fit)
(?:banged|hit|hurt) (?:my|his|her|their) head
(?:took|taken|taking) (?:a |the )?(?:whole|full|entire) (?:packet|box|bottle|pack)
(?:tightness|tight|crushing|heavy) (?:in|on|across) (?:my|his|her|the) chest
(?:fallen|fell|had a fall) (?:\w+ ){0,4}(?:cant|cannot) (?:get up|move)
(?:unresponsive|not responding|gone (?:blue|floppy)|is floppy|turn(?:ed|ing) blue)
suddenly (?:cant|cannot) (?:talk|speak|see|move|walk)
(?:arm|leg|face|side) (?:is|has gone|went) (?:weak|numb|droopy)
overdos(?:e|ed|ing)(?! of (?:choc|cake|sugar|fun|cute|culture|colour))
(?:took|taken|taking) (?:all|too many|a lot) (?:of )?(?:my |his |her |the )?(?:tablets|pills)
(?:took|taken|taking) (?:all|too many|a lot) (?:of )?(?:my |his |her |the )?(?:medic|parac)\w+
too many (?:tablets|pills|paracetamol)
anaphyla\w+
allergic reaction
""",
    Danger.LIFE: r"""
suicid\w*(?! squad)
self ?harm\w*
(?:harm|hurt|cutt?|kill)(?:ing|s)? (?:my|him|her|them)sel(?:f|ves)
(?:want|wants|wanted|going|ready) to (?:die|be dead)
(?:dont|doesnt|not|didnt) want to (?:live|be alive|be here|wake up|carry on|go on)
(?:wish|wishes) (?:i|he|she|they) (?:was|were|wasnt|werent) (?:dead|here|alive)
end(?:ing)? (?:it all|my life|his life|her life|things)
tak(?:e|ing) (?:my|his|her|their) own life
(?:cant|cannot) (?:go|carry) on(?= $| (?:like|any|and|but|so|since|because|now)\b)
(?:cant|cannot) (?:go|carry) on(?= (?:im?|ive|he|she|after|living)\b)
(?:cant|cannot) (?:go|carry) on without (?:him|her|them)
(?:cant|cannot) (?:do this any ?more|take (?:it |this )?any ?more|take any more)
no (?:point|reason) (?:in )?(?:living|to live|going on|any more|anymore)
(?:isnt|not) worth (?:living|it without)
(?:cant|cannot) do (?:life|it|living) any ?(?:more|longer)
(?:dont|do not) think (?:ill|i will|hell|shell) be (?:here|alive|around)
(?:wont|not going to) be (?:alive|around much|here much|here tomorrow)
(?:enough|saved|saving|hiding|bought) (?:my |his |her |up )?(?:tablets|pills) to
(?:has|bought|got) (?:a|the|some) rope
(?:left|leaving|written|wrote) a note(?! (?:for|on|to|about))
hate myself(?! (?:for|when))
nothing (?:left )?to live for
want to disappear
(?:happier|better) if (?:i|he|she) (?:was|were|wasnt|werent) (?:dead|gone|here|around)
driv(?:e|ing) (?:into|off) (?:a|the) (?:wall|tree|bridge|cliff|river|lorry)
better off (?:dead|without (?:me|her|him)\b)
rather be dead
cutting (?:my|her|his) (?:arms?|wrists?|legs?)
jump(?:ing|ed)? (?:off|from) (?:a|the|my) (?!point)\w+
hang (?:my|him|her)self
(?:had enough|sick|tired) of (?:living|life|being alive)
(?:never|not|dont want to) wake up
(?:nobody|no ?one) (?:would|will) (?:miss|notice|care) (?:me )?if
(?:suicide|goodbye|good bye) (?:notes?|letters?)
(?:saying|said|say|texted|message) (?:goodbye|good bye) (?:forever|for ever|to everyone|to us all)
(?:want|wants|need) (?:\w+ ){0,2}to (?:all )?(?:stop|end)(?= .*\b(?:tablets|pills|rope))
(?:got|have|has|saved up) (?:the |my |his |her |some )?(?:tablets|pills|rope) ready
""",
    Danger.VIOLENCE: r"""
(?:hits|hit|hitting|beats|beat|beating|punch\w*|kick\w*|slap\w*) (?:me|her|him|us)(?! at\b)
(?:strangl\w*|chok\w*|attack\w*|threaten\w*) (?:me|her|him|us)(?! with laughter)
(?<!back )(?<!knee )(?<!hip )(?<!foot )(?<!leg )(?<!it )(?<!that )hurts (?:me|her|him|us)
push(?:ed|es) (?:me|her|him|us) (?:down|over|into|against)
forc(?:es|ed) (?:me|her|him) to (?:do things|have|sleep)
(?:hits|beats|attacks|strangled|threatens) my \w+
(?:scared|afraid|frightened|terrified) (?:of (?:him|her)|to go home|at home)
(?:scared|afraid|frightened|terrified) of my (?:husband|wife|partner|boyfriend|girlfriend|ex)
(?:scared|afraid|frightened|terrified) of my (?:son|daughter|dad|father|mum|mother|brother)
domestic (?:abuse|violence)
(?:abusive|violent|controlling) (?:partner|husband|wife|boyfriend|girlfriend|relationship)
(?:abusive|violent|controlling) (?:ex|home|father|marriage)
(?:going|threaten\w*) to kill (?:me|her|him|us)
(?:hell|shell|theyll|will|would) kill (?:me|her|him|us)\b
(?:wont|doesnt|never) let (?:me|her|him|us) (?:leave|out|go out|go anywhere|see anyone|see my \w+)
(?:locked|locks|locking) (?:me|her|him|us) (?:in|up|out)
(?:violent|abusive|aggressive) (?:to|towards|with) (?:me|her|him|us|my|his)
(?:breaking|broken|trying to get) in(?:to)? (?:my|our|the|her|his) (?:house|home|flat)
(?:following|watching|tracking) (?:me|her) (?:home|everywhere|around|all the time)
hid(?:e|ing) from (?:my|her|his) (?:husband|wife|partner|boyfriend|girlfriend|ex|dad|father)
my ex (?:keeps|is|wont stop) (?:follow|watch|track|turn|text|ring|call|com)ing\b
(?:want|wants|going|trying|made|making) (?:to )?(?:force|make) (?:me|her|him) (?:to )?marry
(?:not|isnt|dont feel|doesnt feel) safe (?:at home|in my own home|with (?:him|her))
coercive control
rap(?:e|ed|ist)(?! ?seed)
sexual(?:ly)? (?:assault\w*|abus\w*)
forced marriage
forced to marry
honour (?:based|violence|killing)
womens? refuge
stalk(?:ed|er|ing)(?! (?:butterfl|deer|bird|wild|prey|game))
""",
    Danger.CHILD: r"""
child ?line
my (?:step ?)?(?:dad|mum|father|mother|uncle|brother) (?:hits|hurts|touch\w*|abus\w*)
my (?:step ?)?(?:dad|mum|father|mother|uncle|brother) beats(?! (?:me|us|him|her) at)
(?:child|children|baby|kids?|toddler) (?:\w+ ){0,3}(?:abused|neglected|hit|hurt|beaten)
(?:child|children|baby|kids?|toddler) (?:\w+ ){0,3}(?:in danger|not safe)
(?:abus|neglect|hurt|hitt|groom)\w* (?:a |the |my |his |her |their )?(?:child|children|kids?|baby)
(?:hurting|hitting|beating|abusing|neglecting) (?:\w+ ){0,2}(?:child|boy|girl|kids?)
(?:hurting|hitting|beating|abusing|neglecting) (?:\w+ ){0,2}(?:children|baby|toddler)
(?:my|her|his|a|the) (?:\w+ )?(?:teacher|coach|cousin|grandad|babysitter|uncle) touch(?:es|ed)
(?:leaves?|left) (?:us|them|the kids?|the children) (?:on (?:our|their) own|alone|home alone)
(?:child|boy|girl|aged (?:[1-9]|1[0-5])) (?:\w+ ){0,2}(?:bruises|bruised|covered in)
(?:scream|cry|shout)ing (?:\w+ ){0,2}at (?:their|the|her|his) (?:child|kids?|children|baby)
child (?:abuse|protection)
run(?:ning)? away from home
(?:ask|tell)(?:s|ed|ing) (?:\w+ ){1,3}for (?:\w+ )?(?:pictures|photos|pics|nudes|videos)
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
    r"training|(?<!of )courses?|awareness|volunteer\w*|first aid|workshop|lecture|film|theatre|"
    r"fundrais\w*)\b"
)
_NOW = re.compile(
    r"\b(?:(?:i|im|ive|me|myself) (?:\w+ ){0,4}(?:die|dying|suicidal|kill myself|overdose)|"
    r"(?:he|she|they) (?:still |now )?(?:hits|beats|hurts|threatens|rapes) (?:me|us))\b"
)
# a child who is afraid may not say of what
_YOUNG = re.compile(r"\bim (?:only )?(?:[89]|1[0-5])(?! (?:stone|minutes?|months?|weeks?|days?))\b")
_AFRAID = re.compile(r"\b(?:scared|frightened|afraid|not safe|hurt(?:s|ing)?|secret|run away)\b")
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
    if _YOUNG.search(said) and _AFRAID.search(said):
        found.add(Danger.CHILD)
    found |= {
        URGENT_TOPICS[slug] for slug, sure in topics if sure >= SURE and slug in URGENT_TOPICS
    }
    if found and _YOUNG.search(said):
        found.add(Danger.CHILD)
    if Danger.BODY in found and re.search(r"\b(?:overdos|tablets|pills|paracetamol)", said):
        found.add(Danger.LIFE)
    return tuple(kind for kind in Danger if kind in found)
