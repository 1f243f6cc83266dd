"""How much of a story stands in a list."""

import re

ROOM = 220  # letters on a card


def opening(story: str, room: int = ROOM) -> str:
    """Return the first sentences of a story that fit; of one too long, its first words."""
    first = next((line.strip() for line in story.splitlines() if line.strip()), "")
    if len(first) <= room:
        return first
    ends = [end.end() for end in re.finditer(r"[.!?][\"’”)]*(?=\s)", first) if end.end() <= room]
    if ends:
        return first[: ends[-1]]
    return first[:room].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
