"""What people mean by their words, and what a listing is about by its own. Pure.

Both go by a thesaurus of senses (see `topics.said`). Of what somebody types, every phrase and every
word speaks for some senses, the more surely the fewer others it is said of; what speaks for one
topic adds up as chances do, and never reaches certainty. Of a listing, the words that groups use
for a topic speak for it, those in its name the loudest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from asset_hub.core.stems import STOP_WORDS, stem, tokens
from asset_hub.directory.topics.said import Sense

LONGEST = 7  # words of a phrase that is looked for
MOST_TOKENS = 60  # of what was typed
PHRASE, LOOSELY, WORD, PART = 0.85, 0.6, 0.7, 0.45  # how surely each speaks for its one topic
COVERED = 0.35  # what is left of a word's own voice within a phrase that was recognised
LEAST = 0.08  # a topic less sure is not meant
NAME, RUNNER, SUMMARY, BODY = 3.0, 0.5, 1.2, 0.5  # how loud a listing's texts speak
HALF = 2.5  # from here on a listing is as likely as not about a topic
SEEMS, SURE = 0.2, 0.95  # the least and the most that a listing seems to be about
MOST_TOPICS = 8  # that one listing seems to be about
Stems = tuple[str, ...]
Weights = dict[Stems, dict[int, float]]


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


def stems(text: str) -> list[str]:
    """Return the stems of a text, in order; apostrophes are as if they were not there."""
    typed = tokens(text.replace("'", "").replace("’", ""))
    return [stem(ALIKE.get(word, word)) for word in typed]


_ALIKE = """
ate eat eaten eat began begin bought buy broke break broken break brought bring came come children
child drank drink drunk drink driven drive drove drive fallen fall feet foot fell fall felt feel
fought fight found find gave give given give grandchildren grandchild heard hear held hold hurt hurt
kept keep knives knife lives life lost lose losing lose loses lose men man met meet mums mum paid pay
ran run rang ring sang sing saw see seen see slept sleep sold sell spent spend spoke speak spoken
speak stole steal stolen steal stood stand stuck stick sung sing swam swim taught teach thieves thief
threw throw thrown throw told tell took take taken take understood understand went go wives wife
woke wake women woman won win wore wear written write wrote write
""".split()
ALIKE = dict(zip(_ALIKE[::2], _ALIKE[1::2], strict=True))
LITTLE = frozenset(stem(ALIKE.get(word, word)) for word in STOP_WORDS)


def compiled(senses: Iterable[Sense]) -> Thesaurus:
    """Return a thesaurus made of senses."""
    found = Thesaurus()
    said: dict[Stems, set[int]] = defaultdict(set)
    loosely: dict[Stems, set[int]] = defaultdict(set)
    parts: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    theirs: dict[Stems, dict[str, float]] = defaultdict(dict)
    for number, sense in enumerate(senses):
        found.slugs.append(sense.slug)
        offered = [tuple(stems(phrase)) for phrase in sense.offered]
        found.offered.append(tuple(dict.fromkeys(s for p in offered for s in p if s not in LITTLE)))
        for phrase in dict.fromkeys([*(tuple(stems(p)) for p in sense.said), *offered]):
            if len(phrase) == 1 and phrase[0] in LITTLE:
                continue
            said[phrase].add(number)
            content = tuple(each for each in phrase if each not in LITTLE)
            if len(content) > 1:
                loosely[content].add(number)
            for each in content:
                parts[each][number] += 1 / len(content)
        for phrase in offered:
            if phrase[0] not in LITTLE or len(phrase) > 1:
                theirs[phrase][sense.slug] = 1.0
    found.exact = {phrase: _shared(found, some) for phrase, some in said.items()}
    found.loose = {phrase: _shared(found, some) for phrase, some in loosely.items()}
    found.parts = {word: _spread(some) for word, some in parts.items()}
    found.theirs = {p: {s: len(some) ** -0.7 for s in some} for p, some in theirs.items()}
    return found


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
            for phrase in ((first, second), (second, first), (first, second, *after[place + 1 :][:1])):
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


def seems(texts: Mapping[str, str], known: Thesaurus) -> dict[str, float]:
    """Return what a listing seems to be about, from 0 to 1, by its texts' names in `indexing`."""
    loud: dict[str, float] = defaultdict(float)
    for name, weight in (("name", NAME), ("summary", SUMMARY), ("body", BODY),
                         ("organization_name", RUNNER)):  # fmt: skip
        typed = stems(texts.get(name, ""))
        short = 1.0 if name == "name" else 1 / (0.6 + 0.4 * len(typed) / 60)
        for phrase, times in _theirs(typed, known).items():
            for slug, chance in known.theirs[phrase].items():
                loud[slug] += weight * chance * (1 + 0.3 * (min(times, 4) - 1)) * short
    found = {slug: min(SURE, sum_of / (sum_of + HALF)) for slug, sum_of in loud.items()}
    ranked = sorted(found.items(), key=_surest)[:MOST_TOPICS]
    return {slug: strength for slug, strength in ranked if strength >= SEEMS}


def _theirs(typed: list[str], known: Thesaurus) -> dict[Stems, int]:
    found: dict[Stems, int] = defaultdict(int)
    for start in range(len(typed)):
        for length in range(1, LONGEST + 1):
            phrase = tuple(typed[start : start + length])
            if len(phrase) == length and phrase in known.theirs:
                found[phrase] += 1
    return found
