"""What every page must be, checked each time any test opens one."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

UNNAMED = {"hidden", "submit", "button", "image", "reset"}
VENDOR = Path(__file__).parent.parent / "static" / "vendor"
STYLED = {
    name.replace("\\", "")
    for sheet in ("hub.css", "map.css")
    for name in re.findall(r"\.((?:govuk|hub)-(?:\\!|[\w-])+)", (VENDOR / sheet).read_text())
}
# Names that scripts look for, or that only say what a thing is
HOOKS = {
    "govuk-checkboxes", "govuk-file-upload--error", "govuk-js-character-count",
    "govuk-js-password-input-input", "govuk-js-password-input-toggle", "govuk-password-input",
    "govuk-radios", "govuk-table__body", "govuk-table__head", "govuk-table__row",
    "hub-card__why", "hub-mark",
}  # fmt: skip


class Page(HTMLParser):
    """The parts of a page the checks look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.headings: list[str] = []
        self.title = ""
        self.problems: list[str] = []
        self.scripts: list[dict[str, str]] = []
        self.lang = ""
        self.classes: set[str] = set()
        self._in: str = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids.update([found["id"]] if "id" in found else [])
        self.classes.update(found.get("class", "").split())
        if tag in {"input", "select", "textarea"} and found.get("type") not in UNNAMED:
            self.fields.append(found)
        elif tag == "label":
            self.labelled.add(found.get("for", ""))
        elif tag == "script":
            self.scripts.append(found)
        elif tag == "html":
            self.lang = found.get("lang", "")
        elif tag in {"h1", "title"}:
            self._in = tag
            self.headings += [""] if tag == "h1" else []
        if tag == "img" and "alt" not in found:
            self.problems.append("an image without alt")
        self.problems += [f"inline {name}" for name in found if name == "style" or name[:2] == "on"]

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "title":
            self.title += data
        if self._in == "h1":
            self.headings[-1] += data


def check_page(text: str, headers: Mapping[str, str]) -> None:
    """Fail unless the page has one h1, a title that starts with it, labels, unique ids, nonces."""
    page = Page(text)
    problems = page.problems
    problems += [f"id {key} twice" for key, count in page.ids.items() if count > 1]
    problems += list(_heading_problems(page))
    problems += [
        f"no label for {field.get('name')}"
        for field in page.fields
        if field.get("id") not in page.labelled and "aria-label" not in field
    ]
    policy = headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or "default-src 'none'" not in policy:
        problems.append("a weak content security policy")
    for script in page.scripts:
        known = f"'nonce-{script.get('nonce') or 'none'}'" in policy
        if script.get("type") != "application/json" and not known:
            problems.append(f"a script without the nonce: {script.get('src', 'inline')}")
    problems += [f"no style for {name}: run frontend/build" for name in sorted(_bare(page))]
    if not page.lang:
        problems.append("no language")
    assert not problems, problems


def _bare(page: Page) -> set[str]:
    """Return the names of ours that no rule is about; one look of several may be the plain one."""
    named = {name for name in page.classes if name.startswith(("govuk-", "hub-"))}
    looks = {name for name in named if name.startswith("hub-") and name.split("--")[0] in STYLED}
    return named - STYLED - HOOKS - looks


def _heading_problems(page: Page) -> Iterator[str]:
    if len(page.headings) != 1:
        yield f"{len(page.headings)} h1"
        return
    heading = " ".join(page.headings[0].split())
    title = " ".join(page.title.split()).removeprefix("Error: ")
    if not heading or not title.startswith(heading):
        yield f"title {title!r} does not start with h1 {heading!r}"
