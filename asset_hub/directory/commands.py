"""Commands for whoever runs the site. Capabilities above add theirs to the same group."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from asset_hub.core import bounces, clock, db, outbox
from asset_hub.directory import service

directory = AppGroup("directory", help="Look after listings.")


@directory.command("load-topics")
def load_topics() -> None:
    """Write the site's own topics; run again after an upgrade, it changes only what is new."""
    with db.transaction() as session:
        click.echo(f"{len(service.ensure_topics(session))} topics.")


@directory.command("bounced")
@click.argument("address", default="")
def bounced(address: str) -> None:
    """Take note that mail to ADDRESS comes back, or read a mail server's report of it.

    Without ADDRESS a delivery status notification is read from standard input, so that the mail
    host can hand over whatever comes to the site's sender address. It never fails: a mail host
    would answer with one more mail.
    """
    now = clock.now()
    with db.transaction() as session:
        if address:
            click.echo(f"{service.cannot_be_written_to(session, address, now=now)} listings.")
            return
        found = bounces.read(sys.stdin.buffer.read(bounces.LONGEST))
        known = [
            one
            for one in found
            if outbox.came_back(session, one.message, status=one.status, now=now)
        ]
        click.echo(f"{len(known)} of our letters came back.")


def init_app(app: Flask) -> None:
    """Add `flask directory …`."""
    app.cli.add_command(directory)
