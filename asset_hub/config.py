"""Settings, read once from the environment: safe on a laptop, strict in production."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from flask import current_app

ROOT = Path(__file__).parent.parent
VAR = ROOT / "var"
SITES = re.compile(r"'none'|\*|(https?://[\w*.:-]+)( https?://[\w*.:-]+)*")
ENVIRONMENTS = ("development", "test", "production")
SECOND_FACTOR = ("required", "offered")


class UnsafeSettings(Exception):
    """Say which setting must be given before the site may start in production."""


@dataclass(frozen=True)
class Settings:
    """Every setting, its type and its laptop default; each is read from a variable of its name."""

    env: str = "development"  # ENV: development, test or production
    site_name: str = "Asset Hub"
    site_url: str = "http://127.0.0.1:8000"  # where links in mails point
    secret_key: str = ""  # signs cookies and links
    data_key: str = ""  # encrypts what identifies a person; 64 hex digits
    database_url: str = ""
    smtp_url: str = ""  # smtp://user:password@host:port, or smtps://; empty keeps mail in var/mail
    mail_from: str = "hello@asset-hub.example"
    mail_dir: str = ""
    tile_url: str = ""  # a raster tile template; empty draws an outline map
    tile_attribution: str = ""
    tile_file: str = ""  # a PMTiles file of pictures, served by us where tile_url is not set
    embed_on: str = "*"  # the sites that may place our map in theirs, or 'none'
    proxies: int = 0  # how many proxies stand in front and set X-Forwarded-For
    ladder: bool = True  # asks those who run groups whether their listings are still right
    second_factor: str = "required"  # or offered: for a demonstration only
    demo: bool = False  # shows the demo accounts on the sign-in page; refused in production

    @property
    def production(self) -> bool:
        """Return whether real people's data is held here."""
        return self.env == "production"


def _typed(kind: object, text: str) -> str | int | bool:
    if kind in (bool, "bool"):
        return text.strip().lower() in {"1", "true", "yes", "on"}
    return int(text) if kind in (int, "int") else text


def settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; in production, raise UnsafeSettings rather than start with a weak one."""
    found = {
        field.name: _typed(field.type, environ[field.name.upper()])
        for field in fields(Settings)
        if environ.get(field.name.upper())
    }
    given = Settings(**found)  # type: ignore[arg-type]
    if given.env not in ENVIRONMENTS:
        raise UnsafeSettings(f"ENV must be one of {', '.join(ENVIRONMENTS)}")
    if given.second_factor not in SECOND_FACTOR:
        raise UnsafeSettings("SECOND_FACTOR must be required or offered")
    if not SITES.fullmatch(given.embed_on):
        raise UnsafeSettings(
            "EMBED_ON must be *, 'none', or https:// addresses with spaces between"
        )
    if given.production:
        _must_be_safe(given)
    elif given.site_url.startswith("https://"):
        raise UnsafeSettings("A site on https is a real one: set ENV=production")
    return _with_laptop_keys(given)


def _must_be_safe(given: Settings) -> None:
    missing = [
        name for name in ("secret_key", "data_key", "database_url") if not _value(given, name)
    ]
    if missing:
        raise UnsafeSettings("Set " + ", ".join(name.upper() for name in missing))
    if len(given.secret_key) < 32 or len(given.data_key) != 64:
        raise UnsafeSettings("SECRET_KEY wants 32 characters or more; DATA_KEY wants 64 hex digits")
    if given.demo:
        raise UnsafeSettings("DEMO shows passwords on the sign-in page: unset it in production")
    if given.second_factor != "required":
        raise UnsafeSettings("SECOND_FACTOR must be required where people are written about")
    if not given.site_url.startswith("https://"):
        raise UnsafeSettings("SITE_URL must start with https:// in production")


def _value(given: Settings, name: str) -> str:
    return str(getattr(given, name))


def _with_laptop_keys(given: Settings) -> Settings:
    """Fill what a laptop need not set: keys made once and kept, a database file, a mail folder."""
    return Settings(
        **{
            **vars(given),
            "secret_key": given.secret_key or _kept("secret.key"),
            "data_key": given.data_key or _kept("data.key"),
            "database_url": given.database_url or f"sqlite:///{VAR / 'asset_hub.db'}",
            "mail_dir": given.mail_dir or str(VAR / "mail"),
        }
    )


def _kept(name: str) -> str:
    """Return a random key that this laptop made at its first start."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    path = VAR / name
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def current_settings() -> Settings:
    """Return the settings of the running site."""
    found: Settings = current_app.extensions["settings"]
    return found
