"""Where a community begins and ends: drawn, uploaded, pasted, and what is said of it."""

import json
import re
from io import BytesIO
from time import process_time
from typing import Any

import pytest
from sqlmodel import Session

from asset_hub.communities import rules, service
from asset_hub.communities.forms import BoundaryForm
from asset_hub.communities.rules.boundaries import crossing
from asset_hub.core.errors import RuleBroken
from tests.cast import NOW, Cast
from tests.communities.test_boundaries import ASHBY, polygon, square
from tests.conftest import Browser

URL = "/communities/ashby/boundary"
BOW_TIE = polygon([[-2.4, 53.4], [-2.2, 53.6], [-2.2, 53.4], [-2.4, 53.6], [-2.4, 53.4]])


def upload(geojson: Any, name: str = "wards.geojson") -> tuple[BytesIO, str]:
    text = geojson if isinstance(geojson, bytes) else json.dumps(geojson).encode()
    return BytesIO(text), name


def collection(**shapes: dict[str, Any]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"id": 7, "WD23NM": name}, "geometry": shape}
        for name, shape in shapes.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def send(browser: Browser, cast: Cast, **data: Any) -> Any:
    version = {"version": cast.ashby.version}
    return browser.post(URL, data=version | data, content_type="multipart/form-data")


def test_cora_draws_the_boundary_of_ashby_and_its_middle_moves_into_it(
    browser: Browser, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    page = browser.get(URL).text
    assert "data-draw-map" in page
    assert 'name="which"' not in page, "there is nothing to choose yet"

    answer = send(browser, cast, boundary=json.dumps(ASHBY))

    assert answer.location == "/communities/ashby"
    assert (cast.ashby.boundary, cast.ashby.west) == (ASHBY, -2.4)
    assert (cast.ashby.latitude, cast.ashby.longitude) == pytest.approx((53.5, -2.3))


def test_a_middle_that_lies_inside_stays(browser: Browser, session: Session, cast: Cast) -> None:
    cast.ashby.latitude, cast.ashby.longitude = 53.45, -2.35
    session.commit()
    browser.sign_in(cast.cora)
    send(browser, cast, boundary=json.dumps(ASHBY))
    assert (cast.ashby.latitude, cast.ashby.longitude) == (53.45, -2.35)


def test_ada_draws_it_too_and_nobody_from_elsewhere(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.ada)
    assert send(browser, cast, boundary=json.dumps(ASHBY)).status_code == 302
    browser.sign_in(cast.dora)
    assert browser.get(URL).status_code == 404
    assert send(browser, cast, boundary="").status_code == 404
    for account in (cast.cath, cast.ben):
        browser.sign_in(account)
        assert browser.get(URL).status_code == 403
    assert cast.ashby.boundary == ASHBY


def test_a_file_of_one_shape_is_taken_at_once(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    answer = send(browser, cast, file=upload(collection(Ashby=ASHBY)), boundary="")
    assert answer.status_code == 302
    assert cast.ashby.boundary == ASHBY


def test_of_several_shapes_one_is_chosen_by_name_and_the_file_is_not_asked_for_again(
    browser: Browser, cast: Cast
) -> None:
    browser.sign_in(cast.cora)
    other = polygon(square(-2.0, 53.0, 0.1))
    file = collection(Bucklow=other, Ashby=ASHBY)
    file["features"].append({"type": "Feature", "geometry": {"type": "Point", "coordinates": []}})

    asked = send(browser, cast, file=upload(file), boundary="", which="1")

    assert asked.status_code == 422
    assert "Choose which of the 2 shapes is the boundary" in asked.text
    assert ">Bucklow</option>" in asked.text
    assert cast.ashby.boundary is None, "a choice made before the upload was of something else"
    kept = rules.slim(json.dumps(file), 10_000)
    answer = send(browser, cast, boundary=kept, which="1")
    assert answer.status_code == 302
    assert cast.ashby.boundary == ASHBY


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (upload(b"\xff\xfe\x00"), "Give the boundary as GeoJSON"),
        (upload(b"<kml/>"), "Give the boundary as GeoJSON"),
        (upload({"type": "Point", "coordinates": [-2, 53]}), "There is no Polygon"),
        (upload(ASHBY, "wards.zip"), "The selected file must be a GEOJSON or JSON"),
        (upload(b""), "The selected file is empty"),
        (upload(b" " * 1_001), "must be smaller than 1 kB"),
    ],
)
def test_a_file_that_is_no_boundary_is_refused_beside_it(
    browser: Browser, cast: Cast, file: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BoundaryForm.file.kwargs, "max_bytes", 1_000)
    browser.sign_in(cast.cora)
    stream, name = file
    answer = send(browser, cast, file=(BytesIO(stream.getvalue()), name), boundary="typed before")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'href="#file"' in answer.text
    assert "typed before" in answer.text
    assert cast.ashby.boundary is None


