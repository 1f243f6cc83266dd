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
from asset_hub.communities.rules.postcodes import code_from, normalise, outcode_of, slug_from
from asset_hub.communities.rules.stories import opening

__all__ = [
    "BOUNDARY_LETTERS",
    "Boundary",
    "Point",
    "area",
    "boundary_from",
    "box",
    "code_from",
    "columns_of",
    "contains",
    "is_around_here",
    "normalise",
    "opening",
    "outcode_in",
    "outcode_of",
    "postcode_in",
    "slug_from",
]
