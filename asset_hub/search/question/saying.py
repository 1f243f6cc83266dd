"""How an answer is said on the page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from asset_hub.core.words import in_a_sentence
from asset_hub.directory.models import KIND_WORDS, THEME_WORDS
from asset_hub.directory.service import say_card
from asset_hub.search.geo import MILE
from asset_hub.search.queries import Answer, Found
from asset_hub.search.question.asking import DISTANCES, Asked
from asset_hub.search.question.looking import FAR_MILES, Understood

MOST_TAGS = 4  # topics on a card
WHY = 40  # how surely, of a hundred, a result must be about a topic to be there for it
SMALL = {  # words that tell nobody why a group is here
    "since", "ever", "even", "still", "lately", "lot", "lots", "bit", "rather", "quite", "always",
    "never", "yet", "without",
}  # fmt: skip
MOST_WHYS, MOST_WORDS = 2, 3  # topics and words that say why
WHYS = {"need": "helps with", "interest": "is about", "audience": "is for"}
Names = Mapping[str, tuple[str, str]]  # by slug: name, kind
OTHERS = "Groups for other ages than {} come after the others."
POOR = "These come nearest to it. Perhaps nothing here fits all of it."
LONGEST_TITLE = 60  # letters of a question in the title
HEADINGS = {  # the kinds of topics, in the order they are asked and shown
    "need": "What would help?",
    "interest": "What do you enjoy?",
    "audience": "Who is it for?",
    "access": "Getting in",
}
PACE = 75.0  # metres a minute
DETOUR = 1.25  # how much longer streets are than the straight line
FARTHEST_WALK = 1_800  # metres in a straight line: half an hour
RESPELT = "Nothing has “{}” in it. These have words close to it."
KINDS = {kind.value: words for kind, words in KIND_WORDS.items()}


@dataclass(frozen=True)
class Result:
    """One result as its card on the page shows it."""

    card: dict[str, Any]
    distance: str
    confirmed: str  # when and how it was last known to be there
    stage: int  # how that has aged: 0 is sure (see directory.models.Age)
    room: str  # whether it can welcome new people, when it said so
    tags: list[str]  # its most telling topics, and how many more there are
    why: str = ""  # why it is here: "Helps with grief and loss · “cafe”"

    @property
    def old(self) -> bool:
        """Return whether it is marked."""
        return self.stage > 0

    @property
    def kind(self) -> str:
        """Return what sort of thing it is, as said."""
        return KINDS.get(self.card.get("kind", ""), "")

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """Return when, what it costs, where, and whether it has room, each with its icon."""
        named = ("When", "when", "clock"), ("Cost", "cost", "cost"), ("Where", "where", "pin")
        told = [(label, self.card.get(key, ""), icon) for label, key, icon in named]
        more = ("Room", self.room, "heart"), ("Who for", self.card.get("not_for", ""), "people")
        return [*told, *more]


def result(found: Found, *, today: date, kinds: dict[str, str], why: str = "") -> Result:
    """Return a result ready for its card; `kinds` says what kind of topic each slug is."""
    card = found.card
    return Result(
        card=card,
        distance=say_far(found.metres, roughly=bool(card.get("area"))),
        confirmed=card.get("alive_words", ""),
        stage=card.get("stage", 0),
        room=say_card(card.get("room"), today),
        tags=_tags(card.get("topics", []), kinds),
        why=why,
    )


def why(found: Found, about: Mapping[str, int], typed: Mapping[str, str], names: Names) -> str:
    """Return why a result is here: what it helps with of what was meant, and the words it has.

    `about` says how surely, of a hundred, it is about each topic; `typed` says as what each stem
    was typed; `names` has each topic's name and kind. The topics are in the order of `found.slugs`.
    """
    sure = [slug for slug in found.slugs if about.get(slug, 0) >= WHY and slug in names]
    said = [
        f"{WHYS[kind]} {in_a_sentence(name)}"
        for name, kind in (names[slug] for slug in sure[:MOST_WHYS])
        if kind in WHYS
    ]
    has = [
        f"“{typed[stem]}”" for stem in found.stems if stem in typed and typed[stem] not in SMALL
    ][:MOST_WORDS]
    parts = [*said, *([", ".join(has)] if has else [])]
    return " · ".join(part[:1].upper() + part[1:] for part in parts)


def _tags(topics: list[dict[str, str]], kinds: dict[str, str]) -> list[str]:
    """Return the names of a few topics, what somebody comes for first, and how many are left."""
    places = {kind: place for place, kind in enumerate(HEADINGS)}
    ordered = sorted(topics, key=lambda t: places.get(kinds.get(t["slug"], ""), len(places)))
    names = [topic["name"] for topic in ordered]
    more = len(names) - MOST_TAGS
    return names if more <= 0 else [*names[:MOST_TAGS], f"+{more}"]


def themed(topics: list[Any]) -> list[tuple[str, list[Any]]]:
    """Return needs under the headings they stand under, leaving out the empty ones."""
    known = {theme.value: said for theme, said in THEME_WORDS.items()} | {None: "More"}
    found = [(said, [t for t in topics if t.theme == theme]) for theme, said in known.items()]
    return [(said, some) for said, some in found if some]


def title(asked: Asked, understood: Understood, topics: list[Any], community: str) -> str:
    """Return the question as a heading: "Support for “company” near AV1 1BD"."""
    names = {topic.slug: topic.name for topic in topics}
    names |= {slug: topic.name for slug, topic in understood.meant.items()}
    wanted = [f"“{_short(asked.q)}”"] if asked.q else []
    wanted += [names.get(slug, slug.replace("-", " ")) for slug in asked.topics]
    parts = [f"for {', '.join(dict.fromkeys(wanted))}"] if wanted else []
    if asked.suits:
        whom = (names.get(slug, slug.replace("-", " ")) for slug in asked.suits)
        parts.append(f"open to {', '.join(map(in_a_sentence, whom))}")
    if understood.place:
        parts.append(f"near {understood.place.code}")
    elif understood.question.near:
        parts.append("near the place you chose")
    if community:
        parts.append(f"in {community}")
    return " ".join(["Support", *parts]) if parts else "Find support"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_TITLE else f"{words[:LONGEST_TITLE].rstrip()}…"


def notices(asked: Asked, understood: Understood, answer: Answer) -> list[str]:
    """Return what must be said above the results, so that they are read rightly."""
    said = []
    place = understood.place
    if understood.problem:
        said.append(f"Not sorted by distance: we do not know where “{_short(asked.near)}” is.")
    elif place and understood.community:
        said.append(f"Measured from the middle of {place.code}.")
    elif place and not place.exact:
        district = place.code.split(" ")[0]
        said.append(
            f"Measured from the middle of the {district} area: "
            f"we do not know {asked.near} more exactly."
        )
    if understood.is_poor:
        said.append(POOR)
    if answer.total > 1 and understood.question.said_age is not None:
        said.append(OTHERS.format(understood.question.said_age))
    if understood.is_far:
        said.append(
            f"This place is far from us: we have no communities within {FAR_MILES} miles of it."
        )
    if is_respelt(understood, answer):
        said.append(RESPELT.format(_short(asked.q)))
    return said


def is_respelt(understood: Understood, answer: Answer) -> bool:
    """Return whether what was found is there for words close to those typed.

    What somebody's words are about is no word close to them: whoever speaks of a loss is not told
    that nothing has their sentence in it.
    """
    close = understood.heard.respelt and not understood.heard.leaning
    return bool(answer.total) and (answer.respelt or close)


def say_distance(metres: int | None, *, roughly: bool = False) -> str:
    """Return a distance in miles: "less than 0.1 miles", "1 mile", "about 12 miles"."""
    if metres is None:
        return ""
    miles = metres / MILE
    if miles < 0.1:
        return "less than 0.1 miles" if not roughly else "about 0.1 miles"
    said = f"{miles:.1f}" if miles < 10 else f"{miles:.0f}"
    said = said.removesuffix(".0")
    return f"{'about ' if roughly else ''}{said} {'mile' if said == '1' else 'miles'}"


def say_walk(metres: int | None) -> str:
    """Return how long a walk is: "10 minutes on foot", or nothing when it is over half an hour.

    Streets are a quarter longer than the straight line, and 75 metres a minute is a comfortable
    pace (4.5 km an hour); it is said in fives from ten minutes on.
    """
    if metres is None or metres > FARTHEST_WALK:
        return ""
    minutes = max(1, round(metres * DETOUR / PACE))
    if minutes >= 10:
        minutes = 5 * round(minutes / 5)
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'} on foot"


def say_far(metres: int | None, *, roughly: bool = False) -> str:
    """Return a distance as a card says it: "0.4 miles, about 10 minutes on foot"."""
    miles, walk = say_distance(metres, roughly=roughly), say_walk(metres)
    return f"{miles}, about {walk}" if walk else miles


def say_miles(miles: float) -> str:
    """Return a number of miles: "1 mile", "3 miles"."""
    return f"{miles:g} {'mile' if miles == 1 else 'miles'}"


def say_count(answer: Answer, asked: Asked, *, near: bool, community: str = "") -> str:
    """Return how many were found, and where: "37 groups within 3 miles"."""
    words = [f"{answer.total:,} {'group' if answer.total == 1 else 'groups'}"]
    if answer.more and answer.total:
        words = [f"More than {answer.total:,} groups"]
    if not answer.total:
        words = ["No groups yet" if asked == Asked() else "No groups"]
    if near and asked.within:
        words.append(f"within {say_miles(asked.within)}")
    if community:
        words.append(f"in {community}")
    if asked.area:
        words.append("in this part of the map")
    return " ".join(words)


def distances(asked: Asked) -> list[tuple[str, str]]:
    """Return the distances to choose from, the one that was asked for among them."""
    miles = sorted({*map(float, DISTANCES), *([asked.within] if asked.within else [])})
    return [("", "Any distance"), *((f"{each:g}", say_miles(each)) for each in miles)]


def wider(asked: Asked) -> float | None:
    """Return the next distance to try, or None when every distance is searched already."""
    return next((float(each) for each in DISTANCES if asked.within and each > asked.within), None)
