"""Draw the pictures of the demo place: `python -m asset_hub.demo.draw` writes them anew.

Flat scenes in the site's own colours, drawn twice as large and made smaller. Nobody in them is
anybody, and nothing in them was taken from anywhere.
"""

import random
from collections.abc import Callable
from typing import Any

from asset_hub.demo.town import PICTURES

WIDE, HIGH, LARGER = 960, 640, 2
SKY, WALL, FLOOR, WOOD, DARK = "#cfe6e0", "#f6e7c8", "#d9b98a", "#a9713f", "#23332f"
GREEN, DEEP, SUN, CORAL, MINT, PLUM = (
    "#7ba35f", "#0b4f4a", "#ffc83d", "#f08a6c", "#8fd6c0", "#8f3d8c",
)  # fmt: skip
BLUE, WATER, WHITE = "#2f74b8", "#7fb3c8", "#fffaf0"
SKINS = ("#f1c9a5", "#8d5a3b", "#e0ac7e", "#5c3a26", "#f7d9bd", "#c58c5c")
HAIRS = ("#e8e4da", "#2b211c", "#7a4a24", "#1d1a1a", "#c9c2b4", "#b3602a")
COATS = (CORAL, DEEP, SUN, PLUM, BLUE, MINT)


class Scene:
    """A picture being drawn; lengths are those of the finished one."""

    def __init__(self, ground: str) -> None:
        from PIL import Image, ImageDraw

        self.image = Image.new("RGB", (WIDE * LARGER, HIGH * LARGER), ground)
        self.pen: Any = ImageDraw.Draw(self.image)
        self.chance = random.Random(7)  # noqa: S311 (the same picture every time)

    def box(
        self, left: float, top: float, right: float, foot: float, fill: str, **how: Any
    ) -> None:
        """Draw a rectangle, with round corners when `round` is given."""
        corners = [left * LARGER, top * LARGER, right * LARGER, foot * LARGER]
        self.pen.rounded_rectangle(corners, how.get("round", 0) * LARGER, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: str, *, flat: float = 1) -> None:
        """Draw a disc; `flat` below 1 makes it lie down."""
        high = radius * flat
        corners = [x - radius, y - high, x + radius, y + high]
        self.pen.ellipse([at * LARGER for at in corners], fill=fill)

    def shape(self, *points: tuple[float, float], fill: str) -> None:
        """Draw a filled shape."""
        self.pen.polygon([(x * LARGER, y * LARGER) for x, y in points], fill=fill)

    def line(self, *points: tuple[float, float], fill: str, width: float = 4) -> None:
        """Draw a line through points."""
        at = [(x * LARGER, y * LARGER) for x, y in points]
        self.pen.line(at, fill=fill, width=round(width * LARGER), joint="curve")

    def person(
        self, x: float, foot: float, number: int, *, size: float = 1, sings: bool = False
    ) -> None:
        """Draw somebody who stands; the number says who."""
        skin, hair, coat = (some[number % len(some)] for some in (SKINS, HAIRS, COATS))
        tall = (190 + number % 3 * 14) * size
        head, top = 30 * size, foot - tall
        for side in (-1, 1):
            self.box(
                x + side * 14 * size - 9 * size,
                foot - 70 * size,
                x + side * 14 * size + 9 * size,
                foot,
                DARK,
                round=7 * size,
            )
        self.box(
            x - 38 * size, top + 52 * size, x + 38 * size, foot - 52 * size, coat, round=28 * size
        )
        self.disc(x, top + 22 * size, head * 1.12, hair)
        self.disc(x, top + 28 * size, head, skin)
        for side in (-1, 1):
            self.disc(x + side * 10 * size, top + 24 * size, 3 * size, DARK)
        if sings:
            self.disc(x, top + 42 * size, 7 * size, "#7d2b22")
        else:
            self.pen.arc(
                [
                    (x - 10 * size) * LARGER,
                    (top + 28 * size) * LARGER,
                    (x + 10 * size) * LARGER,
                    (top + 46 * size) * LARGER,
                ],
                20,
                160,
                fill=DARK,
                width=round(3 * size * LARGER),
            )

    def room(self) -> None:
        """Draw an indoor wall with a window, and a floor."""
        self.box(0, 0, WIDE, 430, WALL)
        self.box(0, 430, WIDE, HIGH, FLOOR)
        self.box(60, 70, 250, 260, WHITE, round=8)
        self.box(72, 82, 238, 248, SKY)
        self.line((155, 82), (155, 248), fill=WHITE, width=8)
        self.line((72, 165), (238, 165), fill=WHITE, width=8)

    def outside(self, ground: int = 400) -> None:
        """Draw the sky, a sun, two hills and grass."""
        self.box(0, 0, WIDE, HIGH, SKY)
        self.disc(790, 110, 58, SUN)
        self.disc(220, ground + 190, 330, "#9cbf8a", flat=0.8)
        self.disc(720, ground + 230, 420, "#86ad74", flat=0.75)
        self.box(0, ground, WIDE, HIGH, GREEN)

    def tree(self, x: float, foot: float, size: float = 1) -> None:
        """Draw a tree."""
        self.box(x - 9 * size, foot - 110 * size, x + 9 * size, foot, WOOD)
        for dx, dy in ((-34, -130), (34, -130), (0, -172)):
            self.disc(x + dx * size, foot + dy * size, 52 * size, "#4c7f4f")

    def mug(self, x: float, y: float, fill: str) -> None:
        """Draw a mug that steams."""
        self.disc(x + 22, y - 20, 13, fill)
        self.disc(x + 22, y - 20, 7, WALL)
        self.box(x - 20, y - 42, x + 20, y, fill, round=6)
        for dx in (-8, 8):
            self.line(
                (x + dx, y - 50), (x + dx + 5, y - 62), (x + dx - 3, y - 76), fill=WHITE, width=3
            )