def test_lines_that_cross_are_refused_and_said_where(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    answer = send(browser, cast, boundary=json.dumps(BOW_TIE))
    assert answer.status_code == 422
    assert "crosses itself near latitude 53.5000, longitude -2.3000" in answer.text


def test_lines_that_only_touch_are_fine() -> None:
    apart = polygon(square(-2.4, 53.4, 0.1), square(-2.38, 53.42, 0.02))
    touching = polygon([[-2.4, 53.4], [-2.3, 53.4], [-2.3, 53.5], [-2.35, 53.4], [-2.4, 53.5]])
    assert crossing(apart) is None
    assert crossing(touching) is None
    assert crossing(polygon(square(-2.4, 53.4, 0.1), square(-2.35, 53.45, 0.1))) is not None


def test_twenty_thousand_corners_are_checked_at_once() -> None:
    from math import cos, sin, tau

    ring = [
        [-2.3 + 0.1 * cos(tau * n / 19_000), 53.5 + 0.1 * sin(tau * n / 19_000)]
        for n in range(19_000)
    ]
    assert crossing(polygon([*ring, ring[0]])) is None
    ring[9_000], ring[9_002] = ring[9_002], ring[9_000]
    assert crossing(polygon([*ring, ring[0]])) is not None


@pytest.mark.parametrize("shape", ["clump", "comb", "long lines among small ones"])
def test_no_boundary_keeps_the_site_busy(shape: str) -> None:
    """Corners so close together, or lines so long, that every line lies near every other."""
    if shape == "clump":
        ring = [[-2.3 + n * 1e-9, 53.5 + n * n * 1e-14] for n in range(15_000)]
        ring += [[-2.0, 53.4], [-2.4, 53.4]]
    elif shape == "comb":
        ring = [[-2.4 + n * 1e-5, 53.3 if n % 2 else 53.7] for n in range(15_000)]
        ring.append([-2.4, 53.8])
    else:
        ring = [[round(-2.3 + n * 1e-6, 6), 53.5] for n in range(15_000)]
        ring += [[round(-5.0 + n * 1e-4, 6), 51.0 if n % 2 else 57.0] for n in range(2_000)]
    began = process_time()
    with pytest.raises(RuleBroken, match=r"too detailed|crosses itself") as refused:
        rules.boundary_from(json.dumps(polygon([*ring, ring[0]])))
    assert process_time() - began < 8, "of the processor"
    assert refused.value.field == "boundary", "said beside it"


def test_an_overlap_is_said_and_allowed(browser: Browser, session: Session, cast: Cast) -> None:
    cast.elsewhere.boundary = polygon(square(-2.3, 53.5, 0.2))
    elsewhere = cast.elsewhere
    elsewhere.west, elsewhere.south, elsewhere.east, elsewhere.north = -2.3, 53.5, -2.1, 53.7
    session.commit()
    browser.sign_in(cast.cora)
    send(browser, cast, boundary=json.dumps(ASHBY))
    page = browser.get("/communities/ashby").text
    assert "It overlaps with Elsewhere: fine, people may belong to both." in page
    send(browser, cast, boundary=json.dumps(polygon(square(-2.5, 53.5, 0.2))))
    assert "It overlaps" not in browser.get("/communities/ashby").text, "neighbours only touch"


def test_a_boundary_may_be_taken_away(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    send(browser, cast, boundary=json.dumps(ASHBY))
    send(browser, cast, boundary="")
    assert (cast.ashby.boundary, cast.ashby.west) == (None, None)
    assert cast.ashby.latitude, "it still has a middle"


def test_two_who_draw_at_once_never_overwrite_each_other(browser: Browser, cast: Cast) -> None:
    browser.sign_in(cast.cora)
    opened = {"version": cast.ashby.version}
    browser.post(URL, data=opened | {"boundary": json.dumps(ASHBY)})
    answer = browser.post(URL, data=opened | {"boundary": ""})
    assert answer.status_code == 422
    assert cast.ashby.boundary == ASHBY


def test_too_detailed_a_file_is_refused() -> None:
    with pytest.raises(RuleBroken, match="too detailed"):
        rules.slim(json.dumps(ASHBY), 50)


def test_one_person_sends_sixty_boundaries_an_hour(
    browser: Browser, session: Session, cast: Cast
) -> None:
    for _ in range(60):
        service.count_drawing(session, cast.cora.id, now=NOW)
    session.commit()
    browser.sign_in(cast.cora)
    before = cast.ashby.boundary
    assert send(browser, cast, file=upload(ASHBY)).status_code == 429
    session.refresh(cast.ashby)
    assert cast.ashby.boundary == before
    assert browser.get(URL).status_code == 200, "looking costs nothing"


def test_a_middle_that_was_worked_out_can_be_saved_again(
    browser: Browser, session: Session, cast: Cast
) -> None:
    """A mean of corners has more decimals than anybody types."""
    cast.ashby.latitude, cast.ashby.longitude = 53.959979999999996, -2.4400000000000004
    session.commit()
    browser.sign_in(cast.ada)
    url = f"/places/communities/{cast.ashby.id}"
    page = browser.get(url).text
    shown = dict(re.findall(r'name="(latitude|longitude)"[^>]*value="([^"]*)"', page))
    assert shown == {"latitude": "53.95998", "longitude": "-2.44"}
    form = {"version": cast.ashby.version, "name": "Ashby", "population": "18,500", **shown}
    answer = browser.post(url, data=form)
    assert answer.status_code == 302, answer.text
    session.refresh(cast.ashby)
    assert cast.ashby.population == 18_500
