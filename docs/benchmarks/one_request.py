"""One request at a time, without a network: the milliseconds the site itself works, at best.

`python docs/benchmarks/one_request.py [COUNT]`: fit for a machine that is busy with other things,
because the fastest of many tries is little disturbed.
"""

import logging
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

# ruff: noqa: E402 (the two folders above are not packages)
from flask import Flask
from places import fill
from werkzeug.test import Client

from asset_hub import create_app
from asset_hub.config import Settings

TRIES = 60
NEAR = "near=ZZ0+0AA"
PATHS = {
    "an answer without any work": "/livez",
    "words that few groups have": "/find.json?q=choir",
    "words that a third has": "/find.json?q=walking+group",
    "the same, blended with nearness": f"/find.json?q=walking+group&{NEAR}",
    "the nearest 20": f"/find.json?{NEAR}",
    "the nearest 20 of a topic within 3 miles": f"/find.json?{NEAR}&within=3&topic=music",
    "features of a viewport": "/find.geojson?bbox=-2.3,53.4,-2.2,53.5&zoom=16",
    "circles over every place": "/find.geojson?zoom=9",
    "the page, as a list": "/find?q=choir",
    "the page, with the map": "/find?q=choir&view=map",
}


def site(url: str) -> Flask:
    settings = Settings(
        env="test", secret_key="s" * 32, data_key="ab" * 32, database_url=url, mail_dir="/tmp"
    )
    return create_app(settings)


def best(client: Client, path: str) -> float:
    """Return the milliseconds of the fastest of many tries."""
    times = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        assert client.get(path).status_code == 200
        times.append(time.perf_counter() - begun)
    return min(times) * 1000


def main(count: int) -> None:
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/one.db"
        fill(url, count)
        client = Client(site(url))
        print("| what | ms |\n|---|---|")
        for what, path in PATHS.items():
            print(f"| {what}: `{path.split('&zoom')[0]}` | {best(client, path):.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