def choir() -> Scene:
    """Draw eight people who sing in two rows."""
    scene = Scene(WALL)
    scene.room()
    for n in range(4):
        scene.person(330 + n * 150, 470, n + 2, size=0.95, sings=True)
    for n in range(4):
        scene.person(250 + n * 150, 590, n, size=1.15, sings=True)
    for n, (x, y) in enumerate(((330, 90), (470, 150), (620, 80), (760, 160), (870, 90))):
        scene.disc(x, y, 15, COATS[n], flat=0.8)
        scene.line((x + 13, y), (x + 13, y - 58), (x + 34, y - 46), fill=COATS[n], width=5)
    return scene


def towpath() -> Scene:
    """Draw people who walk beside a canal."""
    scene = Scene(SKY)
    scene.outside(330)
    scene.shape((0, 450), (WIDE, 390), (WIDE, 520), (0, HIGH), fill=WATER)
    scene.shape((0, HIGH), (0, 610), (WIDE, 500), (WIDE, HIGH), fill="#cdb58c")
    for x, size in ((90, 1.0), (250, 0.8), (870, 0.9)):
        scene.tree(x, 400 if size < 1 else 430, size)
    scene.box(560, 396, 800, 440, CORAL, round=14)
    scene.box(620, 356, 770, 400, DEEP, round=8)
    for x in (650, 700, 745):
        scene.disc(x, 378, 10, SUN)
    for n, x in enumerate((300, 400, 520, 640)):
        scene.person(x, 610 - n * 12, n + 1, size=0.9 - n * 0.05)
    scene.disc(400, 412, 34, "#ff8a1f", flat=0.3)
    return scene


def soup() -> Scene:
    """Draw a long table with soup, and people behind it."""
    scene = Scene(WALL)
    scene.room()
    for n, x in enumerate((330, 490, 650, 810)):
        scene.person(x, 500, n + 3, size=1.1)
    scene.box(180, 420, WIDE, 455, WOOD, round=8)
    scene.box(210, 455, WIDE, HIGH, WHITE)
    for x in (270, 410, 570, 730, 880):
        scene.disc(x, 412, 46, CORAL, flat=0.35)
        scene.box(x - 46, 410, x + 46, 424, DEEP, round=10)
        for dx in (-12, 12):
            scene.line((x + dx, 390), (x + dx + 6, 372), (x + dx - 4, 352), fill=WHITE, width=4)
    scene.box(60, 380, 165, 455, "#d79a4a", round=36)
    return scene


def shed() -> Scene:
    """Draw a workbench, tools on the wall and somebody at work."""
    scene = Scene("#dcc39a")
    for x in range(0, WIDE, 96):
        scene.line((x, 0), (x, 440), fill="#cdb188", width=4)
    scene.box(0, 560, WIDE, HIGH, "#8c6a45")
    for n, x in enumerate(range(330, 820, 90)):
        scene.box(x - 7, 90, x + 7, 220, WOOD, round=6)
        scene.box(x - 26, 80, x + 26, 110, ("#5f6b6d", DEEP, "#5f6b6d")[n % 3], round=6)
    scene.box(90, 70, 240, 220, SKY, round=4)
    scene.line((165, 70), (165, 220), fill=WHITE, width=8)
    scene.person(250, 560, 0, size=1.35)
    scene.person(800, 560, 3, size=1.35)
    scene.box(330, 400, 730, 432, WOOD, round=6)
    for x in (360, 690):
        scene.box(x - 14, 432, x + 14, 580, WOOD)
    scene.box(470, 310, 600, 400, "#c98b4e")
    scene.shape((450, 316), (535, 250), (620, 316), fill=CORAL)
    scene.disc(535, 352, 18, DARK)
    return scene


