"""Whether two listings may be the same group: what they share, how much that says, and why.

Only what everybody may know is compared, so that a reason never gives away a hidden address.
`keys_of` gives what listings are found by without comparing each with each; `likeness` scores the
few that share a key. Scores are sums of evidence, tried on registers of a whole borough: from
FOUND on somebody should look, from HINT on it is worth a line to whoever looks at one anyway.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations
from urllib.parse import urlsplit
from uuid import UUID

from asset_hub.core.grid import apart
from asset_hub.directory.rules.prose import fold

FOUND, HINT = 0.6, 0.3
NEAR = 0.86  # of the letters, in order: "Ashby choir" and "Ashby choirs", not "Ashby chess"
DIGITS = 9  # of a phone number, from its end: with or without 0 and +44
SHARED_BY_FEW = 25  # a key that more listings have (a council's number) says nothing
NEARBY = 1_500  # metres; listings of two communities are compared when they are no farther apart
ELSEWHERE = 3_000  # metres; a branch in another town
LONGEST_KEY = 120
GENERIC = frozenset(
    """
    group club association assoc society trust charity charitable limited ltd cic cio plc company
    community centre center service project organisation foundation fund team for of in at on to
    with by our uk support ward branch and the new old open
""".split()  # noqa: SIM905 (a list of words reads better as words)
)
BODIES = "pta psa ptfa parents teachers friends alumni minister management fund"
_ENDING = re.compile(r"(?<=\w{4})(ing|ers?)s?$|s$")  # walking, walkers, walks
_NUMBERED = re.compile(r"\d+")
_PHONE = re.compile(r"\+?\d[\d ()\-.]{7,}\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place as everybody may know it; `rough` when the point is only about right."""

    postcode: str = ""
    street: str = ""
    point: tuple[float, float] | None = None
    rough: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What everybody may know of a listing, as it is compared."""

    name: str
    runner: str = ""
    organization_id: UUID | None = None
    community_id: UUID | None = None
    phone: str = ""
    email: str = ""
    url: str = ""
    words: str = ""
    spots: Sequence[Spot] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two listings are alike, from 0 to 1, and why in words."""

    score: float
    reasons: list[str]


@lru_cache(maxsize=4_096)
def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared: folded, without their usual endings."""
    return tuple(_ENDING.sub("", word) if len(word) > 3 else word for word in _words(text))


def _words(text: str) -> list[str]:
    return fold(re.sub(r"['’`]", "", text)).split()


def telling(text: str) -> list[str]:
    """Return the words of a name that tell one group from another, each once, in order."""
    found = [word for word in dict.fromkeys(tokens(text)) if word not in GENERIC and len(word) > 1]
    return found or list(dict.fromkeys(tokens(text)))


def keys_of(known: Known) -> set[str]:
    """Return everything a listing may be found by; never nothing."""
    words = telling(known.name)
    longest = sorted(sorted(words), key=len, reverse=True)[:4]
    found = {f"n:{fold(known.name)}", f"t:{' '.join(sorted(words))}"}
    found |= {f"w:{' '.join(sorted(pair))}" for pair in combinations(longest, 2)}
    found |= {f"p:{number}" for number in phones(known.phone)}
    if "@" in known.email:
        found.add(f"e:{known.email.strip().casefold()}")
    host, path = _web(known.url)
    if host:
        found |= {f"h:{host}", f"u:{host}{path}"}
    if known.community_id:
        found |= {f"c:{known.community_id}:{word}" for word in longest}
    for spot in known.spots:
        found.update(_keys_of_spot(spot, longest))
    return {key[:LONGEST_KEY] for key in found}


def _keys_of_spot(spot: Spot, words: list[str]) -> Iterable[str]:
    code = re.sub(r"\s", "", spot.postcode).upper()
    number = _NUMBERED.search(spot.street)
    if code:
        yield from (f"z:{code}:{word}" for word in words)
    if code and number:
        yield f"a:{code}:{number[0]}"
    if spot.point:
        latitude, longitude = spot.point
        yield from (f"m:{latitude:.2f},{longitude:.2f}:{word}" for word in words)


def phones(text: str) -> set[str]:
    """Return the ends of the phone numbers in a text, as they are compared."""
    found = (re.sub(r"\D", "", number)[-DIGITS:] for number in _PHONE.findall(text))
    return {number for number in found if len(number) == DIGITS}


def _web(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "", ""
    return (host, parts.path.rstrip("/").casefold()) if "." in host else ("", "")


def likeness(one: Known, other: Known, shared: set[str] | None = None) -> Likeness:
    """Return how much two listings are alike, by all keys they share or those that tell much."""
    shared = keys_of(one) & keys_of(other) if shared is None else shared
    name = name_likeness(one.name, other.name)
    reasons: list[str] = []
    score = _from_name(name, reasons)
    score += _from_ways(shared, reasons)
    metres = distance(one.spots, other.spots)
    score += _from_place(one, other, shared, metres, reasons)
    # Texts are long: they are read only where they can make a difference
    worded = _same_words(one.words, other.words) if score >= FOUND - 0.3 else 0.0
    if worded >= 0.2:
        score += 0.3 if worded >= 0.5 else 0.15
        reasons.append("much the same words" if worded >= 0.5 else "some of the same words")
    return Likeness(round(_held(score, one, other, name, worded, metres), 3), reasons)


def _from_name(name: float, reasons: list[str]) -> float:
    for least, worth, words in (
        (0.97, 0.55, "the same name"),
        (NEAR, 0.5, "nearly the same name"),
        (0.7, 0.35, "names that share most words"),
        (0.5, 0.1, ""),
    ):
        if name >= least:
            reasons += [words] if words else []
            return worth
    return 0.0


def _from_ways(shared: set[str], reasons: list[str]) -> float:
    """Return what the same phone, address or website says; the same host says little."""
    worth = 0.0
    for sign, weight, words in (
        ("p:", 0.3, "the same phone number"),
        ("e:", 0.3, "the same email address"),
        ("u:", 0.2, "the same website"),
    ):
        if any(key.startswith(sign) for key in shared):
            worth += weight
            reasons.append(words)
    return min(worth, 0.6)


def _from_place(
    one: Known, other: Known, shared: set[str], metres: float | None, reasons: list[str]
) -> float:
    if metres is None:
        together = one.community_id is not None and one.community_id == other.community_id
        return 0.1 if together else -0.1
    if any(key.startswith("a:") for key in shared):
        reasons.append("the same street address")
        return 0.3
    if metres <= 500:
        reasons.append(say_apart(metres))
        return 0.25 if metres <= 60 else 0.15
    if metres <= NEARBY:
        reasons.append(say_apart(metres))
        return 0.05
    return -0.2


def say_apart(metres: float) -> str:
    """Return a distance as a reason."""
    if metres < 10:
        return "in the same place"
    if metres < 1_000:
        return f"{round(metres / 10) * 10} m apart"
    return f"{metres / 1_000:.1f} km apart"


def _held(
    score: float, one: Known, other: Known, name: float, worded: float, metres: float | None
) -> float:
    """Return the score with what speaks against it.

    One organisation does several things, often in one hall under one number; a chain has branches
    that share a name and a switchboard; a hall's number is that of all who meet there.
    """
    same_runner = one.organization_id is not None and one.organization_id == other.organization_id
    if metres is not None and metres > ELSEWHERE:
        score = min(score, 0.25)
    if same_runner and name < NEAR:
        score = min(score - 0.3, 0.5)
    theirs_alone = (
        _alone(telling(one.name), telling(other.name)),
        _alone(telling(other.name), telling(one.name)),
    )
    reached_alike = bool(phones(one.phone) & phones(other.phone)) or _same_email(one, other)
    if (name < 0.5 or all(theirs_alone)) and not (worded >= 0.5 and reached_alike):
        score = min(score, 0.55)
    if set(tokens(BODIES)) & {word for words in theirs_alone for word in words}:
        score = min(score, 0.55)  # the friends of a school are not the school
    if name < 0.5 and worded < 0.2 and not reached_alike:
        score = min(score, 0.25)  # many meet under one roof
    return max(0.0, min(1.0, score))


def _same_email(one: Known, other: Known) -> bool:
    return "@" in one.email and one.email.casefold() == other.email.casefold()


def name_likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1; numbers in them must be the same."""
    left, right = " ".join(tokens(one)), " ".join(tokens(other))
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    whole = SequenceMatcher(None, left, right, autojunk=False).ratio()
    matched = _matched(left.split(), right.split())
    # A word that only one of them has ("chess", "choir") says that they are not the same.
    found = max(whole if whole >= NEAR and not _differs(left, right) else 0.0, matched)
    numbers = [set(_NUMBERED.findall(name)) for name in (left, right)]
    return found if numbers[0] == numbers[1] else min(found, 0.4)


