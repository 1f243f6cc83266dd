"""A file read and cleaned in other processes, while this one writes: the same rows, in order.

Processes of their own, started afresh (not forked: this one holds database connections), which have
no database and no settings, only the file. What they must know of the site they ask here, where a
thread answers at once. Of a long file there are several: each goes through all of it, but only
cleans and works on its share of the chunks, which takes ten times as long as finding where they
end. They run ahead by some chunks and end when nobody takes them any more. A short file is read
here, which is quicker.
"""

import gc
import logging
import marshal
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from io import BufferedReader, RawIOBase
from itertools import cycle, islice
from typing import IO, Any

from asset_hub.config import ROOT
from asset_hub.interop.reading import plan
from asset_hub.interop.reading.files import Opened, Unreadable
from asset_hub.interop.reading.plan import Ahead, Ask, How, Piece, Plan, Read
from asset_hub.interop.reading.travelling import pack, unpack

log = logging.getLogger(__name__)
CHUNK = 250
ROWS, ASKS = b"r", b"a"  # how a frame begins
WORTH_IT = 2_000_000  # bytes; below, the other process costs more than it saves
PACKED = 8  # how much more is in a spreadsheet than its bytes say
WORTH_MORE = 4_000_000  # bytes; from here on, more than one of them
READERS = 4  # at most: then whoever writes is the slowest
AHEAD = 6  # chunks of each that wait to be written
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
    ahead: Ahead  # what else is done with what was read
    share: tuple[int, int] = (0, 1)  # which of the processes it is, of how many


@contextmanager
def read_all(todo: Plan, *, ahead: Ahead, answer: Ask, start: int = 0) -> Iterator[Iterator[Read]]:
    """Yield what each piece of a file becomes, in order, without the first `start` of them.

    `ahead` works on some of them at a time, here or there, and asks `answer` about the site.
    """
    size = todo.opened.size * (PACKED if todo.opened.zipped else 1)
    with _calm():
        if size < WORTH_IT or (os.cpu_count() or 1) < 2:
            pieces = islice(todo.pieces, start, None)
            yield (read for some in _chunks(pieces, todo.how, ahead, answer) for read in some)
            return
        opened = todo.opened
        file = opened.binary.fileno()
        task = Task(file, opened.name, opened.size, todo.source, todo.how, start, ahead)
        count = _readers(size)
        with ExitStack() as running:
            yield _rows([
                running.enter_context(_process(replace(task, share=(one, count)), answer))
                for one in range(count)
            ])  # fmt: skip


def _readers(size: int) -> int:
    """Return how many read: two on two processors, since what they do takes longer than writing."""
    return 1 if size < WORTH_MORE else min(READERS, max(2, (os.cpu_count() or 1) - 1))


def _chunks(
    pieces: Iterator[Piece], how: How, ahead: Ahead, ask: Ask, share: tuple[int, int] = (0, 1)
) -> Iterator[Sequence[Read]]:
    mine, of = share
    number = 0
    while some := list(islice(pieces, CHUNK)):
        if number % of == mine:
            yield ahead([how.read(piece) for piece in some], ask)
        number += 1


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
def _process(task: Task, answer: Ask) -> Iterator["queue.Queue[bytes]"]:
    """Yield what the other process says, until whoever reads has enough."""
    process = subprocess.Popen(  # noqa: S603 (ourselves)
        [sys.executable, "-c", f"from {__name__} import main; main()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, pass_fds=[task.file],
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    frames: queue.Queue[bytes] = queue.Queue(AHEAD)
    given = (process, frames, answer)
    listening = threading.Thread(target=_listen, args=given, daemon=True)
    listening.start()
    try:
        with suppress(BrokenPipeError):  # it ended at once: `frames` says so
            pickle.dump(task, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
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


def _listen(process: subprocess.Popen[bytes], frames: "queue.Queue[bytes]", answer: Ask) -> None:
    """Take frames as they come (a pipe itself holds hardly any); answer those that ask."""
    said, ear = process.stdout, process.stdin
    assert said
    assert ear
    while frame := _frame(said):
        if frame[:1] == ROWS:
            frames.put(frame[1:])
            continue
        what, keys = marshal.loads(frame[1:])  # noqa: S302 (only ever between this file and itself)
        try:
            _send(ear, marshal.dumps(answer(what, keys)))
        except Exception:
            log.exception("the process that reads a file got no answer")
            process.kill()
    frames.put(b"")


def _frame(pipe: IO[bytes]) -> bytes:
    size = pipe.read(4)
    return pipe.read(int.from_bytes(size, "big")) if len(size) == 4 else b""


def _send(pipe: IO[bytes], frame: bytes) -> None:
    pipe.write(len(frame).to_bytes(4, "big"))
    pipe.write(frame)
    pipe.flush()


def _rows(all_frames: Sequence["queue.Queue[bytes]"]) -> Iterator[Read]:
    """Yield rows, a chunk of each process in turn: the first that has no more is the end."""
    for frames in cycle(all_frames):
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
    binary: Any = BufferedReader(_OwnPlace(task.file), _OwnPlace.BUFFER)
    opened = Opened(binary, task.name, task.size)
    how = task.how
    todo = plan.guess_plan(opened, source=task.source, mapping=how.mapping, now=how.now)
    pieces = islice(todo.pieces, task.start, None)
    for some in _chunks(pieces, how, task.ahead, _ask, task.share):
        _tell(list(map(pack, some)))
    _tell(None)


class _OwnPlace(RawIOBase):
    """A file that several processes have open at once, each at a place of its own."""

    BUFFER = 1 << 18

    def __init__(self, file: int) -> None:
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        found = os.pread(self._file, len(into), self._at)
        into[: len(found)] = found
        self._at += len(found)
        return len(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._file).st_size}
        self._at = max(0, start[whence] + offset)
        return self._at

    def tell(self) -> int:
        return self._at


def _ask(what: str, keys: Sequence[Any]) -> dict[Any, Any]:
    """Ask the process that has the site."""
    _send(sys.stdout.buffer, ASKS + marshal.dumps((what, list(keys))))
    answer = _frame(sys.stdin.buffer)
    if not answer:
        raise BrokenPipeError
    found: dict[Any, Any] = marshal.loads(answer)  # noqa: S302 (only ever between this file and itself)
    return found


def _tell(thing: Any) -> None:
    _send(sys.stdout.buffer, ROWS + marshal.dumps(thing))
