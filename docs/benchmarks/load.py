"""A small bounded load: some connections, each asking again as soon as it has its answer."""

import asyncio
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Result:
    """How fast a mix of questions was answered."""

    rate: float  # answers a second
    p50: float  # milliseconds
    p99: float
    size: int  # bytes of body, on average

    def row(self, name: str) -> str:
        """Return a row of a Markdown table."""
        return f"| {name} | {self.rate:,.0f} | {self.p50:.1f} | {self.p99:.1f} | {self.size:,} |"


HEAD = "| what | requests/s | p50 ms | p99 ms | bytes |\n|---|---|---|---|---|"


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(database_url: str, workers: int = 2) -> Iterator[int]:
    """Yield the port of the site on loopback, as gunicorn serves it in production."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": database_url, "SECRET_KEY": "s" * 32, "DATA_KEY": "ab" * 32, "ENV": "test",
        "HOST": "127.0.0.1", "PORT": str(port), "WEB_WORKERS": str(workers), "MAIL_DIR": "/tmp",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--config", "deploy/gunicorn.conf.py"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait(port: int) -> None:
    """Wait until somebody answers on a port."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the site did not start")


def load(port: int, paths: list[str], *, seconds: float = 5.0, connections: int = 8) -> Result:
    """Ask the paths round and round for some seconds, after a second to warm up."""
    asyncio.run(_ask(port, paths, 1.0, connections))
    return asyncio.run(_ask(port, paths, seconds, connections))


async def _body(reader: asyncio.StreamReader, head: str) -> int:
    """Read an answer to its end; return its bytes."""
    if "content-length: " in head:
        size = int(head.split("content-length: ")[1].split("\r\n")[0])
        await reader.readexactly(size)
        return size
    size = 0
    while piece := int(await reader.readline(), 16):
        await reader.readexactly(piece + 2)
        size += piece
    await reader.readline()
    return size


async def _ask(port: int, paths: list[str], seconds: float, connections: int) -> Result:
    times: list[float] = []
    sizes: list[int] = []
    following = itertools.cycle(paths)
    until = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            begun = time.perf_counter()
            path = next(following)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            if " 200 " not in head.split("\r\n")[0]:
                raise RuntimeError(f"{path}: {head}")
            size = await _body(reader, head)
            times.append(time.perf_counter() - begun)
            sizes.append(size)
            if "connection: close" in head:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    took = time.perf_counter() - begun
    times.sort()
    return Result(
        len(times) / took, times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000,
        sum(sizes) // len(sizes),
    )  # fmt: skip
