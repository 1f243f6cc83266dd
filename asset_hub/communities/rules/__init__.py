"""Decisions about places, made without a database: values in, values out."""

from asset_hub.communities.rules.boundaries import (
    BOUNDARY_LETTERS,
    Boundary,
    Shape,
    area,
    boundary_from,
    box,
    contains,
    is_around_here,
    shapes_in,
    slim,
)
from asset_hub.communities.rules.counting import Area, Count, areas_in, counts_in, deciles_in
from asset_hub.communities.rules.gazetteer import Point, columns_of, outcode_in, postcode_in
from asset_hub.communities.rules.holidays import LIKE, Holiday, checked, holidays_in
from asset_hub.communities.rules.postcodes import code_from, normalise, outcode_of, slug_from
from asset_hub.communities.rules.shares import (
    Estimate,
    SmallArea,
    edges_of,
    estimate,
    overlap,
    share_inside,
)
from asset_hub.communities.rules.stories import opening

__all__ = [
    "BOUNDARY_LETTERS",
    "LIKE",
    "Area",
    "Boundary",
    "Count",
    "Estimate",
    "Holiday",
    "Point",
    "Shape",
    "SmallArea",
    "area",
    "areas_in",
    "boundary_from",
    "box",
    "checked",
    "code_from",
    "columns_of",
    "contains",
    "counts_in",
    "deciles_in",
    "edges_of",
    "estimate",
    "holidays_in",
    "is_around_here",
    "normalise",
    "opening",
    "outcode_in",
    "outcode_of",
    "overlap",
    "postcode_in",
    "shapes_in",
    "share_inside",
    "slim",
    "slug_from",
]
