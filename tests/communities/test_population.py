"""How many people live inside a boundary, worked out from areas whose people were counted."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from asset_hub.communities import rules
from asset_hub.communities.models import AreaPopulation, Community
from tests.cast import Cast
from tests.communities.test_boundaries import ASHBY, polygon, square
from tests.conftest import Browser

TRAFFORD = Path(__file__).parents[3] / "shared" / "data" / "trafford"
MIDYEAR = date(2024, 6, 30)
needs_data = pytest.mark.skipif(
    not TRAFFORD.exists(), reason="the real data is not beside the project"
)
HOOK = polygon(  # a hollow shape: clipping by its sides one after another would fill it in
    [[0, 50], [0.3, 50], [0.3, 50.3], [0.2, 50.3], [0.2, 50.1], [0.1, 50.1], [0.1, 50.3], [0, 50.3],
     [0, 50]]
)  # fmt: skip


def share(shape: dict[str, Any], inside: dict[str, Any]) -> float:
    return rules.share_inside(shape, rules.edges_of(inside))


@pytest.mark.parametrize(
    ("shape", "inside", "exact"),
    [
        (polygon(square(0, 50, 0.1)), polygon(square(0, 50, 0.1)), 1),
        (polygon(square(0, 50, 0.1)), polygon(square(0.05, 50, 0.1)), 1 / 2),
        (polygon(square(0, 50, 0.1)), polygon(square(0.05, 50.05, 0.1)), 1 / 4),
        (polygon(square(0, 50, 0.1)), polygon(square(1, 50, 0.1)), 0),
        (polygon(square(0, 50, 0.3)), HOOK, 7 / 9),
        (polygon(square(0.1, 50.1, 0.1)), HOOK, 0),
        (HOOK, polygon(square(0, 50, 0.1)), 1 / 7),
        (polygon([[0, 50], [0.2, 50], [0, 50.2], [0, 50]]), polygon(square(0, 50, 0.1)), 1 / 2),
        (polygon(square(0, 50, 0.3)), polygon(square(0, 50, 0.3), square(0.1, 50.1, 0.1)), 8 / 9),
    ],
)
def test_a_share_of_land_is_right_to_half_a_percent(
    shape: dict[str, Any], inside: dict[str, Any], exact: float
) -> None:
    assert share(shape, inside) == pytest.approx(exact, abs=0.005)


def area(west: float, population: int) -> rules.SmallArea:
    return rules.SmallArea(polygon(square(west, 53.4, 0.2)), population, MIDYEAR)


def test_people_are_counted_by_the_share_of_their_area() -> None:
    found = rules.estimate(ASHBY, [area(-2.5, 1000), area(-2.3, 3000), area(-1.0, 9000)])
    assert found
    assert (found.population, found.areas) == (2000, 2)


def test_half_a_community_is_not_said_to_be_all_of_it() -> None:
    assert rules.estimate(ASHBY, [area(-2.3, 3000)]) is None
    assert rules.estimate(ASHBY, []) is None


def load(session: Session, *rows: tuple[str, float, int]) -> None:
    for code, west, people in rows:
        shape = polygon(square(west, 53.4, 0.2))
        w, s, e, n = rules.box(shape)
        session.add(
            AreaPopulation(
                code=code, population=people, counted_on=MIDYEAR, boundary=shape,
                west=w, south=s, east=e, north=n,
            )
        )  # fmt: skip
    session.commit()


def test_drawing_a_boundary_says_how_many_people_live_there(
    browser: Browser, session: Session, cast: Cast
) -> None:
    load(session, ("E1", -2.5, 1000), ("E2", -2.3, 23_600))
    browser.sign_in(cast.cora)
    browser.post(
        "/communities/ashby/boundary",
        data={"version": cast.ashby.version, "boundary": json.dumps(ASHBY)},
    )
    page = browser.get("/communities/ashby").text
    assert "About 12,300 (estimated from 2 small areas, mid-2024)" in page
    assert "Would two communities" not in page


def test_a_typed_number_wins_and_says_so(session: Session, cast: Cast) -> None:
    ashby = cast.ashby
    ashby.population, ashby.estimated_population = 9_000, 12_300
    ashby.estimated_areas, ashby.estimated_on = 8, MIDYEAR
    assert ashby.people_words == (
        "About 9,000, as its people say (12,300 estimated from 8 small areas, mid-2024)"
    )
    ashby.population = None
    assert ashby.people_words == "About 12,300 (estimated from 8 small areas, mid-2024)"
    ashby.estimated_population = 14_001
    assert ashby.is_too_large
    ashby.population = 13_000
    assert not ashby.is_too_large


def files(folder: Path, areas: Any, people: str) -> list[str]:
    (folder / "areas.geojson").write_text(json.dumps(areas))
    (folder / "people.csv").write_text(people)
    return ["places", "load-areas", str(folder / "areas.geojson"), str(folder / "people.csv")]


def feature(code: str, geometry: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"LSOA21CD": code, **more}, "geometry": geometry}


def test_areas_are_loaded_and_every_community_is_estimated(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    cast.ashby.boundary = ASHBY
    session.commit()
    found = {
        "type": "FeatureCollection",
        "features": [
            feature("E01000001", ASHBY, LSOA21NM="Ashby 001A"),
            feature("E01000002", {"type": "Point", "coordinates": [-2.0, 53.0]}, area=250_000),
            feature("E01000003", {"type": "LineString", "coordinates": []}),
            feature("E01000009", ASHBY),
            {"type": "Feature", "properties": {}, "geometry": ASHBY},
        ],
    }
    people = (
        "period,area_code,sex,all_ages\n2024-06-30,E01000001,Persons,\"1,234\"\n"
        "2024-06-30,E01000001,Females,600\n2024-06-30,E01000002,Persons,50\n"
        "2024-06-30,E01000003,Persons,50\n"
    )  # fmt: skip
    (tmp_path / "deciles.csv").write_text("lsoa21_code,IMD_decile\nE01000001,3\n")
    words = files(tmp_path, found, people)

    for _ in range(2):  # again changes nothing
        said = app.test_cli_runner().invoke(
            args=[*words, "--deciles", str(tmp_path / "deciles.csv")]
        )
        assert said.exit_code == 0, said.output

    assert "loaded              2" in said.output
    assert "E01000009 is not in the file of people" in said.output
    assert "has no code" in said.output
    assert "1 communities estimated, 1 could not be" in said.output
    first = session.get_one(AreaPopulation, "E01000001")
    assert (first.name, first.population, first.decile) == ("Ashby 001A", 1234, 3)
    square_of = session.get_one(AreaPopulation, "E01000002")
    assert (square_of.north - square_of.south) * 111_195 == pytest.approx(500, rel=0.01)
    session.refresh(cast.ashby)
    assert (cast.ashby.estimated_population, cast.ashby.estimated_areas) == (1234, 1)


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ("code,population\nE01000001,12\n", "give --as-of"),
        ("when,where\n1,2\n", "needs a column named"),
        ("code,population\nE01000001,many\n", "is not a number of people"),
    ],
)
def test_a_file_that_says_too_little_is_refused(
    app: Flask, session: Session, cast: Cast, tmp_path: Path, people: str, words: str
) -> None:
    found = {"type": "FeatureCollection", "features": [feature("E01000001", ASHBY)]}
    said = app.test_cli_runner().invoke(args=files(tmp_path, found, people))
    assert words in said.output
    assert session.exec(select(AreaPopulation)).all() == []


@needs_data
def test_traffords_localities_hold_about_as_many_as_trafford(
    app: Flask, session: Session, cast: Cast
) -> None:
    words = [
        "places", "load-areas", str(TRAFFORD / "trafford_lsoa_2021.geojson"),
        str(TRAFFORD / "population_2024_lsoa.csv"),
        "--deciles", str(TRAFFORD / "trafford_imd2025_lsoa21.csv"),
    ]  # fmt: skip
    localities = (TRAFFORD / "trafford_localities_2023.geojson").read_text()
    for place, shape in enumerate(rules.shapes_in(localities)):
        boundary = rules.boundary_from(localities, str(place))
        session.add(Community(name=shape.name, slug=shape.name.lower(), boundary=boundary))
    session.commit()

    said = app.test_cli_runner().invoke(args=words)

    assert said.exit_code == 0, said.output
    session.expire_all()
    areas = session.exec(select(AreaPopulation)).all()
    found = session.exec(select(Community).where(Community.boundary != None)).all()  # noqa: E711
    estimates = [one.estimated_population or 0 for one in found if one.estimated_population]
    assert (len(areas), len(estimates)) == (139, 4)
    assert sum(estimates) == pytest.approx(sum(area.population for area in areas), rel=0.02)
    assert all(area.decile for area in areas)
