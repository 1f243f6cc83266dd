import stat
from pathlib import Path

import pytest

from asset_hub import config
from asset_hub.config import UnsafeSettings, settings

GOOD = {
    "ENV": "production",
    "SECRET_KEY": "s" * 32,
    "DATA_KEY": "ab" * 32,
    "DATABASE_URL": "postgresql://hub@db/hub",
    "SITE_URL": "https://hub.example",
}


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(config, "VAR", tmp_path / "var")
    return tmp_path / "var"


def test_production_starts_with_strong_settings() -> None:
    found = settings(GOOD)
    assert found.production
    assert found.database_url == GOOD["DATABASE_URL"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"DATA_KEY": ""}, "DATA_KEY"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"SECRET_KEY": "short"}, "32 characters"),
        ({"DATA_KEY": "ab" * 31}, "64 hex digits"),
        ({"DEMO": "yes"}, "DEMO"),
        ({"SECOND_FACTOR": "offered"}, "must be required where people"),
        ({"SECOND_FACTOR": "off"}, "must be required or offered"),
        ({"SITE_URL": "http://hub.example"}, "https://"),
        ({"SITE_URL": ""}, "https://"),
        ({"ENV": "Production"}, "ENV must be one of"),
        ({"ENV": "prod"}, "ENV must be one of"),
        ({"ENV": "development"}, "set ENV=production"),
    ],
)
def test_production_refuses_to_start_weak(change: dict[str, str], says: str) -> None:
    with pytest.raises(UnsafeSettings, match=says):
        settings(GOOD | change)


def test_the_refusal_does_not_show_the_keys() -> None:
    with pytest.raises(UnsafeSettings) as caught:
        settings(GOOD | {"SECRET_KEY": "almost-secret"})
    assert "almost-secret" not in str(caught.value)


def test_a_laptop_needs_no_settings_and_keeps_its_keys(laptop: Path) -> None:
    first, second = settings({}), settings({})
    assert first == second
    assert (len(first.secret_key), len(first.data_key)) == (64, 64)
    assert first.secret_key != first.data_key
    assert first.database_url.startswith("sqlite:///")
    assert stat.S_IMODE((laptop / "data.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(laptop.stat().st_mode) == 0o700


def test_each_setting_has_its_type(laptop: Path) -> None:
    found = settings({"PROXIES": "2", "DEMO": "TRUE", "SITE_NAME": "Hub", "SMTP_URL": ""})
    assert (found.proxies, found.demo, found.site_name, found.smtp_url) == (2, True, "Hub", "")
    assert settings({"DEMO": "0"}).demo is False
