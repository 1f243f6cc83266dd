"""Groups of Ashby that are published, and a way to ask for them."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from asset_hub.communities.models import Community, Postcode
from asset_hub.core import db
from asset_hub.directory.models import (
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
    Visibility,
)
from asset_hub.directory.rules.listing import Facts
from asset_hub.directory.rules.places import PlainPlace
from asset_hub.directory.service import publish, publish_many
from asset_hub.search.queries import Answer, Question, find
from tests.cast import NOW, Cast

HALL = (53.6, -2.2)  # where Ashby's postcode, ZZ9 9ZZ, is


class Town:
    """Adds groups to Ashby and publishes them; `ask` finds them again by name."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast = session, cast
        self.terms: dict[str, TaxonomyTerm] = {}
        session.add(Postcode(code="ZZ9 9ZZ", outcode="ZZ9", latitude=HALL[0], longitude=HALL[1]))
        session.commit()

    def add(
        self,
        name: str,
        *,
        at: tuple[float, float] | None = None,
        topics: tuple[str, ...] = (),
        visibility: Visibility = Visibility.EXACT,
        community: Community | None = None,
        publish_it: bool = True,
        **more: Any,
    ) -> Service:
        service = self.cast.service(name, community=community)
        for field, value in more.items():
            setattr(service, field, value)
        service.terms = [self.term(slug) for slug in topics]
        if at:
            location = Location(latitude=at[0], longitude=at[1], visibility=visibility)
            self.session.add(location)
            service.places = [ServiceAtLocation(location=location, location_id=location.id)]
        if "schedules" not in more:
            service.schedules = [Schedule(description="Tuesdays at 10am")]
        self.session.add(service)
        if publish_it:
            publish(self.session, service, now=NOW)
        self.session.commit()
        return service

    def add_many(
        self, names: dict[str, tuple[float, float] | None], topics: tuple[str, ...] = ()
    ) -> None:
        """Add plain groups at places, all at once."""
        terms = [(term.slug, term.name) for term in map(self.term, topics)]
        services = {name: self.cast.service(name) for name in names}
        facts = [
            Facts(
                id=service.id, organization_id=service.organization_id, name=name, topics=terms,
                community_id=service.community_id, summary=service.summary,
                places=[(uuid4(), PlainPlace(latitude=at[0], longitude=at[1]))] if at else [],
            )
            for (name, at), service in zip(names.items(), services.values(), strict=True)
        ]  # fmt: skip
        publish_many(self.session, facts, now=NOW)
        self.session.commit()

    def term(self, slug: str) -> TaxonomyTerm:
        if slug not in self.terms:
            self.terms[slug] = TaxonomyTerm(slug=slug, name=slug.replace("-", " ").title())
            self.session.add(self.terms[slug])
        return self.terms[slug]

    def answer(self, q: str = "", **more: Any) -> Answer:
        with db.reading() as connection:
            return find(connection, Question(q, **more))

    def ask(self, q: str = "", **more: Any) -> list[str]:
        return [found.card["name"] for found in self.answer(q, **more).found]

    def republish(self, *services: Service) -> None:
        for service in services:
            publish(self.session, service, now=NOW)
        self.session.commit()


@pytest.fixture
def town(session: Session, cast: Cast) -> Town:
    return Town(session, cast)
