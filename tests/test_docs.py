"""The documents say what is true: tests they name exist, commands they show are there."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", path.read_text())
}


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_every_test_a_document_names_exists(path: Path) -> None:
    named = set(re.findall(r"`(test_\w+)`", path.read_text()))
    assert named <= TESTS, f"gone: {sorted(named - TESTS)}"


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_every_make_target_and_command_a_document_shows_is_there(path: Path, app: Flask) -> None:
    text = path.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?\bmake ([a-z-]+)\b`?(?=[` ]*(?:#|$|`))", text, re.M)) <= targets
    for words in re.findall(r"flask (?:--app wsgi )?([a-z][a-z-]+)(?: ([a-z][a-z-]+))?", text):
        command = app.cli.commands.get(words[0])
        assert command, f"flask {words[0]} in {path.name}"
        if words[1] and hasattr(command, "commands"):
            assert words[1] in command.commands, f"flask {' '.join(words)} in {path.name}"


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", path.read_text()):
        assert (path.parent / target.split("#")[0]).exists(), f"{target} in {path.name}"
