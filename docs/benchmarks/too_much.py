"""How an import ends that is too much: `python docs/benchmarks/too_much.py`.

Files of a million rows and files made to do harm go the way of a file sent through a page: kept,
then looked at by the worker. Each is a process of its own. Prints how it ended, the seconds and
processor seconds of keeping and looking, and the peak of memory above the start.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
MILLION = 1_000_000
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
    '<sheet name="Groups" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)


def book(path: Path, rows: Iterator[str], texts: Iterable[str] = ()) -> None:
    """Write a spreadsheet of rows that are XML already."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("[Content_Types].xml", TYPES)
        made.writestr("xl/workbook.xml", BOOK)
        made.writestr("xl/_rels/workbook.xml.rels", RELS)
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for row in rows:
                sheet.write(row.encode())
            sheet.write(b"</sheetData></worksheet>")
        with made.open("xl/sharedStrings.xml", "w", force_zip64=True) as table:
            table.write(f'<sst xmlns="{MAIN}">'.encode())
            for words in texts:
                table.write(f"<si><t>{words}</t></si>".encode())
            table.write(b"</sst>")


def cells(*words: str) -> str:
    inside = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in words)
    return f"<row>{inside}</row>"


def million_csv(path: Path) -> None:
    with path.open("w") as file:
        file.write("id,name,postcode\n")
        file.writelines(f"{n},Choir {n},ZZ1 1AA\n" for n in range(MILLION))


def million_json(path: Path) -> None:
    with path.open("w") as file:
        file.write("[")
        file.writelines(f'{"," * bool(n)}{{"id":"{n}","name":"Choir {n}"}}' for n in range(MILLION))
        file.write("]")


def million_xlsx(path: Path) -> None:
    header = cells("id", "name", "postcode")
    book(path, (header if not n else cells(str(n), f"Choir {n}", "ZZ1") for n in range(MILLION)))


def wide_csv(path: Path) -> None:
    names = ",".join(["name", *(f"column {n}" for n in range(2_000))])
    row = ",".join(["Choir", *("x" for _ in range(2_000))])
    path.write_text("\n".join([names, *([row] * 14_000)]))


def long_cells(path: Path) -> None:
    row = "Choir,<p>" + "we sing &amp; walk <b>" * 40_000 + "\n"
    path.write_text("name,description\n" + row * 60)


def deep_json(path: Path) -> None:
    deep = '{"id":"x","name":' + "[" * 900_000 + "]" * 900_000 + "}"
    path.write_text("[" + ",".join([deep] * 30) + "]")


def open_json(path: Path) -> None:
    path.write_text("[" + '{"a":[' * 8_000_000)


def shared_strings(path: Path) -> None:
    book(path, iter([cells("name", "about")]), ("x" * 3 for _ in range(1_990_000)))


def at_the_limit(path: Path) -> None:
    header = cells(*(["name"] + [f"column {n}" for n in range(54)]))
    row = cells("Choir", *("some words" for _ in range(54)))
    book(path, (header if not n else row for n in range(199_000)))


def bomb(path: Path) -> None:
    book(path, (cells(" " * 1_000_000) for _ in range(390)))


CASES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a million rows, CSV": ("m.csv", million_csv),
    "a million services, JSON": ("m.json", million_json),
    "a million rows, XLSX": ("m.xlsx", million_xlsx),
    "2,000 columns, CSV": ("wide.csv", wide_csv),
    "cells of a million letters, CSV": ("long.csv", long_cells),
    "JSON 900,000 deep, 30 times": ("deep.json", deep_json),
    "JSON that only opens": ("open.json", open_json),
    "1,990,000 texts, XLSX": ("texts.xlsx", shared_strings),
    "199,000 rows of 55 cells, XLSX": ("limit.xlsx", at_the_limit),
    "a bomb of spaces, XLSX": ("bomb.xlsx", bomb),
}


def measure(path: Path) -> None:
    """Send a file and look at it; print what it took, as JSON."""
    from sqlmodel import Session, SQLModel, func, select

    from asset_hub import create_app
    from asset_hub.core import clock, db
    from asset_hub.core.errors import RuleBroken
    from asset_hub.directory.models import Service
    from asset_hub.interop import service
    from asset_hub.interop.models import ImportRow, ImportRun
    from asset_hub.interop.run import working
    from tests.cast import Cast

    app = create_app()
    with app.app_context():
        SQLModel.metadata.create_all(db.engine())
        with Session(db.engine()) as session:
            cast = Cast(session)
            community, cora = cast.ashby.id, cast.cora.id
            session.commit()
        before, start, busy = peak(), time.perf_counter(), cpu()
        said, rows = "", 0
        try:
            with db.transaction() as session, path.open("rb") as file:
                run = service.start(
                    session, file, file_name=path.name, source="x", community_id=community,
                    by=cora, now=clock.now(), once="1",
                )  # fmt: skip
        except RuleBroken as broken:
            said = broken.message
        kept = time.perf_counter() - start
        working.work()
        took, used = time.perf_counter() - start, cpu() - busy
        with Session(db.engine()) as session:
            if not said:
                run = session.exec(select(ImportRun)).one()
                said = f"{run.stage.value}: {run.message}"
            rows = session.exec(select(func.count()).select_from(ImportRow)).one()
            services = select(func.count()).where(Service.source.is_not(None))  # type: ignore[union-attr]
            assert session.exec(services).one() == 0
    print(json.dumps([said, rows, kept, took, used, peak() - before]))


def peak() -> int:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss // 1024 for one in whose)


def cpu() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(one)[:2]) for one in whose)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--measure"]:
        measure(Path(arguments[1]))
        return
    for title, (name, make) in CASES.items():
        if arguments and not any(word in title for word in arguments):
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            make(path)
            settings = {"ENV": "test", "SECRET_KEY": "s" * 32,
                        "DATABASE_URL": f"sqlite:///{folder}/b.db"}  # fmt: skip
            done = subprocess.run(
                [sys.executable, __file__, "--measure", str(path)], cwd=ROOT,
                env={**os.environ, **settings}, capture_output=True, text=True,
            )  # fmt: skip
            if done.returncode:
                print(title, done.stderr[-800:])
                continue
            said, rows, kept, took, used, memory = json.loads(done.stdout.splitlines()[-1])
            print(
                f"{title:<34}{path.stat().st_size / 1e6:>6.1f} MB  kept {kept:>4.1f} s, ended in "
                f"{took:>5.1f} s, processor {used:>5.1f} s, {memory:>4} MB more, {rows:,} rows: "
                f"{said[:90]}", flush=True,
            )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
