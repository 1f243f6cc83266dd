"""Listings as sheets: for everybody what everybody may know, for a coordinator more."""

from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from flask import Response, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_
from sqlmodel import col

from asset_hub.communities import queries as communities
from asset_hub.core import audit, clock, db, throttle
from asset_hub.core.access import asks_again, me, needs, places, public, within
from asset_hub.core.powers import Can
from asset_hub.directory.models import Service
from asset_hub.interop import queries
from asset_hub.interop.exporting import sheets
from asset_hub.interop.exporting.sheets import Export
from asset_hub.interop.views.bp import bp

HOUR = timedelta(hours=1)
MOST_CSV, MOST_XLSX = 30, 6  # an hour and network: a spreadsheet is built, a CSV only read out
MOST_BUILT = 5_000  # groups in a spreadsheet for everybody; more come as CSV, which any can open
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/export/services.csv")
@public
def services_csv() -> ResponseReturnValue:
    """Give every published group, or a community's, as CSV."""
    export = _public()
    _count("csv", MOST_CSV)
    return _csv(export, "groups")


@bp.get("/export/services.xlsx")
@public
def services_xlsx() -> ResponseReturnValue:
    """Give every published group, or a community's, as a spreadsheet; very many as CSV."""
    export = _public()
    _count("xlsx", MOST_XLSX)
    if sheets.is_more(export, MOST_BUILT):
        return redirect(url_for(".services_csv", community=request.args.get("community")), 303)
    return _xlsx(export, "groups")


@bp.get("/export/patch.csv")
@needs(Can.IMPORT_LISTINGS)
@asks_again()
def patch_csv() -> ResponseReturnValue:
    """Give a coordinator everything of their community as CSV."""
    return _csv(_patch(), "patch")


@bp.get("/export/patch.xlsx")
@needs(Can.IMPORT_LISTINGS)
@asks_again()
def patch_xlsx() -> ResponseReturnValue:
    """Give a coordinator everything of their community as a spreadsheet."""
    return _xlsx(_patch(), "patch")


def _count(what: str, limit: int) -> None:
    """Count a download for everybody; raise TooOften, which says when to come back."""
    who = throttle.network(request.remote_addr or "")
    with db.transaction() as session:
        throttle.hit(session, f"export-{what}", who, limit=limit, per=HOUR, now=clock.now())


def _public() -> Export:
    slug = request.args.get("community", "")
    if not slug:
        return Export()
    community = communities.by_slug(db.session(), slug)
    return Export(col(Service.community_id) == community.id)


def _patch() -> Export:
    """Return what is within reach; the look at private contacts is written down."""
    private = frozenset(places(me(), Can.READ_PRIVATE_CONTACT, "community_id"))
    with db.transaction() as session:
        for community in queries.communities(session, me()):
            if community.id in private:
                audit.note(session, "export", community, by=me().id, now=clock.now())
    which = and_(within(Service, me(), Can.IMPORT_LISTINGS))
    return Export(which, ours=True, private_in=private)


def _csv(export: Export, name: str) -> Response:
    stream = stream_with_context(sheets.csv_of(export))
    return _named(Response(stream, mimetype="text/csv"), f"{name}.csv")


def _xlsx(export: Export, name: str) -> Response:
    return _named(Response(_pieces(sheets.workbook_of(export)), mimetype=XLSX), f"{name}.xlsx")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(1 << 16):
            yield piece


def _named(response: Response, name: str) -> Response:
    stem, _, ending = name.partition(".")
    dated = f"{stem}-{clock.today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{dated}"'
    return response
