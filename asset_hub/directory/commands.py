"""Commands for whoever runs the site. Capabilities above add theirs to the same group."""

import click
from flask import Flask
from flask.cli import AppGroup

from asset_hub.core import db
from asset_hub.directory import service

directory = AppGroup("directory", help="Look after listings.")


@directory.command("load-topics")
def load_topics() -> None:
    """Write the site's own topics; run again after an upgrade, it changes only what is new."""
    with db.transaction() as session:
        click.echo(f"{len(service.ensure_topics(session))} topics.")


def init_app(app: Flask) -> None:
    """Add `flask directory …`."""
    app.cli.add_command(directory)
