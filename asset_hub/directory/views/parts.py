"""What several pages of the directory need: the draft's cookie, choices, answers said back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.communities import queries as communities
from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.directory import queries, service
from asset_hub.directory.forms import Section, sections
from asset_hub.directory.models import ListingDraft, Service, Standing, Visibility
from asset_hub.directory.views.blueprint import LISTING

SHOWN = {
    Visibility.EXACT.value: "Everybody sees the address",
    Visibility.AREA.value: "Everybody sees roughly where it is",
    Visibility.HIDDEN.value: "Nobody is shown where it is",
}
COOKIE = "hub-listing"  # outlives the session: somebody who closed the page comes back to answers


def token() -> str | None:
    """Return the token of the draft this browser is writing."""
    return request.cookies.get(COOKIE)


def current_draft() -> ListingDraft | None:
    """Return the draft this browser is writing."""
    return queries.draft(db.session(), token(), now=clock.now())


def go(url: str, token: str) -> ResponseReturnValue:
    """Send the browser on, with the token that finds its draft again for 60 days."""
    answer = redirect(url)
    assert isinstance(answer, Response)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=queries.DRAFT_LIFE,
        path=LISTING,
        httponly=True,
        samesite="Lax",
        secure=current_settings().production,
    )
    return answer


def forget_cookie(answer: ResponseReturnValue) -> ResponseReturnValue:
    """Make the browser forget its draft."""
    assert isinstance(answer, Response)
    answer.delete_cookie(COOKIE, path=LISTING)
    return answer


def community_choices() -> list[tuple[UUID, str]]:
    """Return the communities to choose from."""
    return [(one.id, one.name) for one in communities.all_communities(db.session())]


def map_frame(answers: dict[str, service.Answers]) -> dict[str, Any]:
    """Return where the pin's map opens, the community's boundary, and tiles when there are any."""
    chosen = answers.get("where", {}).get("community_id", "")
    home = {str(one.id): one for one in communities.all_communities(db.session())}.get(chosen)
    known = home is not None and home.latitude is not None
    centre = {"lat": str(home.latitude), "lng": str(home.longitude)} if home and known else {}
    given = current_settings()
    return centre | {
        "boundary": home.boundary if home else None,
        "tiles": given.tile_url,
        "attribution": given.tile_attribution,
    }


def everything(listing: Service, *, own: bool) -> list[Section]:
    """Return all there is about a listing, private contact and all; `own` to its lister."""
    return sections(service.answers_of(listing), community_choices(), gaps=False, own=own)


def current_answers(listing: Service) -> service.Answers:
    """Return a listing's answers, as the fields of a form take them."""
    return service.as_fields(service.answers_of(listing))


def freshness(listings: Sequence[Service]) -> dict[UUID, service.Fresh]:
    """Return how sure we are of each listing, and how that is said."""
    lives = queries.lives(db.session(), [one.id for one in listings])
    return {key: service.fresh(life, today=clock.today()) for key, life in lives.items()}


def as_people_see(listing: Service) -> dict[str, Any]:
    """Return what the parts of a group's page are drawn from."""
    today = clock.today()
    return {
        "group": listing,
        "shown": service.shown(
            listing, today=today, room=room_in_words(listing), photo=_photo(listing)
        ),
        "coming": queries.coming(db.session(), listing, today=today),
        "known": freshness([listing])[listing.id],
        "canonical": current_settings().site_url + url_for("directory.show", service_id=listing.id),
    }


def room_in_words(listing: Service) -> str:
    """Return whether a group can welcome new people, as its page says it today."""
    return service.say_room(listing.welcomes, listing.full_until, clock.today())


def _photo(listing: Service) -> service.ShownPhoto | None:
    """Return its photograph; while the listing waits, from where only its keepers see it."""
    found = service.shown_photo(listing.id, queries.photo_of(db.session(), listing))
    if found is None or listing.standing is Standing.LISTED:
        return found
    url = url_for("directory.waiting_photo", service_id=listing.id, photo_id=listing.photo_id)
    return replace(found, url=url)


def photo_words(facts: Any) -> dict[str, str]:
    """Return the words that stand beside a photograph, as its form takes them."""
    return {"alt": facts.alt, "credit": facts.credit} if facts else {}


def places_in_words(listing: Service) -> list[tuple[str, str]]:
    """Return each place as those who look after it call it, and how much of it is shown."""
    found = service.parts_of(listing)["places"]
    return [(service.say_plainly(place), SHOWN[place["visibility"]]) for place in found]
