import json
from typing import Any

import pytest
from sqlmodel import Session

from asset_hub.communities import queries, rules
from asset_hub.communities.models import Community
from asset_hub.communities.rules import boundaries
from asset_hub.core.errors import RuleBroken
from tests.cast import Cast


def square(west: float, south: float, size: float) -> list[list[float]]:
    east, north = round(west + size, 6), round(south + size, 6)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


ASHBY = polygon(square(-2.4, 53.4, 0.2))


def test_a_point_is_inside_or_outside() -> None:
    assert rules.contains(ASHBY, 53.5, -2.3)
    assert not rules.contains(ASHBY, 53.7, -2.3)
    assert not rules.contains(ASHBY, 53.5, -2.5)


def test_a_hole_is_outside() -> None:
    ring = polygon(square(-2.4, 53.4, 0.2), square(-2.35, 53.45, 0.1))

    assert not rules.contains(ring, 53.5, -2.3)
    assert rules.contains(ring, 53.42, -2.38)


def test_either_part_of_a_multipolygon_holds_its_points() -> None:
    parts = {
        "type": "MultiPolygon",
        "coordinates": [[square(-2.4, 53.4, 0.1)], [square(-1.0, 52.0, 0.1)]],
    }

    assert rules.contains(parts, 53.45, -2.35)
    assert rules.contains(parts, 52.05, -0.95)
    assert not rules.contains(parts, 52.7, -1.7)


def test_a_feature_is_unwrapped_and_an_open_ring_closed() -> None:
    feature = {"type": "Feature", "geometry": polygon(square(-2.4, 53.4, 0.2)[:-1])}
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]})

    assert rules.boundary_from(collection) == ASHBY
    assert rules.boundary_from("  ") is None


def test_heights_and_needless_digits_are_dropped() -> None:
    given = polygon([[-2.40000001, 53.4, 80], [-2.2, 53.4, 80], [-2.2, 53.6, 80]])

    found = rules.boundary_from(json.dumps(given))
    assert found is not None
    assert found["coordinates"][0] == [[-2.4, 53.4], [-2.2, 53.4], [-2.2, 53.6], [-2.4, 53.4]]


@pytest.mark.parametrize(
    "pasted",
    [
        "hello", "[]", "{}", "null", "3", '"text"', "[" * 5000, '{"type": "Polygon"}',
        '{"type": "Point", "coordinates": [-2.3, 53.4]}',
        '{"type": "Polygon", "coordinates": []}', '{"type": "Polygon", "coordinates": [[]]}',
        '{"type": "Polygon", "coordinates": [[[-2.3, 53.4], [-2.2, 53.4]]]}',
        '{"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4]]]}',
        '{"type": "Polygon", "coordinates": [[[NaN, 53], [Infinity, 53], [-2, 53]]]}',
        '{"type": "Polygon", "coordinates": [[[true, false], [1, 2], [3, 4]]]}',
        '{"type": "Polygon", "coordinates": {"a": 1}}',
        '{"type": "MultiPolygon", "coordinates": [7]}',
        '{"type": "FeatureCollection", "features": []}',
        '{"type": "Feature", "geometry": null}',
        json.dumps(polygon([[53.4, -2.4], [53.4, -2.2], [53.6, -2.2]])),
        json.dumps(polygon([[1e308, 1e308]] * 4)), "9" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_boundary_is_refused_in_words(pasted: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.boundary_from(pasted)
    assert refused.value.field == "boundary"


def _with(community: Community, boundary: dict[str, Any]) -> None:
    community.boundary = boundary
    community.west, community.south, community.east, community.north = rules.box(boundary)


def test_where_boundaries_overlap_the_smaller_community_is_meant(
    session: Session, cast: Cast
) -> None:
    _with(cast.elsewhere, polygon(square(-3.0, 53.0, 1.0)))
    _with(cast.ashby, ASHBY)
    session.flush()

    assert queries.community_at(session, 53.5, -2.3) is cast.ashby
    assert queries.community_at(session, 53.1, -2.9) is cast.elsewhere
    assert queries.community_at(session, 51.5, -0.1) is None


def test_a_boundary_without_its_box_is_still_asked(session: Session, cast: Cast) -> None:
    cast.ashby.boundary = ASHBY
    session.flush()

    assert queries.community_at(session, 53.5, -2.3) is cast.ashby


def test_what_is_far_too_detailed_is_refused_before_each_corner_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[Any] = []

    def corner(at: Any) -> list[float]:
        looked.append(at)
        return [float(at[0]), float(at[1])]

    monkeypatch.setattr(boundaries, "_position", corner)
    long = [[-2.2 + n / 1e6, 53.5] for n in range(150_000)]
    with pytest.raises(RuleBroken, match="too detailed"):
        boundaries.slim(json.dumps({"type": "Polygon", "coordinates": [long]}), 900_000)
    assert looked == []
    square = [[-2.2, 53.5], [-2.1, 53.5], [-2.1, 53.6], [-2.2, 53.6], [-2.2, 53.5]] * 3_000
    many = [{"type": "Polygon", "coordinates": [square]} for _ in range(12)]
    collection = {"type": "FeatureCollection", "features": many}
    with pytest.raises(RuleBroken, match="keep only the shape of the community"):
        boundaries.slim(json.dumps(collection), 900_000)
    assert len(looked) == 75_000, "it stops as soon as it is too much"
