"""`flask directory import`: a feed or a sheet into the directory, from the command line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError

from asset_hub.core import clock
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.reading.plan import Plan
from asset_hub.interop.run import command_line
from asset_hub.interop.run.command_line import Progress
from asset_hub.interop.run.tally import Tally


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--community", default="", help="The community (its slug) every service belongs to.")
@click.option("--source", default="", help="The name to remember the file's services by.")
@click.option("--mapping", type=click.Path(path_type=Path), help="A JSON file: columns of a CSV.")
@click.option("--every-warning", is_flag=True, help="Write out each warning, not only the first.")
@with_appcontext
def import_file(
    file: Path,
    dry_run: bool,
    community: str,
    source: str,
    mapping: Path | None,
    every_warning: bool,
) -> None:
    """Import an Open Referral UK feed (v1 or v3, JSON) or a CSV file.

    Run it again with a newer file: only what changed is written. docs/importing.md tells more.
    """
    now = clock.now()
    try:
        todo = command_line.plan(file, source=source, mapping=mapping, now=now)
        _introduce(todo)
        with _progress(todo) as progress:
            tally = command_line.run(
                todo, community=community, dry_run=dry_run, now=now, progress=progress
            )
    except Unreadable as problem:
        raise click.ClickException(str(problem)) from None
    except OperationalError as problem:
        raise click.ClickException(
            f"The database stopped the import: {problem.orig}. What was written before stays; "
            "run the same command again to complete it."
        ) from None
    for line in tally.lines(dry_run=dry_run, every_warning=every_warning):
        click.echo(line)
    if tally.stopped:
        raise SystemExit(1)


def _introduce(todo: Plan) -> None:
    click.echo(f"Importing {todo.opened.name} as “{todo.source}”.")
    if todo.opened.note:
        click.echo(todo.opened.note)
    if todo.mapping is None:
        return
    click.echo("Columns, as guessed from their names:" if todo.guessed else "Columns, as mapped:")
    for line in todo.mapping.lines():
        click.echo(f"  {line}")
    if todo.unused:
        click.echo(f"  not taken: {', '.join(todo.unused)}")


@contextmanager
def _progress(todo: Plan) -> Iterator[Progress]:
    """Yield what to call after each batch: a bar on a terminal, a line each in a log."""
    if not sys.stderr.isatty():

        def say(_: int, tally: Tally) -> None:
            click.echo(f"… {tally.rows:,} rows", err=True)

        yield say
        return
    bar = click.progressbar(length=todo.opened.size, label="Importing", file=sys.stderr)
    with bar:

        def move(done: int, _: Tally) -> None:
            bar.update(done - bar.pos)

        yield move
        bar.update(todo.opened.size - bar.pos)


def init_app(app: Flask) -> None:
    """Add the command to `flask directory`."""
    group = app.cli.commands.get("directory")
    if not isinstance(group, click.Group):
        group = AppGroup("directory", help="Look after listings.")
        app.cli.add_command(group)
    group.add_command(import_file)
