"""A picture is looked at with suspicion, and drawn anew."""

from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from asset_hub.core.errors import RuleBroken
from asset_hub.directory.service import drawn_anew
from tests.directory.pictures import claims, from_a_phone, moving, picture

HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 500
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_honest_picture_becomes_two_jpegs(kind: str) -> None:
    made = drawn_anew(picture(kind, (3200, 2000)))
    large, small = opened(made.jpeg), opened(made.small)
    assert [large.format, large.size, small.format, small.size] == [
        "JPEG", (1600, 1000), "JPEG", (640, 400),
    ]  # fmt: skip
    assert (made.width, made.height) == (1600, 1000)


def test_a_small_picture_is_not_blown_up() -> None:
    made = drawn_anew(picture(size=(300, 200)))
    assert opened(made.jpeg).size == opened(made.small).size == (300, 200)


def test_nothing_is_left_of_where_it_was_taken_nor_by_what() -> None:
    data = from_a_phone()
    assert data.count(b"CANARY") > 3
    assert opened(data).getexif().get_ifd(0x8825), "the picture that came does say where"
    made = drawn_anew(data)
    for jpeg in (made.jpeg, made.small):
        assert b"CANARY" not in jpeg
        assert b"Exif" not in jpeg
        assert not dict(opened(jpeg).getexif())
        assert set(opened(jpeg).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                                          "progressive", "progression"}  # fmt: skip


def test_a_picture_held_sideways_stands_upright() -> None:
    made = drawn_anew(from_a_phone())
    assert (made.width, made.height) == (600, 800)
    top, bottom = (opened(made.jpeg).getpixel((300, y)) for y in (100, 700))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > bottom[0], "red, the left half, is on top"


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "L", "CMYK", "1", "I;16"])
def test_every_kind_of_colour_is_drawn_on_white(mode: str) -> None:
    image = Image.new(mode, (300, 300))
    to = BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image.save(to, kind)
    assert opened(drawn_anew(to.getvalue()).jpeg).mode == "RGB"


def test_what_can_be_seen_through_is_white() -> None:
    to = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(to, "PNG")
    assert opened(drawn_anew(to.getvalue()).jpeg).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"I am a letter, not a picture.", "as a JPEG, PNG or WebP file"),
        (b"", "as a JPEG, PNG or WebP file"),
        (SVG, "as a JPEG, PNG or WebP file"),
        (moving("GIF"), "as a JPEG, PNG or WebP file"),
        (HEIC, "This is a HEIC file"),
        (moving("WEBP"), "This picture moves"),
        (moving("PNG"), "This picture moves"),
        (picture()[:900], "broken or not whole"),
        (picture("PNG")[:300], "broken or not whole"),
        (b"\xff\xd8\xff" + b"\0" * 900, "broken or not whole"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 900, "broken or not whole"),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"x" * 900, "broken or not whole"),
        (picture(size=(120, 900)), "This picture is too small"),
        (claims(9000, 9000), "40 megapixels at most"),
        (claims(60_000, 60_000), "40 megapixels at most"),
        (claims(300, 2_000_000_000), "40 megapixels at most"),
        (claims(100_000, 300), "40 megapixels at most"),
        (claims(3000, 3000), "broken or not whole"),
        (picture() + b"PK\x03\x04 a zip file PK\x05\x06" + b"\0" * 18, "more than a picture"),
        (picture() + b"<ScRipt>alert(1)</script>", "more than a picture"),
        (picture(comment=b"<?php system('id'); ?>"), "more than a picture"),
        (picture() + b"%PDF-1.7", "more than a picture"),
        (picture() + b"\0" * 8_000_000, "smaller than 8 MB"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_no_honest_picture_is_refused_with_words(data: bytes, words: str) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        drawn_anew(data)
    assert refused.value.field == "photo"


def test_a_broken_picture_never_breaks_the_site() -> None:
    """Every picture with a few wrong bytes is drawn or refused, never anything else."""
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = picture(kind, (220, 220))
        for at in range(0, len(whole), max(1, len(whole) // 60)):
            data = bytearray(whole)
            data[at] ^= 0xFF
            with suppress(RuleBroken):
                drawn_anew(bytes(data))


def test_a_jpeg_that_goes_over_itself_thousands_of_times_is_not_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = picture("JPEG", (800, 600), progressive=True)
    assert drawn_anew(honest).width == 800
    last = honest.rfind(b"\xff\xda")
    again = honest[last:-2] * 60
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("it was decoded"))
    with pytest.raises(RuleBroken, match="broken"):
        drawn_anew(honest[:-2] + again + b"\xff\xd9")
