"""The same few people in every test, so that a reader knows who may do what.

Ashby is a community looked after by Ashby Surgery. Elsewhere is another place, whose people
must see nothing of Ashby's. Every account's password is PASSWORD.
"""

from datetime import UTC, datetime
from typing import TypeVar

from sqlmodel import Session, SQLModel

from asset_hub.accounts.models import Account, Grant
from asset_hub.communities.models import Community, Practice
from asset_hub.core.powers import SCOPE, Role
from asset_hub.directory.models import Contact, Organization, Service, Standing
from asset_hub.people.models import AgreedHow, AgreedTo, Consent, Person

Thing = TypeVar("Thing", bound=SQLModel)
NOW = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)  # a Monday morning, 10:30 in London
TODAY = NOW.date()
PASSWORD = "correct horse battery staple"
# argon2id of PASSWORD, made once: hashing it anew would cost each test 30 ms
PASSWORD_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$GHW8LkrCn"
    "nvUTjOG1/ckrQ$DLtICkGdnvKaJJ2Gd9N/xd73iVWs6W/ju/fz3fy6bXw"
)


class Cast:
    """Mia is a member, Cath a champion, Ben a navigator, Cora the coordinator of Ashby.

    Petra works at Ashby Surgery, Lee leads it, Otto owns the choir, Ada administers the site.
    Dev navigates, Dora coordinates and Pip works at the practice elsewhere.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ashby = self.add(Community(name="Ashby", slug="ashby", latitude=53.6, longitude=-2.2))
        self.elsewhere = self.add(Community(name="Elsewhere", slug="elsewhere"))
        self.surgery = self.add(
            Practice(name="Ashby Surgery", ods_code="P00001", communities=[self.ashby])
        )
        self.other_surgery = self.add(
            Practice(name="Elsewhere Surgery", ods_code="P00002", communities=[self.elsewhere])
        )
        self.friends = self.add(Organization(name="Friends of Ashby"))
        self.mia = self.account("Mia")
        self.cath = self.account("Cath", Role.CHAMPION, self.ashby)
        self.ben = self.account("Ben", Role.NAVIGATOR, self.ashby)
        self.cora = self.account("Cora", Role.COORDINATOR, self.ashby)
        self.petra = self.account("Petra", Role.PRACTICE_STAFF, self.surgery)
        self.lee = self.account("Lee", Role.PRACTICE_LEAD, self.surgery)
        self.otto = self.account("Otto", Role.OWNER, self.friends)
        self.ada = self.account("Ada", Role.ADMIN)
        self.dev = self.account("Dev", Role.NAVIGATOR, self.elsewhere)
        self.dora = self.account("Dora", Role.COORDINATOR, self.elsewhere)
        self.pip = self.account("Pip", Role.PRACTICE_STAFF, self.other_surgery)
        self.choir = self.service("Ashby choir")
        session.commit()

    def add(self, thing: Thing) -> Thing:
        self.session.add(thing)
        self.session.flush()
        return thing

    def account(
        self, name: str, role: Role | None = None, place: SQLModel | None = None
    ) -> Account:
        account = Account(
            name=name,
            email=f"{name.lower()}@example.org",
            password_hash=PASSWORD_HASH,
            created_at=NOW,
            confirmed_at=NOW,
        )
        self.add(account)
        if role:
            grant = Grant(account_id=account.id, role=role, given_at=NOW)
            if scope := SCOPE[role]:
                setattr(grant, scope, place.id if place else None)  # type: ignore[attr-defined]
            self.add(grant)
            self.session.refresh(account)
        return account

    def service(
        self, name: str, *, community: Community | None = None, standing: Standing = Standing.LISTED
    ) -> Service:
        """Add a service of Friends of Ashby with a private contact; `publish` makes it found."""
        service = Service(
            organization_id=self.friends.id,
            community_id=(community or self.ashby).id,
            name=name,
            summary=f"{name}: come as you are",
            standing=standing,
            created_at=NOW,
            submitted_at=NOW,
            approved_at=NOW,
            contacts=[Contact(name="Olive", email="olive@choir.example", phone="01632 960001")],
        )
        return self.add(service)

    def person(self, name: str = "Rose", *, owner: Account | None = None) -> Person:
        """Add a person of Ashby and its surgery, kept by Ben, who agreed to be written down."""
        keeper = owner or self.ben
        person = Person(
            community_id=self.ashby.id,
            practice_id=self.surgery.id,
            owner_id=keeper.id,
            added_by_id=keeper.id,
            created_at=NOW,
        )
        person.name = name
        person.phone = "01632 960777"
        person.safe_contact = "After ten, never on Sundays"
        person.matters = "She misses singing"
        self.add(person)
        for what in AgreedTo:
            self.add(
                Consent(
                    person_id=person.id, agreed_to=what, wording="1", how=AgreedHow.SPOKEN,
                    asked_by_id=keeper.id, given_at=NOW,
                )
            )  # fmt: skip
        self.session.commit()
        return person
