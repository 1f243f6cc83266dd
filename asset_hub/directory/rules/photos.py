"""A photograph's sizes and address."""

from dataclasses import dataclass
from uuid import UUID

from asset_hub.core.errors import RuleBroken

MOST_BYTES = 8_000_000  # of the file that is sent
LARGEST, SMALL = 1600, 640  # pixels along the longer side
ADDRESS = "/groups/{}/photo/{}.jpg"
SMALL_ADDRESS = "/groups/{}/photo/640/{}.jpg"
NO_WORDS = "Enter a few words for those who cannot see the picture"


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a page needs to show a photograph, without its bytes."""

    digest: str
    width: int
    height: int
    alt: str
    credit: str = ""


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photograph on a page: its address, and its size so that nothing jumps."""

    url: str
    width: int
    height: int
    alt: str
    credit: str = ""


def shown_photo(
    service_id: UUID, facts: PhotoFacts | None, *, small: bool = False
) -> ShownPhoto | None:
    """Return an approved photograph as the page of a listed service shows it."""
    if facts is None:
        return None
    size = fitting(facts.width, facts.height, SMALL) if small else (facts.width, facts.height)
    address = (SMALL_ADDRESS if small else ADDRESS).format(service_id, facts.digest)
    return ShownPhoto(address, *size, facts.alt, facts.credit)


def fitting(width: int, height: int, longest: int) -> tuple[int, int]:
    """Return a size of the same shape, no side longer than `longest` and none below 1."""
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def must_be_described(alt: str) -> None:
    """Refuse a picture that says nothing to somebody who cannot see it."""
    if not alt.strip():
        raise RuleBroken(NO_WORDS, field="alt")
