"""How an answer is said on the page. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from asset_hub.search.asking import DISTANCES, Asked
from asset_hub.search.geo import MILE
from asset_hub.search.queries import Answer, Found

FRESH = timedelta(days=183)  # "confirmed within six months" (PRODUCT.md)
RESPELT = "Nothing has “{}” in it. These have words close to it."
KINDS = {
    "group": "Group",
    "activity": "Activity",
    "place": "Place",
    "advice": "Advice",
    "gift": "One person’s skill",
    "exchange": "Exchange",
}


@dataclass(frozen=True)
class Result:
    """One result as its card on the page shows it."""

    card: dict[str, Any]
    distance: str
    confirmed: str
    old: bool

    @property
    def kind(self) -> str:
        """Return what sort of thing it is, as said."""
        return KINDS.get(self.card.get("kind", ""), "")

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """Return when, what it costs and where, each with the name of its icon."""
        named = ("When", "when", "clock"), ("Cost", "cost", "cost"), ("Where", "where", "pin")
        return [(label, self.card.get(key, ""), icon) for label, key, icon in named]

    @property
    def tags(self) -> list[str]:
        """Return the names of its topics."""
        return [topic["name"] for topic in self.card.get("topics", [])]


def result(found: Found, *, today: date) -> Result:
    """Return a result ready for its card."""
    card = found.card
    on = card.get("confirmed_on") or ""
    return Result(
        card=card,
        distance=say_distance(found.metres, roughly=bool(card.get("area"))),
        confirmed=f"Confirmed {card['confirmed']}" if card.get("confirmed") else "",
        old=on != "" and date.fromisoformat(on) < today - FRESH,
    )


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


def say_miles(miles: float) -> str:
    """Return a number of miles: "1 mile", "3 miles"."""
    return f"{miles:g} {'mile' if miles == 1 else 'miles'}"


def say_count(answer: Answer, asked: Asked, *, near: bool, community: str = "") -> str:
    """Return how many were found, and where: "37 groups within 3 miles"."""
    words = [f"{answer.total:,} {'group' if answer.total == 1 else 'groups'}"]
    if not answer.total:
        words = ["No groups yet" if asked == Asked() else "No groups"]
    if near and asked.within:
        words.append(f"within {say_miles(asked.within)}")
    if community:
        words.append(f"in {community}")
    return " ".join(words)


def distances(asked: Asked) -> list[tuple[str, str]]:
    """Return the distances to choose from, the one that was asked for among them."""
    miles = sorted({*map(float, DISTANCES), *([asked.within] if asked.within else [])})
    return [("", "Any distance"), *((f"{each:g}", say_miles(each)) for each in miles)]


def wider(asked: Asked) -> float | None:
    """Return the next distance to try, or None when every distance is searched already."""
    return next((float(each) for each in DISTANCES if asked.within and each > asked.within), None)
