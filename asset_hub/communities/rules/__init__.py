"""Decisions about places, made without a database: values in, values out."""

from asset_hub.communities.rules.boundaries import (
    BOUNDARY_LETTERS,
    Boundary,
    area,
    boundary_from,
    box,
    contains,
    is_around_here,
)
from asset_hub.communities.rules.gazetteer import Point, columns_of, outcode_in, postcode_in
from asset_hub.communities.rules.postcodes import normalise, outcode_of, slug_from

__all__ = [
    "BOUNDARY_LETTERS",
    "Boundary",
    "Point",
    "area",
    "boundary_from",
    "box",
    "columns_of",
    "contains",
    "is_around_here",
    "normalise",
    "outcode_in",
    "outcode_of",
    "postcode_in",
    "slug_from",
]
