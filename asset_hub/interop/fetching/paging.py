"""A feed in pages: Open Referral UK gives some services at a time, and says how many pages.

The pages are put one after the other into one file, which is how `feed.items` reads several.
"""

import json
from pathlib import PurePosixPath
from typing import IO, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from asset_hub.interop.fetching.web import Got, Policy, Visit, fetch
from asset_hub.interop.reading.files import Unreadable
from asset_hub.interop.reading.open_referral import Thing
from asset_hub.interop.reading.texts import clean

MOST_PAGES = 2_000
LARGEST_PAGE = 20_000_000
NUMBERS, TOTALS = ("page_number", "number", "page"), ("total_pages", "totalPages")
ENDINGS = {"text/csv": ".csv", "application/json": ".json", "text/tab-separated-values": ".tsv"}


def read_feed(url: str, out: IO[bytes], policy: Policy) -> str:
    """Write a feed, with all of its pages, to a file; return a name for it."""
    visit = Visit(policy)
    got = fetch(url, out, visit)
    page = _page(out, 0)
    if page:
        _others(got, page, out, visit)
    return _name(got)


def _others(got: Got, page: Thing, out: IO[bytes], visit: Visit) -> None:
    """Add the pages after the first; they are asked of the same site, whatever the feed says."""
    number, total = _whole(page, NUMBERS), _whole(page, TOTALS)
    if total is None or number is None or total < 2:
        return
    if total > MOST_PAGES:
        raise Unreadable(f"The feed says that it has {total:,} pages; {MOST_PAGES:,} are read.")
    for _ in range(total - 1):
        number += 1
        out.write(b"\n")
        start = out.tell()
        fetch(_at(got, number), out, visit)
        found = _page(out, start)
        if not found or _whole(found, NUMBERS) != number:
            raise Unreadable(f"Page {number} of the feed is not there, or is another page.")


def _page(out: IO[bytes], start: int) -> Thing:
    """Return the page object that was written last; nothing for anything else."""
    end = out.seek(0, 2)
    out.seek(start)
    first = out.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")
    found: Any = None
    if first.startswith(b"{") and end - start <= LARGEST_PAGE:
        out.seek(start)
        try:
            found = json.loads(out.read(end - start))
        except (ValueError, RecursionError):
            found = None  # the import says what is wrong with it
    out.seek(0, 2)
    return found if isinstance(found, dict) else {}


def _whole(page: Thing, names: tuple[str, ...]) -> int | None:
    for name in names:
        found = clean.number(page.get(name))
        if found is not None and found.is_integer() and 0 <= found < 10**9:
            return int(found)
    return None


def _at(got: Got, number: int) -> str:
    parts = urlsplit(got.where.path)
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "page"]
    return f"{got.where.origin}{parts.path}?{urlencode([*asked, ('page', number)])}"


def _name(got: Got) -> str:
    name = PurePosixPath(unquote(got.where.path.partition("?")[0])).name or "feed"
    known = ENDINGS.get(got.kind, "")
    return name if "." in name or not known else name + known
