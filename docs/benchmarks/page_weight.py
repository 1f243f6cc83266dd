"""How much comes over the wire for a page of results and what it needs, gzipped as a proxy does.

python docs/benchmarks/page_weight.py
"""

import gzip
import logging
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from asset_hub.core import db  # noqa: E402
from asset_hub.demo import service as demo  # noqa: E402
from tests.browser.site import served  # noqa: E402

PAGES = ("/", "/find", "/find?q=company", "/find?q=my+husband+died&near=AV1+1BD")
NEEDED = (
    "vendor/hub.css", "js/site.js", "js/shelf.js", "vendor/govuk-frontend.min.js",
    "vendor/fonts/atkinson-latin-normal.woff2",
)  # fmt: skip


def main() -> None:
    print("| what | kB | kB gzipped |\n|---|---|---|")
    logging.disable(logging.CRITICAL)
    with served(Path(tempfile.mkdtemp()), demo=True) as site:
        with site.app.app_context(), db.transaction() as session:
            demo.fill(session, now=site.now)
        for path in PAGES:
            with urllib.request.urlopen(site.url + path) as answer:
                say(f"`{path}`", answer.read())
    for name in NEEDED:
        say(f"`{name}`", (ROOT / "static" / name).read_bytes())


def say(name: str, body: bytes) -> None:
    packed = len(body) if name.endswith("woff2`") else len(gzip.compress(body))
    print(f"| {name} | {len(body) / 1000:.1f} | {packed / 1000:.1f} |")


if __name__ == "__main__":
    main()
