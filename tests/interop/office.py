"""Somebody who imports through the pages, and the worker behind them."""

import io
import json
import re
from typing import Any
from uuid import UUID

from sqlmodel import Session, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from asset_hub.accounts.models import Account
from asset_hub.interop.models import ImportRow, ImportRun, Outcome
from asset_hub.interop.run import working
from tests.conftest import Browser


class Office:
    """A coordinator at their desk: sends files, looks, decides."""

    def __init__(self, session: Session, browser: Browser, who: Account) -> None:
        self.session, self.browser = session, browser
        self.number = 0
        browser.sign_in(who)

    def send(
        self, content: Any, name: str = "feed.json", source: str = "council", **more: Any
    ) -> Any:
        """Send a file; return the answer."""
        if not isinstance(content, bytes):
            content = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.number += 1
        file = FileStorage(io.BytesIO(content), filename=name)
        form = {"file": file, "source": source, "once": f"o{self.number}"}
        boundary, body = encode_multipart({**form, **more})
        kind = f"multipart/form-data; boundary={boundary}"
        return self.browser.post("/import/file", data=body, content_type=kind)

    def run(self, content: Any, name: str = "feed.json", **more: Any) -> ImportRun:
        """Send a file and let the worker look at it; return the run."""
        answer = self.send(content, name, **more)
        assert answer.status_code == 303, answer.text
        key = UUID(answer.headers["Location"].rsplit("/", 1)[1])
        working.work()
        return self.at(key)

    def at(self, key: UUID) -> ImportRun:
        """Return a run as it is now."""
        self.session.expire_all()
        return self.session.get_one(ImportRun, key)

    def press(self, run: ImportRun, button: str, **form: Any) -> ImportRun:
        """Press a button of a run's page and let the worker work."""
        answer = self.browser.post(f"/import/{run.id}/{button}", data=form)
        assert answer.status_code == 303, answer.text
        working.work()
        return self.at(run.id)

    def imports(self, content: Any, name: str = "feed.json", **more: Any) -> ImportRun:
        """Send a file, look, say yes."""
        return self.press(self.run(content, name, **more), "go")

    def columns(self, run: ImportRun, **chosen: str) -> ImportRun:
        """Say what the columns are: what the page guessed, and what is chosen here.

        `column_name="Who"` says that the column “Who” is the name.
        """
        page = self.browser.get(f"/import/{run.id}/columns").text
        selects = re.findall(r'<select[^>]*name="([^"]+)"(.*?)</select>', page, re.S)
        form = {}
        for field, options in selects:
            found = re.search(r'<option value="([^"]*)" selected', options)
            form[field] = found[1] if found else ""
        labels = re.findall(r'<label[^>]* for="(of_[0-9]+)"[^>]*>\s*(.*?)\s*</label>', page, re.S)
        fields = {title: field for field, title in labels}
        for key in [key for key in chosen if key.startswith("column_")]:
            form[fields[chosen.pop(key)]] = key.removeprefix("column_")
        answer = self.browser.post(f"/import/{run.id}/columns", data=form | chosen)
        assert answer.status_code == 303, answer.text
        working.work()
        return self.at(run.id)

    def page(self, run: ImportRun, query: str = "") -> str:
        """Return a run's page."""
        found = self.browser.get(f"/import/{run.id}{query}")
        assert found.status_code == 200
        return found.text

    def rows(self, run: ImportRun, outcome: Outcome) -> list[ImportRow]:
        """Return a run's rows of one kind."""
        wanted = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.outcome == outcome)
        return list(self.session.exec(wanted.order_by(ImportRow.number)))  # type: ignore[arg-type]
