"""What holds for every address and every template, whichever capability they belong to."""

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import nodes

from asset_hub.config import ROOT
from asset_hub.core.access import EVERYONE, SIGNED_IN, label_of
from asset_hub.core.powers import Can

TEMPLATES = sorted(
    str(path.relative_to(ROOT / "templates"))
    for path in (ROOT / "templates").rglob("*")
    if path.is_file()
)
SOURCES = sorted((ROOT / "asset_hub").rglob("*.py"))
WORD = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*(\.(json|geojson|csv|xlsx|ics|txt))?$")
PART = re.compile(r"^<(uuid|string|int|path):[a-z_]+>(\.(jpg|json))?$")
FORBIDDEN = {
    "trusts what somebody typed": re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\("),
    "has an inline handler": re.compile(r"<[^>{]*\son[a-z]+\s*="),
    "has an inline style": re.compile(r"<[^>]*\sstyle\s*="),
    "has a script address": re.compile(r"javascript:", re.IGNORECASE),
}
# A letter cannot load a stylesheet, so its layout may style itself.
MAY_STYLE = {"emails/_layout.html"}


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        label = label_of(view)
        known = label in (EVERYONE, SIGNED_IN) or isinstance(label, Can)
        assert known, f"{endpoint} carries no label: the gate refuses it to everyone"


def test_addresses_are_kebab_case_with_typed_parts(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for part in rule.rule.strip("/").split("/"):
            fine = not part or WORD.match(part) or PART.match(part)
            assert fine, f"{rule.rule}: {part}"
        assert rule.rule == "/" or not rule.rule.endswith("/"), rule.rule


def test_no_two_views_answer_one_address(app: Flask) -> None:
    seen: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        shape = re.sub(r":[a-z_]+>", ">", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            other = seen.setdefault((shape, method), rule.endpoint)
            assert other == rule.endpoint, f"{method} {rule.rule}: {other} and {rule.endpoint}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_links_only_to_pages_that_exist(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)
    source = (ROOT / "templates" / name).read_text()
    for endpoint in _linked(app.jinja_env.parse(source)):
        assert endpoint in app.view_functions, f"no page {endpoint}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_runs_nothing_that_somebody_typed(name: str) -> None:
    source = (ROOT / "templates" / name).read_text()
    for what, pattern in FORBIDDEN.items():
        if "style" in what and name in MAY_STYLE:
            continue
        found = pattern.search(source)
        assert not found, f"{what}: {found and found.group(0)}"
    for script in re.findall(r"<script[^>]*>", source):
        assert "nonce=" in script or "application/json" in script, script


def test_every_page_that_is_drawn_has_a_template() -> None:
    for path in SOURCES:
        for name in _drawn(ast.parse(path.read_text())):
            assert name in TEMPLATES, f"{path.relative_to(ROOT)} draws {name}"


def test_every_address_that_is_made_leads_to_a_view(app: Flask) -> None:
    blueprints = set(app.blueprints)
    for path in SOURCES:
        own = path.relative_to(ROOT / "asset_hub").parts[0]
        for endpoint in _made(ast.parse(path.read_text())):
            assert not endpoint.startswith(".") or own in blueprints, f"{path}: whose is {endpoint}"
            name = f"{own}{endpoint}" if endpoint.startswith(".") else endpoint
            assert name in app.view_functions, f"{path.relative_to(ROOT)}: no page {name}"


def test_a_wrong_address_would_be_seen() -> None:
    source = 'url_for(".a", x=1); url_for("b.c"); flask.url_for("d.e"); url_for(name); f(".g")'
    assert list(_made(ast.parse(source))) == [".a", "b.c", "d.e"]


def _made(tree: ast.AST) -> Iterator[str]:
    """Yield every endpoint that is named in a call of url_for."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="url_for") | ast.Attribute(attr="url_for"),
                args=[ast.Constant(value=str(endpoint)), *_],
            ):
                yield endpoint


def _linked(tree: nodes.Template) -> Iterator[str]:
    """Yield every endpoint that is named in a call of url_for."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for":
            target = call.args[0]
            if isinstance(target, nodes.Const):
                yield str(target.value)


def _drawn(tree: ast.AST) -> Iterator[str]:
    """Yield every template that is named in a call of render_template."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="render_template"), args=[ast.Constant(value=str(name)), *_]
            ):
                yield name
