"""What people mean by their words, and what a listing is about by its own. Pure.

Both go by a thesaurus of senses (see `topics.said`). Of what somebody types, every phrase and every
word speaks for some senses, the more surely the fewer others it is said of; what speaks for one
topic adds up as chances do, and never reaches certainty. Of a listing, the words that groups use
for a topic speak for it, those in its name the loudest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from asset_hub.core.stems import STOP_WORDS, Remembered, stem, tokens
from asset_hub.directory.topics.said import Sense

LONGEST = 7  # words of a phrase that is looked for
MOST_TOKENS = 60  # of what was typed
PHRASE, LOOSELY, WORD, PART = 0.85, 0.6, 0.7, 0.45  # how surely each speaks for its one topic
COVERED = 0.35  # what is left of a word's own voice within a phrase that was recognised
LEAST = 0.08  # a topic less sure is not meant
# how loud a listing's texts speak
LOUD = {"name": 3.0, "summary": 1.2, "body": 0.5, "organization_name": 0.5}
USUAL, AGAIN = 60, 0.3  # words of a usual text; what saying a thing again adds
MOST_LETTERS = 2_000  # of a text that are read
HALF = 2.5  # from here on a listing is as likely as not about a topic
FEW = 2  # topics that may be chosen, each with full weight
SEEMS, SURE = 0.2, 0.95  # the least and the most that a listing seems to be about
MOST_TOPICS = 6  # that one listing seems to be about
RULES = 1  # raise it when `about` says something else of the same words: listings follow
Stems = tuple[str, ...]
Weights = dict[Stems, dict[int, float]]
Tree = dict[str, Any]  # stem → the tree of what may follow; under ENDS, the phrase that ends here
ENDS = ""


@dataclass(frozen=True)
class Meaning:
    """What somebody seems to mean: topics and the words of groups, each with its confidence."""

    topics: tuple[tuple[str, float], ...] = ()  # (slug, from 0 to 1), the surest first
    words: tuple[tuple[str, float], ...] = ()  # (stem, from 0 to 1) that groups would use
    known: frozenset[str] = frozenset()  # the stems typed that speak for some topic


@dataclass
class Thesaurus:
    """Senses, ready to be looked up."""

    slugs: list[str] = field(default_factory=list)  # of each sense
    offered: list[tuple[str, ...]] = field(default_factory=list)  # stems, of each sense
    exact: Weights = field(default_factory=dict)  # phrases, word for word
    loose: Weights = field(default_factory=dict)  # the same without little words
    parts: dict[str, dict[int, float]] = field(default_factory=dict)  # words of phrases
    theirs: dict[Stems, dict[str, float]] = field(default_factory=dict)  # groups' words → slugs
    begins: Tree = field(default_factory=dict)  # groups' words, stem by stem
    beside: frozenset[str] = frozenset()  # audiences and ways in: never what it is all about
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # slug → name, kind
    version: int = 0  # of all that it was made from, and of RULES; never 0 when it was compiled


def stems(text: str) -> list[str]:
    """Return the stems of a text, in order; apostrophes are as if they were not there."""
    typed = tokens(text.replace("'", "").replace("’", ""))
    return [KNOWN_BY[word] for word in typed]


_ALIKE = """
ate eat eaten eat began begin bought buy broke break broken break brought bring came come children
child drank drink drunk drink driven drive drove drive fallen fall feet foot fell fall felt feel
fought fight found find gave give given give grandchildren grandchild heard hear held hold kept
keep knives knife lives life lost lose losing lose loses lose men man met meet mums mum paid pay
ran run rang ring sang sing saw see seen see slept sleep sold sell spent spend spoke speak spoken
speak stole steal stolen steal stood stand stuck stick sung sing swam swim taught teach thieves
thief threw throw thrown throw told tell took take taken take understood understand went go wives
wife woke wake women woman won win wore wear written write wrote write
""".split()  # noqa: SIM905 (pairs read better as words)
ALIKE = dict(zip(_ALIKE[::2], _ALIKE[1::2], strict=True))
KNOWN_BY = Remembered(lambda word: stem(ALIKE.get(word, word)))
LITTLE = frozenset(stem(ALIKE.get(word, word)) for word in STOP_WORDS)


def compiled(senses: Iterable[Sense], beside: Iterable[str] = ()) -> Thesaurus:
    """Return a thesaurus made of senses; `beside` are audiences and ways in."""
    made, senses, beside = _Made(), list(senses), frozenset(beside)
    for sense in senses:
        made.add(sense)
    found = Thesaurus(made.slugs, made.offered, beside=beside)
    found.version = _version(senses, beside)
    found.exact = {phrase: _shared(found, some) for phrase, some in made.said.items()}
    found.loose = {phrase: _shared(found, some) for phrase, some in made.loosely.items()}
    found.parts = {word: _spread(some) for word, some in made.parts.items()}
    found.theirs = {
        phrase: dict.fromkeys(sorted(some), len(some) ** -0.7)
        for phrase, some in made.theirs.items()
    }
    for phrase in found.theirs:
        branch = found.begins
        for word in phrase:
            branch = branch.setdefault(word, {})
        branch[ENDS] = phrase
    return found


def _version(senses: Iterable[Sense], beside: frozenset[str]) -> int:
    """Return a number that another thesaurus does not have, whatever the order of its senses."""
    said = sorted(repr((sense.slug, sense.said, sense.offered)) for sense in senses)
    text = "\n".join([str(RULES), *sorted(beside), *said])
    digest = blake2b(text.encode(), digest_size=4).digest()
    return 1 + int.from_bytes(digest, "big") % (2**31 - 1)


@dataclass
class _Made:
    """What a thesaurus is made from, sense by sense."""

    slugs: list[str] = field(default_factory=list)
    offered: list[Stems] = field(default_factory=list)
    said: dict[Stems, set[int]] = field(default_factory=lambda: defaultdict(set))
    loosely: dict[Stems, set[int]] = field(default_factory=lambda: defaultdict(set))
    parts: dict[str, dict[int, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )
    theirs: dict[Stems, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, sense: Sense) -> None:
        number = len(self.slugs)
        self.slugs.append(sense.slug)
        theirs = [phrase for phrase in map(_phrase, sense.offered) if phrase]
        words = (word for phrase in theirs for word in phrase if word not in LITTLE)
        self.offered.append(tuple(dict.fromkeys(words)))
        for phrase in theirs:
            self.theirs[phrase].add(sense.slug)
        for phrase in dict.fromkeys([*map(_phrase, sense.said), *theirs]):
            if phrase:
                self._say(phrase, number)

    def _say(self, phrase: Stems, number: int) -> None:
        self.said[phrase].add(number)
        content = tuple(word for word in phrase if word not in LITTLE)
        if len(content) > 1:
            self.loosely[content].add(number)
        for word in content:
            self.parts[word][number] += 1 / len(content)


def _phrase(text: str) -> Stems:
    """Return the stems of a phrase; none for a little word that stands alone."""
    found = tuple(stems(text))
    return () if len(found) == 1 and found[0] in LITTLE else found


def _shared(known: Thesaurus, senses: Iterable[int]) -> dict[int, float]:
    """Return how much a phrase speaks for each sense: the less, the more topics it is said of."""
    some = list(senses)
    return dict.fromkeys(some, len({known.slugs[number] for number in some}) ** -0.7)


def _spread(senses: Mapping[int, float]) -> dict[int, float]:
    total = sum(senses.values()) + 0.5
    return {number: count / total for number, count in senses.items()}


def meant(text: str, known: Thesaurus) -> Meaning:
    """Return what somebody seems to mean by some words."""
    typed = stems(text)[:MOST_TOKENS]
    heard: list[tuple[str, int, float]] = []  # (what was heard, sense, chance)
    covered = _exactly(typed, known, heard)
    content = [each for each in typed if each not in LITTLE]
    _loosely(content, known, heard)
    for word in dict.fromkeys(content):
        share = COVERED if word in covered else 1.0
        for number, chance in known.parts.get(word, {}).items():
            heard.append((word, number, PART * chance * share))
    return _added_up(heard, known, frozenset(w for w in content if w in known.parts))


def _exactly(typed: list[str], known: Thesaurus, heard: list[tuple[str, int, float]]) -> set[str]:
    """Hear the phrases that were typed word for word; return the words within longer ones."""
    covered: set[str] = set()
    taken = [False] * len(typed)
    for length in range(min(LONGEST, len(typed)), 0, -1):
        for start in range(len(typed) - length + 1):
            phrase = tuple(typed[start : start + length])
            if phrase not in known.exact:
                continue
            within = all(taken[start : start + length])
            sure = (WORD if length == 1 else PHRASE) * (COVERED if within else 1.0)
            heard += [(" ".join(phrase), n, sure * c) for n, c in known.exact[phrase].items()]
            if length > 1:
                covered |= set(phrase)
                taken[start : start + length] = [True] * length
    return covered


def _loosely(content: list[str], known: Thesaurus, heard: list[tuple[str, int, float]]) -> None:
    """Hear the phrases typed with other words in between."""
    for start, first in enumerate(content):
        after = content[start + 1 : start + 4]
        for place, second in enumerate(after):
            for phrase in (
                (first, second),
                (second, first),
                (first, second, *after[place + 1 :][:1]),
            ):
                for number, chance in known.loose.get(phrase, {}).items():
                    heard.append((" ".join(sorted(phrase)), number, LOOSELY * chance))


def _added_up(
    heard: list[tuple[str, int, float]], known: Thesaurus, words: frozenset[str]
) -> Meaning:
    best: dict[tuple[str, str], float] = defaultdict(float)
    senses: dict[int, float] = defaultdict(float)
    for what, number, chance in heard:
        key = known.slugs[number], what
        best[key] = max(best[key], chance)
        senses[number] = 1 - (1 - senses[number]) * (1 - chance)
    topics: dict[str, float] = defaultdict(float)
    for (slug, _), chance in best.items():
        topics[slug] = 1 - (1 - topics[slug]) * (1 - chance)
    offered: dict[str, float] = defaultdict(float)
    for number, chance in senses.items():
        for each in known.offered[number]:
            offered[each] = max(offered[each], chance * topics[known.slugs[number]])
    return Meaning(
        tuple(sorted(((s, c) for s, c in topics.items() if c >= LEAST), key=_surest)),
        tuple(sorted(((w, c) for w, c in offered.items() if c >= LEAST), key=_surest)),
        words,
    )


def _surest(pair: tuple[str, float]) -> tuple[float, str]:
    return -pair[1], pair[0]


def about(texts: Mapping[str, str], chosen: Iterable[str], known: Thesaurus) -> dict[str, int]:
    """Return what a listing is about and how surely, of a hundred, from its texts (see `indexing`).

    What was chosen for it counts fully while few topics are chosen; where somebody ticked a dozen,
    each needs the listing's own words beside it.
    """
    seeming = seems(texts, known)
    slugs = list(dict.fromkeys(chosen))
    ticked = [slug for slug in slugs if slug not in known.beside]
    sure = min(1.0, FEW / max(1, len(ticked)))
    found = {slug: seeming.get(slug, 0.0) for slug in (*slugs, *_first(seeming))}
    for slug in slugs:
        found[slug] = 1 - (1 - found[slug]) * (1 - (1.0 if slug in known.beside else sure))
    return {slug: max(1, round(100 * strength)) for slug, strength in found.items()}


def _first(seeming: Mapping[str, float]) -> list[str]:
    ranked = sorted(seeming.items(), key=_surest)[:MOST_TOPICS]
    return [slug for slug, strength in ranked if strength >= SEEMS]


def seems(texts: Mapping[str, str], known: Thesaurus) -> dict[str, float]:
    """Return what a listing seems to be about by its own words, from 0 to 1."""
    loud: dict[str, float] = defaultdict(float)
    for name, weight in LOUD.items():
        typed = stems(texts.get(name, "")[:MOST_LETTERS])
        short = weight if name == "name" else weight / (0.6 + 0.4 * len(typed) / USUAL)
        for phrase, times in _theirs(typed, known).items():
            said = short * (1 + AGAIN * (min(times, 4) - 1))
            for slug, chance in known.theirs[phrase].items():
                loud[slug] += said * chance
    return {slug: min(SURE, sum_of / (sum_of + HALF)) for slug, sum_of in loud.items()}


def _theirs(typed: list[str], known: Thesaurus) -> dict[Stems, int]:
    """Return the phrases of groups that a text holds, and how often."""
    found: dict[Stems, int] = {}
    begins = known.begins
    for at, first in [(at, word) for at, word in enumerate(typed, 1) if word in begins]:
        branch = begins[first]
        while branch is not None:
            phrase = branch.get(ENDS)
            if phrase is not None:
                found[phrase] = found.get(phrase, 0) + 1
            if at == len(typed):
                break
            branch = branch.get(typed[at])
            at += 1
    return found