def plots() -> Scene:
    """Draw raised beds in flower, and two people who dig."""
    scene = Scene(SKY)
    scene.outside(350)
    scene.box(620, 210, 800, 390, WOOD)
    scene.shape((595, 220), (710, 130), (825, 220), fill=DEEP)
    scene.box(680, 290, 740, 390, DARK)
    scene.person(330, 470, 1, size=1.0)
    scene.person(480, 480, 4, size=1.0)
    for row, top in enumerate((440, 530)):
        scene.box(40, top + 40, WIDE - 40, top + 86, WOOD, round=6)
        scene.box(52, top + 28, WIDE - 52, top + 52, "#5b3f2a", round=8)
        for x in range(90, WIDE - 60, 62):
            tall = scene.chance.randint(20, 60)
            scene.line((x, top + 32), (x, top + 32 - tall), fill="#3f7a45", width=6)
            scene.disc(x, top + 30 - tall, 15, COATS[(x + row) % len(COATS)])
            scene.disc(x, top + 30 - tall, 6, SUN)
    return scene


def fireside() -> Scene:
    """Draw people with coffee by a fire."""
    scene = Scene(WALL)
    scene.room()
    scene.box(380, 120, 640, 430, "#b8694f", round=6)
    scene.box(360, 100, 660, 130, WOOD)
    scene.box(430, 230, 590, 430, DARK, round=60)
    for x, y, size, fill in ((510, 395, 44, CORAL), (490, 405, 26, SUN), (535, 402, 24, SUN)):
        scene.shape((x - size, 430), (x, y - size * 2), (x + size, 430), fill=fill)
    scene.person(270, 560, 3, size=1.2)
    scene.person(760, 560, 0, size=1.2)
    scene.person(880, 575, 4, size=1.2)
    scene.disc(515, 505, 190, WOOD, flat=0.22)
    scene.box(500, 520, 530, 630, WOOD)
    for x, fill in ((420, DEEP), (600, PLUM), (520, SUN)):
        scene.mug(x, 500, fill)
    return scene


def tarn() -> Scene:
    """Draw swimmers in bright hats, in a lake among hills."""
    scene = Scene(SKY)
    scene.disc(790, 100, 52, SUN)
    scene.shape((0, 330), (210, 120), (430, 330), fill="#7d9c86")
    scene.shape((280, 330), (560, 70), (900, 330), fill="#94b29a")
    scene.shape((640, 330), (840, 170), (WIDE, 260), (WIDE, 330), fill="#7d9c86")
    scene.box(0, 325, WIDE, HIGH, WATER)
    for y in range(350, HIGH, 34):
        for x in range(y % 90, WIDE, 190):
            scene.line((x, y), (x + 70, y), fill="#9cc7d6", width=4)
    for n, (x, y) in enumerate(((170, 430), (330, 500), (480, 420), (640, 540), (800, 450))):
        scene.disc(x, y + 24, 54, "#a9d0dd", flat=0.35)
        scene.disc(x, y, 30, SKINS[n % len(SKINS)])
        scene.pen.pieslice(
            [(x - 32) * 2, (y - 36) * 2, (x + 32) * 2, (y + 26) * 2], 180, 360, fill=COATS[n]
        )
    return scene


def knitting() -> Scene:
    """Draw wool in every colour, and three people who talk."""
    scene = Scene(WALL)
    scene.room()
    for n, x in enumerate((340, 520, 700)):
        scene.person(x, 520, n + 2, size=1.2)
    scene.box(150, 455, WIDE - 100, 490, WOOD, round=8)
    scene.box(180, 490, WIDE - 130, HIGH, "#c08a55")
    for n, x in enumerate(range(210, WIDE - 140, 92)):
        fill = COATS[n % len(COATS)]
        scene.disc(x, 425, 36, fill)
        for dy in (-14, 0, 14):
            scene.line((x - 30, 425 + dy), (x + 30, 418 + dy), fill=WHITE, width=2)
    scene.line((390, 440), (470, 330), fill=DARK, width=6)
    scene.line((500, 440), (430, 330), fill=DARK, width=6)
    return scene


SCENES: dict[str, Callable[[], Scene]] = {
    "friday-voices": choir,
    "towpath-walkers": towpath,
    "soup-tuesday": soup,
    "dye-house-shed": shed,
    "highfold-plots": plots,
    "reading-room-coffee": fireside,
    "tarn-dippers": tarn,
    "loom-knit": knitting,
}


def main() -> None:
    """Write every picture."""
    PICTURES.mkdir(exist_ok=True)
    for name, scene in SCENES.items():
        small = scene().image.resize((WIDE, HIGH))
        small.save(PICTURES / f"{name}.jpg", quality=80, optimize=True)


if __name__ == "__main__":
    main()
