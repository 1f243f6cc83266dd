"""Pictures made for the tests: honest ones, and ones that mean harm."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **more: Any) -> bytes:
    """Return a picture whose left half is red and right half blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    to = BytesIO()
    image.save(to, kind, **more)
    return to.getvalue()


def from_a_phone() -> bytes:
    """Return a picture held sideways, that says where it was taken and by which camera."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees to the right
    exif[0x010F] = "CANARYPHONE"
    exif[0x9286] = "CANARYCOMMENT"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 36.0, 44.0), 3: "W", 4: (2.0, 12.0, 44.0)})
    return picture(exif=exif, comment=b"CANARYSAID", icc_profile=b"CANARYPROFILE" * 20)


def moving(kind: str) -> bytes:
    """Return a picture of two frames."""
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    to = BytesIO()
    frames[0].save(to, kind, save_all=True, append_images=frames[1:])
    return to.getvalue()


def claims(width: int, height: int) -> bytes:
    """Return a tiny PNG file that claims to be a picture of any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