def _differs(left: str, right: str) -> bool:
    """Return whether each name has a telling word unlike any of the other's."""
    one, other = left.split(), right.split()
    return bool(_alone(one, other)) and bool(_alone(other, one))


def _alone(words: list[str], others: list[str]) -> list[str]:
    return [word for word in words if not any(_same(word, other) for other in others)]


def _matched(left: list[str], right: list[str]) -> float:
    """Return the share of words, common ones counting little, that both names have."""
    one, other = list(dict.fromkeys(left)), list(dict.fromkeys(right))
    weight = sum(map(_weight, one)) + sum(map(_weight, other))
    met = [word for word in one if any(_same(word, each) for each in other)]
    back = [word for word in other if any(_same(word, each) for each in one)]
    return (sum(map(_weight, met)) + sum(map(_weight, back))) / weight if weight else 0.0


def _weight(word: str) -> float:
    return 0.2 if word in GENERIC else 1.0


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < 5 or one[0] != other[0]:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.8


def _same_words(one: str, other: str) -> float:
    """Return the share of runs of three words that both texts have; short texts say nothing."""
    left, right = _shingles(one), _shingles(other)
    if min(len(left), len(right)) < 4:
        return 0.0
    return len(left & right) / len(left | right)


@lru_cache(maxsize=1_024)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = fold(text[:4_000]).split()[:400]
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def distance(one: Sequence[Spot], other: Sequence[Spot]) -> float | None:
    """Return the metres between the nearest of two lists of places; None when nobody knows.

    A point that is only roughly right is at no distance from what is within two kilometres.
    """
    found = [
        _apart(left, right)
        for left in one[:12]
        for right in other[:12]
        if left.point and right.point
    ]
    known = [metres for metres in found if metres is not None]
    return min(known) if known else None


def _apart(left: Spot, right: Spot) -> float | None:
    assert left.point
    assert right.point
    metres = apart(left.point, right.point)
    rough = left.rough or right.rough
    return None if rough and metres < ELSEWHERE else metres


def changed_a_lot(before: Iterable[str], now: Iterable[str]) -> bool:
    """Return whether a listing has become another one, by the keys it had and has."""
    left, right = set(before), set(now)
    return len(left & right) < 0.5 * len(left | right)
