"""Rows cleaned in a second process, while this one writes: the same rows, in the same order.

A process of its own, started afresh (not forked: this one holds database connections), which has
no database and no settings. It takes pieces on its standard input and ends when that does, so it
never outlives whoever started it. A short file is cleaned here, which is quicker.
"""

import marshal
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import IO, Any

from asset_hub.config import ROOT
from asset_hub.interop.reading.plan import How, Piece, Read
from asset_hub.interop.reading.travelling import pack, unpack

CHUNK = 250
WORTH_IT = 3_000  # pieces; below, the other process costs more than it saves
AHEAD = 8  # chunks on their way


@contextmanager
def read_all(pieces: Iterable[Piece], how: How) -> Iterator[Iterator[Read]]:
    """Yield what each piece becomes, in order."""
    stream = iter(pieces)
    first = list(islice(stream, WORTH_IT))
    if len(first) < WORTH_IT or (os.cpu_count() or 1) < 2:
        yield map(how.read, chain(first, stream))
        return
    with _second_process() as process:
        answers = _ask(process, chain(first, stream), how)
        try:
            yield answers
        finally:
            answers.close()


@contextmanager
def _second_process() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(  # noqa: S603 (ourselves)
        [sys.executable, "-c", f"from {__name__} import main; main()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                _shut(pipe)
        process.wait()


def _shut(pipe: IO[bytes]) -> None:
    with suppress(OSError):  # what was still to be written has nobody to read it
        pipe.close()


def _ask(
    process: "subprocess.Popen[bytes]", pieces: Iterable[Piece], how: How
) -> Generator[Read, None, None]:
    """Send chunks from a thread of their own, so that neither process waits for the other."""
    assert process.stdin
    assert process.stdout
    sending, turns = process.stdin, threading.Semaphore(AHEAD)
    trouble: queue.SimpleQueue[BaseException] = queue.SimpleQueue()

    def send() -> None:
        try:
            _dump(how, sending)
            stream = iter(pieces)
            while chunk := list(islice(stream, CHUNK)):
                turns.acquire()
                _dump(chunk, sending)
            _dump(None, sending)
        except BaseException as problem:  # told to whoever reads
            trouble.put(problem)
            _shut(sending)

    threading.Thread(target=send, daemon=True).start()
    try:
        while (found := _hear(process.stdout)) is not None:
            yield from map(unpack, found)
            turns.release()
    except EOFError:
        trouble.put(OSError("the process that cleans rows has ended"))
    finally:
        turns.release(AHEAD)  # whoever still wants to send finds nobody there, and ends
    if not trouble.empty():
        raise trouble.get()


def _dump(thing: Any, pipe: IO[bytes]) -> None:
    pickle.dump(thing, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _tell(thing: Any, pipe: IO[bytes]) -> None:
    marshal.dump(thing, pipe)
    pipe.flush()


def _hear(pipe: IO[bytes]) -> Any:
    return marshal.load(pipe)  # noqa: S302 (only ever between this file and itself)


def _load(pipe: IO[bytes]) -> Any:
    return pickle.load(pipe)  # noqa: S301 (only ever between this file and itself)


def main() -> None:
    """Clean what comes on standard input until it ends."""
    asked, answer = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError, pickle.UnpicklingError, BrokenPipeError):  # whoever asked has ended
        how: How = _load(asked)
        while (chunk := _load(asked)) is not None:
            _tell([pack(how.read(piece)) for piece in chunk], answer)
        _tell(None, answer)
