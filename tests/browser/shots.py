"""Take a picture of every page of the demo place, wide and narrow, for people to look at.

python -m tests.browser.shots FOLDER
"""

import logging
import re
import sys
import tempfile
from pathlib import Path

from asset_hub.core import db
from asset_hub.demo import service as demo
from tests.browser.chromium import chromium, window
from tests.browser.pages import ADMIN, COORDINATOR, NOBODY, addresses, send_some_links
from tests.browser.site import Site, served
from tests.browser.test_pages import sign_in

WIDTHS = {"wide": 1280, "narrow": 320}
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{43}")


def take(site: Site, folder: Path) -> int:
    """Write the pictures; return how many."""
    taken = 0
    with chromium() as browser:
        for who in (NOBODY, COORDINATOR, ADMIN):
            with window(browser) as (context, _):
                page = context.new_page()
                if who != NOBODY:
                    sign_in(page, site, f"{who}@demo.example")
                for path in addresses(site, who):
                    page.goto(site.url + path, wait_until="networkidle")
                    for name, width in WIDTHS.items():
                        page.set_viewport_size({"width": width, "height": 900})
                        file = folder / name / f"{who}{_named(path)}.png"
                        page.screenshot(path=file, full_page=True)
                        taken += 1
    return taken


def _named(path: str) -> str:
    words = IDS.sub("one", path).strip("/") or "home"
    return "-" + re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def main() -> None:
    """Fill a site of its own with the demo place and go round it."""
    folder = Path(sys.argv[1])
    with served(Path(tempfile.mkdtemp()), demo=True) as site:
        logging.disable(logging.CRITICAL)
        with site.app.app_context(), db.transaction() as session:
            demo.fill(session, now=site.now)
        send_some_links(site)
        sys.stdout.write(f"{take(site, folder)} pictures in {folder}\n")


if __name__ == "__main__":
    main()
