"""A picture that somebody sends: looked at with suspicion, then drawn anew.

Nothing of the file that came is kept: the pixels are decoded, turned upright, made smaller and
written as a new JPEG, without the place, the camera or anything else the file said of itself.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.rules.photos import LARGEST, MOST_BYTES, SMALL, fitting

MOST_PIXELS = 40_000_000  # looked up before decoding
LONGEST_SIDE = 20_000
SHORTEST_SIDE = 200  # below it nobody sees anything on a page
QUALITY = 82
FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
OTHER_KINDS = "Select a photograph as a JPEG, PNG or WebP file"
HEIC = "This is a HEIC file, as some phones keep them. Save or send the photograph as a JPEG first"
MOVES = "This picture moves. Select one that stands still"
MIXED = "This file holds more than a picture. Take the photograph again, or save it as a JPEG"
BROKEN = "This file is broken or not whole. Select it again, or another one"
TOO_LARGE = "This picture is too large. Make it smaller: 40 megapixels at most"
TOO_SMALL = f"This picture is too small. It must be {SHORTEST_SIDE} pixels or more on each side"
TOO_HEAVY = "The photograph must be smaller than 8 MB"
# What no camera writes: programs and documents that only pretend to be a picture.
_STOWAWAY = re.compile(rb"<script|<html|<\?php|<!doctype|%PDF-1|javascript:", re.IGNORECASE)
# Each time a JPEG goes over the whole picture once more; cameras do it a dozen times at most.
# Within what is drawn the two bytes never stand together, so to count them is to count the times.
_SCAN, MOST_SCANS = b"\xff\xda", 50
_ZIP_END = b"PK\x05\x06"
_TAIL = 66_000  # the end of a ZIP file lies within its last bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: the large one, the small one, and the size of the large one."""

    jpeg: bytes
    small: bytes
    width: int
    height: int


def drawn_anew(data: bytes) -> Picture:
    """Return a picture made from the pixels of a file; raise RuleBroken with what to do."""
    if len(data) > MOST_BYTES:
        raise RuleBroken(TOO_HEAVY, field="photo")
    kind = _kind(data)
    if _STOWAWAY.search(data) or _ZIP_END in data[-_TAIL:]:
        raise RuleBroken(MIXED, field="photo")
    if kind == "JPEG" and data.count(_SCAN) > MOST_SCANS:
        raise RuleBroken(BROKEN, field="photo")
    upright = _upright(data, kind)
    large = upright.resize(fitting(upright.width, upright.height, LARGEST))
    little = large.resize(fitting(large.width, large.height, SMALL))
    return Picture(_jpeg(large), _jpeg(little), large.width, large.height)


def _kind(data: bytes) -> str:
    """Return what a file is by its first bytes, whatever it is called."""
    for start, kind in FORMATS.items():
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    heic = data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}
    raise RuleBroken(HEIC if heic else OTHER_KINDS, field="photo")


def _upright(data: bytes, kind: str) -> Any:
    """Return the pixels, upright, on white: an image that knows nothing but them."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=[kind]) as image:
            _must_fit(*image.size)
            if kind != "JPEG" and getattr(image, "is_animated", False):
                raise RuleBroken(MOVES, field="photo")
            image.draft("RGB", (LARGEST * 2, LARGEST * 2))  # a JPEG decodes smaller, and sooner
            image.load()
            if image.mode in ("RGB", "RGBA", "L", "CMYK"):  # others lose too much by shrinking
                image.thumbnail((LARGEST * 2, LARGEST * 2))
            turned = ImageOps.exif_transpose(image)
            return _on_white(turned)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RuleBroken(TOO_LARGE, field="photo") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, LookupError,
            TypeError, ArithmeticError, AttributeError):  # fmt: skip
        raise RuleBroken(BROKEN, field="photo") from None


def _must_fit(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise RuleBroken(TOO_LARGE, field="photo")
    if min(width, height) < SHORTEST_SIDE:
        raise RuleBroken(TOO_SMALL, field="photo")


def _on_white(image: Any) -> Any:
    from PIL import Image

    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return page


def _jpeg(image: Any) -> bytes:
    to = BytesIO()
    image.save(to, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return to.getvalue()
