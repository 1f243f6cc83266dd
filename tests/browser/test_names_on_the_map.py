"""What a name on the map may do: be read."""

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import Session

from asset_hub.directory import service
from asset_hub.directory.models import Location, ServiceAtLocation
from tests.browser.chromium import window
from tests.browser.site import Site
from tests.cast import NOW, Cast

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=\"document.title='ran'\"><b>Choir</b> {{7*7}}"


def test_a_name_in_a_popup_is_text(site: Site, chrome: Browser) -> None:
    with Session(site.app.extensions["engine"]) as session, site.app.app_context():
        cast = Cast(session)
        cast.choir.name = cast.choir.summary = HOSTILE
        hall = cast.add(Location(name="Hall", latitude=53.61, longitude=-2.21))
        cast.choir.places.append(ServiceAtLocation(location_id=hall.id, location=hall))
        service.publish(session, cast.choir, now=NOW)
        session.commit()
    with window(chrome) as (context, _):
        page = context.new_page()
        page.goto(f"{site.url}/find?view=map")
        page.locator(".leaflet-marker-icon").first.click()
        popup = page.locator(".leaflet-popup-content")
        expect(popup).to_contain_text("<b>Choir</b> {{7*7}}")
        assert popup.locator("img, b").count() == 0
        assert page.title() != "ran"
