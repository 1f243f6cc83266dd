"""The shape of the code, kept by a test: layers, pure rules, one committer, small files."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "asset_hub"
LAYERS = (
    {"core"},
    {"communities"},
    {"accounts"},
    {"directory", "people", "volunteers"},
    {"search"},
    {"connections"},
    {"followups"},
    {"safeguarding", "insight", "interop"},
    {"privacy"},
    {"demo"},
)
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
FILES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT)
OPEN_TO_OTHERS = {"models", "queries", "service"}
ROOMS = {"models", "rules", "queries", "service", "forms", "views", "jobs", "commands", "__init__"}
OWN_ROOMS = {"core", "search", "interop", "demo"}  # the kernel, and one file per format or idea
EXTRA = {("directory", "topics")}  # our topics, as data
WEBLESS = {"models", "rules", "queries", "service"}
LAZY = {
    "folium", "branca", "apscheduler", "alembic", "openpyxl", "PIL", "webauthn", "icalendar",
    "holidays", "segno", "smtplib", "ssl", "signal", "cryptography",
}  # fmt: skip


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write absolute imports"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def capability(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def room(path: Path) -> str:
    """Return the room a file is in: itself, or the folder it has grown into."""
    return path.relative_to(ROOT).parts[1].removesuffix(".py")


def answers_requests(tree: ast.AST) -> bool:
    """Return whether a file holds views, whatever its room is called: search and interop name
    theirs by what they show.
    """
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    said = (ast.unparse(one) for node in functions for one in node.decorator_list)
    return any(one.startswith(("bp.", "views.bp.")) for one in said)


def asks_the_database(names: set[str]) -> list[str]:
    """Return the imports with which a file would write statements of its own."""
    makers = {"select", "insert", "update", "delete", "func", "text"}
    makers_of = {f"{library}.{one}" for library in ("sqlalchemy", "sqlmodel") for one in makers}
    return sorted(names & makers_of)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_capability_imports_only_from_below(path: Path) -> None:
    mine = capability(path)
    for name in imports(ast.parse(path.read_text())):
        if name.startswith("asset_hub."):
            theirs, file = (*name.split(".")[1:], "")[:2]
            if theirs in {"config", "create_app"}:
                continue
            assert theirs == mine or HEIGHT[theirs] < HEIGHT[mine], f"{mine} may not import {name}"
            assert theirs in {mine, "core"} or file in OPEN_TO_OTHERS, f"{name} is private"
            if theirs not in {mine, "core"} and len(name.split(".")) > 3:
                inner = name.split(".")[3]
                assert not (ROOT / theirs / file / f"{inner}.py").exists(), f"{name} is too deep"
                assert not inner.startswith("_"), f"{name} is private"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_is_in_a_room(path: Path) -> None:
    if capability(path) not in OWN_ROOMS and (capability(path), room(path)) not in EXTRA:
        assert room(path) in ROOMS, f"{room(path)} is no room: see DESIGN"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_kind_of_file_keeps_to_its_work(path: Path) -> None:
    source = path.read_text()
    found = set(imports(ast.parse(source)))
    roots = {name.split(".")[0] for name in found}
    if room(path) == "rules":
        assert not roots & {"flask", "sqlalchemy", "sqlmodel"}, "rules know nothing"
    if room(path) == "views" or (
        capability(path) != "core" and answers_requests(ast.parse(source))
    ):
        assert not asks_the_database(found), "ask queries or service"
        assert not [n for n in found if n.endswith(".rules")], "ask queries or service"
    if room(path) == "models":
        assert "__future__.annotations" not in found, "SQLModel relationships need real types"
    if room(path) in WEBLESS and capability(path) not in OWN_ROOMS:
        assert not roots & {"flask", "wtforms"}, "no web here"
        assert "asset_hub.core.clock" not in found, "take `today` or `now` as an argument"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_some_things_are_done_in_one_place_only(path: Path) -> None:
    source = path.read_text()
    roots = {name.split(".")[0] for name in imports(ast.parse(source))}
    if path not in {ROOT / "core" / "clock.py", ROOT / "core" / "jobs.py"}:
        for asking in ("datetime.now(", "date.today(", "time.time("):
            assert asking not in source, "only core/clock.py reads the clock"
    if path != ROOT / "core" / "db.py":
        assert ".commit(" not in source, "only core/db.py ends a transaction"
    if capability(path) != "search":
        assert not roots & {"folium", "branca"}, "user text would be run as a template (T1)"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_slow_imports_are_lazy(path: Path) -> None:
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            for name in imports(function):
                allowed = name.split(".")[0] in LAZY or name.startswith("asset_hub.search.map")
                assert allowed, f"import {name} at the top of the file"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 400
    shows = room(path) == "views" or answers_requests(ast.parse(source))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 50, f"{node.name} is too long"
            if shows and node.decorator_list:
                assert node.end_lineno - node.lineno <= 20, f"{node.name}: load, form, service, go"


def test_migrations_hold_what_they_run_and_call_nothing_of_ours() -> None:
    for path in (ROOT.parent / "migrations" / "versions").glob("*.py"):
        found = set(imports(ast.parse(path.read_text())))
        assert not {name for name in found if name.startswith("asset_hub")}, path.name
