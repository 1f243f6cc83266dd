"""Cut Atkinson Hyperlegible Next down to the weights and letters that our pages use.

python fonts.py FROM TO; both are folders. `frontend/build` calls it.

Two files stand for each style, and a browser fetches the second only for a page that has one of
its letters (`unicode-range` in scss/_fonts.scss): "latin" for English and its punctuation, with
the letters of Latin-1; "latin-ext" for Welsh, Polish, Romanian, Turkish and other Latin names.
Letters of other scripts are drawn by the reader's own fonts. No letter that the package has is
dropped; what goes are weights under 400 and over 750, which halves the files, and features
that no style of ours asks for.
"""

import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LIGHTEST, BOLDEST = 400, 750
FEATURES = ["ccmp", "kern", "locl", "mark", "mkmk", "tnum"]


def cut(source: Path) -> TTFont:
    """Return the font of a file, smaller."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(layout_features=FEATURES, hinting=False, notdef_outline=True)
    options.name_IDs = ["*"]  # whose it is and under which licence
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=font.getBestCmap())
    cutter.subset(font)
    font.flavor = None
    plain = BytesIO()
    font.save(plain)
    font = TTFont(BytesIO(plain.getvalue()), recalcTimestamp=False)
    return instancer.instantiateVariableFont(font, {"wght": (LIGHTEST, BOLDEST)})


def main(source: Path, target: Path) -> None:
    """Cut the fonts of a folder into another one."""
    for part in ("latin", "latin-ext"):
        for style in ("normal", "italic"):
            font = cut(source / f"atkinson-hyperlegible-next-{part}-wght-{style}.woff2")
            font.flavor = "woff2"
            font.save(target / f"atkinson-{part}-{style}.woff2")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
