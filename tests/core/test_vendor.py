"""What the browser is sent from other people's work: complete, unchanged, and only from here."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
LINES = [line.split("  ") for line in (VENDOR / "CHECKSUMS").read_text().splitlines()]


@pytest.mark.parametrize(("digest", "name"), LINES, ids=[name for _, name in LINES])
def test_every_vendored_file_is_the_one_that_was_built(digest: str, name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest


def test_nothing_is_vendored_without_a_checksum() -> None:
    there = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert there - {"CHECKSUMS"} == {name for _, name in LINES if not name.startswith("..")}


@pytest.mark.parametrize(
    "package", ["atkinson", "govuk-frontend", "htmx", "leaflet", "world-atlas"]
)
def test_every_package_keeps_its_licence(package: str) -> None:
    assert list((VENDOR / "licences").glob(f"{package}*.txt"))


def test_no_stylesheet_or_script_of_ours_reaches_outside() -> None:
    for path in [VENDOR / "hub.css", VENDOR / "map.css", *(STATIC / "js").glob("*.js")]:
        assert not re.findall(r"""(?:url\(|["'])\s*["']?(?:https?:)?//\w""", path.read_text()), path


def test_there_is_no_crown_and_no_government_font() -> None:
    assert not re.search(r"crown|GDS Transport|crest|nhs", (VENDOR / "hub.css").read_text(), re.I)
    assert not [p for p in STATIC.rglob("*") if re.search(r"crown|crest|govuk-icon", p.name)]


def test_the_font_is_ours_to_serve() -> None:
    named = re.findall(r'url\("?(fonts/[^")]+)', (VENDOR / "hub.css").read_text())
    assert len(named) == 4
    assert all((VENDOR / name).is_file() for name in named)


def test_the_outline_is_light() -> None:
    assert (STATIC / "geo" / "outline.geojson").stat().st_size < 200_000


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "frontend" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "registry" not in lock


def test_the_map_never_turns_data_into_html() -> None:
    script = (STATIC / "js" / "hub-map.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b", script)
    assert not re.search(r"bindTooltip|bindPopup\((?!function)", script)


STYLES = (VENDOR / "hub.css").read_text()


@pytest.mark.parametrize(
    "of",
    [".govuk-heading-xl", ".govuk-summary-list__value", ".govuk-link", ".hub-tag", ".hub-card"],
)
def test_a_name_of_one_long_word_never_widens_the_page(of: str) -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", STYLES)
    assert any(
        of in selectors.split(",") and "overflow-wrap:anywhere" in body for selectors, body in rules
    )


def test_a_chip_that_is_a_link_is_as_tall_as_a_finger() -> None:
    assert re.search(r"a\.hub-tag\{[^}]*min-height:2\.75rem", STYLES)


def test_without_javascript_there_is_no_empty_frame_of_a_map() -> None:
    styles = (VENDOR / "map.css").read_text()
    assert re.search(r"@media ?\(scripting: ?none\)\{\.hub-map[^}]*display:none", styles)
