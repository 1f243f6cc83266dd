"""The settings, their page in the docs, and what production refuses."""

import re
from dataclasses import fields

import pytest

from asset_hub.config import ROOT, Settings, UnsafeSettings, settings

SAFE = {
    "ENV": "production",
    "SECRET_KEY": "s" * 32,
    "DATA_KEY": "ab" * 32,
    "DATABASE_URL": "sqlite:////var/lib/asset-hub/asset_hub.db",
    "SITE_URL": "https://hub.example.org",
}


def documented() -> dict[str, str]:
    page = (ROOT / "docs" / "settings.md").read_text()
    site = page[page.index("## The site") : page.index("## Serving it")]
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? *\|", site, re.MULTILINE)
    return dict(rows)


def test_the_docs_name_every_setting_and_its_default() -> None:
    real = {
        f.name.upper(): str(f.default).replace("False", "false").replace("True", "true")
        for f in fields(Settings)
    }
    assert documented() == real


def test_every_setting_is_read_from_the_variable_of_its_name() -> None:
    found = settings(SAFE | {"PROXIES": "2", "SITE_NAME": "Marlow Hub"})
    assert (found.proxies, found.site_name, found.production) == (2, "Marlow Hub", True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"DATA_KEY": ""}, "Set DATA_KEY"),
        ({"DATABASE_URL": ""}, "Set DATABASE_URL"),
        ({"SECRET_KEY": "short"}, "32 characters"),
        ({"DATA_KEY": "abc"}, "64 hex digits"),
        ({"SITE_URL": "http://hub.example.org"}, "https://"),
        ({"DEMO": "1"}, "DEMO"),
    ],
)
def test_production_does_not_start_unsafe(change: dict[str, str], said: str) -> None:
    with pytest.raises(UnsafeSettings, match=said):
        settings(SAFE | change)


def test_the_example_for_a_server_is_safe_once_its_keys_are_filled_in() -> None:
    lines = (ROOT / "deploy" / "asset-hub.env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) <= {field.name.upper() for field in fields(Settings)}
    with pytest.raises(UnsafeSettings, match="SECRET_KEY, DATA_KEY"):
        settings(given)
    assert settings(given | {"SECRET_KEY": "s" * 32, "DATA_KEY": "ab" * 32}).production
