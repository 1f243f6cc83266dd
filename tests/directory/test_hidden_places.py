"""A hidden address, or the street of an area, is in nothing that everybody may read."""

from dataclasses import asdict
from typing import Any

import pytest
from sqlmodel import Session

from asset_hub.directory.models import Location, Service, ServiceAtLocation, Visibility
from asset_hub.directory.rules import places
from asset_hub.directory.rules.beside import beside
from asset_hub.directory.rules.known import known_of
from asset_hub.directory.rules.listing import copy_of
from asset_hub.directory.rules.meaning import Thesaurus
from asset_hub.directory.rules.shown import shown
from asset_hub.directory.rules.snapshot import parts_of
from asset_hub.directory.rules.telling import say_openly
from asset_hub.directory.service.publishing import facts_of, publish
from tests.cast import NOW, Cast
from tests.conftest import Browser

SECRETS = ("Rose Cottage", "7 Quiet Lane", "AS9 9ZZ", "53.6123", "2.2123")


@pytest.fixture(params=[Visibility.HIDDEN, Visibility.AREA])
def kept_back(request: pytest.FixtureRequest, cast: Cast, session: Session) -> Service:
    """Return the choir, which sings where not everybody may know."""
    home = cast.add(
        Location(
            name="Rose Cottage", address_1="7 Quiet Lane", city="Ashby", postal_code="AS9 9ZZ",
            latitude=53.61234, longitude=-2.21234, visibility=request.param,
        )
    )  # fmt: skip
    cast.choir.places.append(ServiceAtLocation(location_id=home.id, location=home))
    publish(session, cast.choir, now=NOW)
    session.commit()
    return cast.choir


def test_no_public_words_of_a_place_tell_it(kept_back: Service, session: Session) -> None:
    place, facts = kept_back.places[0].location, facts_of(session, kept_back)
    other = Service(name="Another", organization_id=kept_back.organization_id)
    other.organization = kept_back.organization
    told: list[Any] = [
        places.say_place(place, "Ashby"),
        places.say_where([place], "Ashby"),
        places.say_briefly(place),
        str(places.public_point(place)),
        say_openly("places", parts_of(kept_back)["places"], near="Ashby", names={}),
        str(asdict(copy_of(facts, Thesaurus()))),
        str(asdict(known_of(kept_back))),
        str(shown(kept_back)),
        str(beside(kept_back, other, private=False)),
    ]  # fmt: skip
    for words in told:
        assert not [secret for secret in SECRETS if secret in words], words


def test_a_hidden_place_is_said_to_nobody_who_walks_there(kept_back: Service) -> None:
    place = kept_back.places[0].location
    hidden = place.visibility is Visibility.HIDDEN
    assert bool(places.say_on_the_way(place)) is not hidden


def test_those_who_look_after_it_read_the_address_and_how_much_is_shown(kept_back: Service) -> None:
    place = kept_back.places[0].location
    words = "not shown" if place.visibility is Visibility.HIDDEN else "shown only roughly"
    said = f"Rose Cottage, 7 Quiet Lane, Ashby, AS9 9ZZ ({words})"
    assert places.say_kept(place) == said
    assert [row.was for row in beside(kept_back, kept_back, private=True) if row.name == "places"]


def test_no_public_page_tells_it(kept_back: Service, browser: Browser) -> None:
    for page in (
        f"/groups/{kept_back.id}", f"/groups/{kept_back.id}/poster",
        f"/groups/{kept_back.id}/suggest", "/find?q=choir", "/communities/ashby",
    ):  # fmt: skip
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert not [secret for secret in SECRETS if secret in answer.text], page
