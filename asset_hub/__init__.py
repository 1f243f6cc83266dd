"""Asset Hub: a community lists what it has, and people are connected to it."""

from typing import Any

from flask import Flask

from asset_hub import (
    accounts,
    communities,
    connections,
    demo,
    directory,
    followups,
    interop,
    people,
    privacy,
    search,
    volunteers,
)
from asset_hub.config import Settings, settings
from asset_hub.core import (
    access,
    commands,
    cookieless,
    crypto,
    db,
    faults,
    hatches,
    health,
    jobs,
    logs,
    pages,
    serving,
)

KERNEL = (
    db, crypto, logs, cookieless, pages, faults, health, access, jobs, commands, serving, hatches,
)  # fmt: skip
CAPABILITIES = (
    communities, accounts, directory, people, volunteers, search, connections, followups, interop,
    privacy, demo,
)  # fmt: skip


def create_app(given: Settings | None = None, **flask_config: Any) -> Flask:
    """Build the site: settings first, then the kernel, then every capability."""
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.extensions["settings"] = found = given or settings()
    app.config.from_mapping(
        SECRET_KEY=found.secret_key,
        SESSION_COOKIE_SECURE=found.production,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="__Host-hub" if found.production else "hub",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        **flask_config,
    )
    for part in (*KERNEL, *CAPABILITIES):
        part.init_app(app)
    return app
