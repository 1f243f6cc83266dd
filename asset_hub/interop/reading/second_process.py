"""A file read and cleaned in a second process, while this one writes: the same rows, in order.

A process of its own, started afresh (not forked: this one holds database connections), which has
no database and no settings, only the file. It runs ahead by some chunks and ends when nobody
takes them any more. A short file is read here, which is quicker.
"""

import gc
import marshal
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from asset_hub.config import ROOT
from asset_hub.interop.reading import plan
from asset_hub.interop.reading.files import Opened, Unreadable
from asset_hub.interop.reading.plan import How, Plan, Read
from asset_hub.interop.reading.travelling import pack, unpack

CHUNK = 250
WORTH_IT = 2_000_000  # bytes; below, the other process costs more than it saves
PACKED = 8  # how much more is in a spreadsheet than its bytes say
AHEAD = 12  # chunks that wait to be written
PATIENCE = 60  # seconds for one chunk, of which most take a twentieth of one
ENDED = "the process that reads the file has ended"
TOO_SLOW = "The file takes too long to read: something in it goes on and on."


@dataclass(frozen=True, slots=True)
class Task:
    """What the second process is told."""

    file: int  # its descriptor, handed on
    name: str
    size: int
    source: str
    how: How
    start: int  # pieces to pass over


@contextmanager
def read_all(todo: Plan, *, start: int = 0) -> Iterator[Iterator[Read]]:
    """Yield what each piece of a file becomes, in order, without the first `start` of them."""
    size = todo.opened.size * (PACKED if todo.opened.zipped else 1)
    with _calm():
        if size < WORTH_IT or (os.cpu_count() or 1) < 2:
            yield map(todo.how.read, islice(todo.pieces, start, None))
            return
        opened = todo.opened
        file = opened.binary.fileno()
        task = Task(file, opened.name, opened.size, todo.source, todo.how, start)
        with _second_process(task) as process:
            yield _rows(process)


@contextmanager
def _calm() -> Iterator[None]:
    """Let memory be looked over seldom: rows come and go by hundreds, and hold no circles."""
    before = gc.get_threshold()
    gc.freeze()  # the site itself need not be looked over at all
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _second_process(task: Task) -> Iterator["queue.Queue[bytes]"]:
    """Yield what the other process says, until whoever reads has enough."""
    process = subprocess.Popen(  # noqa: S603 (ourselves)
        [sys.executable, "-c", f"from {__name__} import main; main()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, pass_fds=[task.file],
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    frames: queue.Queue[bytes] = queue.Queue(AHEAD)
    listening = threading.Thread(target=_listen, args=(process.stdout, frames), daemon=True)
    listening.start()
    try:
        with suppress(BrokenPipeError):  # it ended at once: `frames` says so
            pickle.dump(task, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            process.stdin.close()
        yield frames
    finally:
        process.kill()
        process.wait()
        while listening.is_alive():  # it only has to get rid of what it heard
            with suppress(queue.Empty):
                frames.get(timeout=0.02)
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.close()


def _listen(pipe: IO[bytes], frames: "queue.Queue[bytes]") -> None:
    """Take frames as they come: a pipe itself holds hardly any."""
    while size := pipe.read(4):
        frames.put(pipe.read(int.from_bytes(size, "big")))
    frames.put(b"")


def _rows(frames: "queue.Queue[bytes]") -> Iterator[Read]:
    while True:
        try:
            frame = frames.get(timeout=PATIENCE)
        except queue.Empty:
            raise Unreadable(TOO_SLOW) from None
        if not frame:
            raise OSError(ENDED)
        said = marshal.loads(frame)  # noqa: S302 (only ever between this file and itself)
        if said is None:
            return
        if isinstance(said, str):
            raise Unreadable(said)
        yield from map(unpack, said)


def main() -> None:
    """Read the file that standard input names, and tell its rows on standard output."""
    gc.set_threshold(50_000, 20, 100)  # rows hold no circles
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301 (only ever between this file and itself)
    with suppress(BrokenPipeError):  # whoever asked has ended
        try:
            _read(task)
        except Unreadable as problem:
            _tell(str(problem))


def _read(task: Task) -> None:
    binary = os.fdopen(task.file, "rb")
    binary.seek(0)
    opened = Opened(binary, task.name, task.size)
    how = task.how
    todo = plan.guess_plan(opened, source=task.source, mapping=how.mapping, now=how.now)
    pieces = islice(todo.pieces, task.start, None)
    while chunk := list(islice(pieces, CHUNK)):
        _tell([pack(how.read(piece)) for piece in chunk])
    _tell(None)


def _tell(thing: Any) -> None:
    frame = marshal.dumps(thing)
    sys.stdout.buffer.write(len(frame).to_bytes(4, "big") + frame)
    sys.stdout.buffer.flush()
