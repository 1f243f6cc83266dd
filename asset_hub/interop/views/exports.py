"""Listings as sheets: for everybody what everybody may know, for a coordinator more."""

from collections.abc import Iterator
from typing import IO

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy import and_
from sqlmodel import col

from asset_hub.communities import queries as communities
from asset_hub.core import audit, clock, db
from asset_hub.core.access import me, needs, places, public, within
from asset_hub.core.powers import Can
from asset_hub.directory.models import Service
from asset_hub.interop import exporting, queries
from asset_hub.interop.exporting import Export
from asset_hub.interop.views.bp import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/export/services.csv")
@public
def services_csv() -> ResponseReturnValue:
    """Give every published group, or a community's, as CSV."""
    return _csv(_public(), "groups")


@bp.get("/export/services.xlsx")
@public
def services_xlsx() -> ResponseReturnValue:
    """Give every published group, or a community's, as a spreadsheet."""
    return _xlsx(_public(), "groups")


@bp.get("/export/patch.csv")
@needs(Can.IMPORT_LISTINGS)
def patch_csv() -> ResponseReturnValue:
    """Give a coordinator everything of their community as CSV."""
    return _csv(_patch(), "patch")


@bp.get("/export/patch.xlsx")
@needs(Can.IMPORT_LISTINGS)
def patch_xlsx() -> ResponseReturnValue:
    """Give a coordinator everything of their community as a spreadsheet."""
    return _xlsx(_patch(), "patch")


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
    stream = stream_with_context(exporting.csv_of(export))
    return _named(Response(stream, mimetype="text/csv"), f"{name}.csv")


def _xlsx(export: Export, name: str) -> Response:
    return _named(Response(_pieces(exporting.workbook_of(export)), mimetype=XLSX), f"{name}.xlsx")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(1 << 16):
            yield piece


def _named(response: Response, name: str) -> Response:
    stem, _, ending = name.partition(".")
    dated = f"{stem}-{clock.today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{dated}"'
    return response
