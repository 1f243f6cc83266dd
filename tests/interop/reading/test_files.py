"""Files as people send them: odd letters, wrong formats, too large."""

import json
from pathlib import Path

import pytest

from asset_hub.interop.reading import files
from asset_hub.interop.reading.files import Opened, Unreadable, format_of
from tests.interop.feeds import Desk, counts, service


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("name\nCafé".encode(), "utf-8"),
        ("name\nCafé".encode("utf-8-sig"), "utf-8-sig"),
        ("name\nCafé".encode("utf-16"), "utf-16"),
        ("name\nCafé".encode("cp1252"), "cp1252"),
    ],
)
def test_letters_are_read_whatever_wrote_them(desk: Desk, content: bytes, encoding: str) -> None:
    path = desk.write("sheet.csv", content)
    opened = Opened.at(path)
    assert opened.encoding == encoding
    assert bool(opened.note) == (encoding == "cp1252")
    opened.close()
    assert counts(desk.imports(path)) == {"added": 1}
    assert desk.names() == ["Café"]


def test_bytes_that_are_no_letters_do_not_stop_a_feed(desk: Desk) -> None:
    feed = json.dumps([service(1, name="Caf@")]).encode().replace(b"@", b"\xe9\x81")
    assert counts(desk.imports(feed)) == {"added": 1}
    assert desk.names()[0].startswith("Caf")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.json", "[]", "json"), ("a", ' \n{"a": 1}', "json"), ("a.ndjson", '{"a": 1}', "lines"),
        ("a.jsonl", "x", "lines"), ("a.csv", "[x],y", "sheet"), ("a.tsv", "x\ty", "sheet"),
        ("a.dat", "x,y", "sheet"), ("a.json", "\ufeff[]", "json"),
    ],
)  # fmt: skip
def test_the_format_is_seen(desk: Desk, name: str, content: str, kind: str) -> None:
    opened = Opened.at(desk.write(name, content))
    assert format_of(opened) == kind
    opened.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"), (b"PK\x03\x04rest", "save it again"), (b"%PDF-1", "a PDF"),
        (b"\x1f\x8b\x08", "unpack it"), (b"<!DOCTYPE html>", "web page"),
        (b"\n\n", "no column names"),
        (b"\xd0\xcf\x11\xe0", "old spreadsheet"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_explained(desk: Desk, content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        desk.imports(content)


def test_a_file_that_is_not_there_is_explained(desk: Desk) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        desk.imports(desk.folder / "missing.json")
    with pytest.raises(Unreadable, match=r"not a file|cannot be opened"):
        desk.imports(desk.folder)


def test_a_file_that_is_too_large_is_explained(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_MEGABYTES", 0)
    with pytest.raises(Unreadable, match="Split it"):
        desk.imports([service(1)])


def test_a_mapping_is_only_for_sheets(desk: Desk) -> None:
    with pytest.raises(Unreadable, match="A mapping is for CSV"):
        desk.imports([service(1)], mapping={"columns": {"name": "x"}})


def test_how_far_a_file_is_read_is_known(desk: Desk, tmp_path: Path) -> None:
    opened = Opened.at(desk.write("a.csv", "name\n" + "x\n" * 100_000))
    first = opened.done
    opened.text.read()
    assert first < opened.done == opened.size
    opened.close()
    assert opened.done == opened.size
