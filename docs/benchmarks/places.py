"""Make a town of any size, the same one each time: services with words, topics, times and places.

`python docs/benchmarks/places.py DATABASE_URL [COUNT]` fills a database (and makes its tables).
"""

import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import text
from sqlmodel import Session, SQLModel, insert

from asset_hub import create_app
from asset_hub.communities.models import Community, Postcode
from asset_hub.config import Settings
from asset_hub.core import db
from asset_hub.directory.models import Kind, Organization, Service, Standing
from asset_hub.directory.rules.listing import Facts
from asset_hub.directory.rules.places import PlainPlace
from asset_hub.directory.rules.times import Times
from asset_hub.directory.service.publishing import publish_many
from asset_hub.directory.topics import TOPICS
from asset_hub.search.service import fold, indexing_at_once

NAMESPACE = UUID("8d0d2f0e-0000-4000-8000-000000000001")
NOW = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)
BATCH = 5_000  # services at a time, so that memory stays flat
_TIDY = {"sqlite": "ANALYZE", "postgr": "VACUUM ANALYZE"}  # as its own housekeeping would
SOUTH, NORTH, WEST, EAST = 53.2, 53.8, -2.8, -1.6  # about 67 by 80 km
SYLLABLES = """
    ba ce din for gal hurst ing ket lam mor nor ove pen quay rith sel ton ur wick yard
""".split()  # noqa: SIM905 (a list of words reads better as words)
DOES = """
    choir walk lunch knitting gardening dance football reading coffee chess yoga carers memory
    craft singing swimming cooking bingo painting cycling drama mending history babies
    friendship bereavement debt advice housing art music exercise tai chi allotment repair shed
    pantry warm welcome
""".split()  # noqa: SIM905 (a list of words reads better as words)
FORM = """
    group club circle morning afternoon cafe project class society team meeting drop-in
""".split()  # noqa: SIM905 (a list of words reads better as words)
FILLER = """
    we meet every week in the hall and anybody is welcome come along for company tea biscuits
    help support people families older younger adults carers local volunteers friendly gentle
    free parking accessible toilets bus stop outside please ring before your first visit bring a
    friend loneliness anxiety walking talking learning skills health wellbeing community
    neighbours safe space children grief loss money bills food energy garden outdoors nature
    music laughter games
""".split()  # noqa: SIM905 (a list of words reads better as words)
WORDS = [a + b for a in SYLLABLES for b in SYLLABLES]
RARE = [word + c for c in ["", *SYLLABLES] for word in WORDS]
QUERIES = [
    "choir", "walking group", "debt advice", "somewhere to go for company", "coffee morning",
    "knitting", "grief", "carers support", "gentle exercise", "memory cafe", "men's shed",
    "help with bills", "baby group", "garden", "lonely", "singing for older people", "chess",
    "cookin", "dance class", "yoga", "allotment", "football club", "warm welcome", "housing",
]  # fmt: skip


def town(count: int) -> Iterator[tuple[Service, Facts]]:
    """Yield services and what is published of them."""
    for number in range(count):
        dice = random.Random(f"service {number}")
        key = uuid5(NAMESPACE, f"service {number}")
        place_name = dice.choice(WORDS).title()
        name = f"{place_name} {dice.choice(DOES)} {dice.choice(FORM)}"
        said = [_word(dice) for _ in range(110)]
        middle = dice.choice(_CENTRES)
        latitude = min(NORTH, max(SOUTH, dice.gauss(middle[0], 0.03)))
        longitude = min(EAST, max(WEST, dice.gauss(middle[1], 0.05)))
        topics = [(topic.slug, topic.name) for topic in dice.sample(TOPICS, 3)]
        service = Service(
            id=key, organization_id=_id("organization", number % 500),
            community_id=_id("community", number % 20), name=name, summary=" ".join(said[:20]),
            description=" ".join(said), standing=Standing.LISTED, created_at=NOW, approved_at=NOW,
        )  # fmt: skip
        yield service, Facts(
            id=key, organization_id=service.organization_id, community_id=service.community_id,
            organization_name=f"Friends of {WORDS[number % 400]}", community_name="Somewhere",
            name=name, kind=dice.choice(list(Kind)), summary=service.summary, fees="Free",
            description=service.description, confirmed_at=NOW, topics=topics,
            times=[Times(description=f"Every {dice.choice(_DAYS)}, 10am to noon")],
            places=[(
                uuid5(key, "place"),
                PlainPlace(name=f"{place_name} Hall", latitude=latitude, longitude=longitude),
            )],
        )  # fmt: skip


def _word(dice: random.Random) -> str:
    """Return a word as often as words come in English: few often, most hardly ever (Zipf)."""
    if dice.random() < 0.12:
        return dice.choice(FILLER)
    return RARE[int(len(RARE) ** dice.random()) - 1]


_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
_DICE = random.Random("centres")
_CENTRES = [(_DICE.uniform(SOUTH, NORTH), _DICE.uniform(WEST, EAST)) for _ in range(40)]


def _id(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"{kind} {number}")


def postcodes() -> Iterator[Postcode]:
    """Yield 2,000 invented postcodes over the town."""
    dice = random.Random("postcodes")
    for number in range(2_000):
        district, rest = divmod(number, 200)
        code = f"ZZ{district} {rest // 20 % 10}{'ABDEFGHJLN'[rest // 2 % 10]}{'AB'[rest % 2]}"
        yield Postcode(
            code=code, outcode=f"ZZ{district}",
            latitude=dice.uniform(SOUTH, NORTH), longitude=dice.uniform(WEST, EAST),
        )  # fmt: skip


def fill(url: str, count: int) -> float:
    """Make the tables and the town; return the seconds of our processor that publishing took."""
    settings = Settings(
        env="test", secret_key="s" * 32, data_key="ab" * 32, database_url=url, mail_dir="/tmp"
    )
    app = create_app(settings)
    SQLModel.metadata.create_all(app.extensions["engine"])
    with app.app_context(), db.transaction() as session:
        _surroundings(session)
        session.flush()
        stream, took = town(count), 0.0
        with indexing_at_once(session.connection()):
            while pairs := list(islice(stream, BATCH)):
                rows = [service.model_dump() for service, _ in pairs]
                session.connection().execute(insert(Service), rows)
                begun = time.process_time()
                publish_many(session, (facts for _, facts in pairs), now=NOW)
                took += time.process_time() - begun
            begun = time.process_time()
        took += time.process_time() - begun
        while fold(session):  # as the worker does
            pass
    with app.extensions["engine"].connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if url.startswith("postgr"):
            connection.execute(text("SET statement_timeout = 0"))  # it takes as long as it takes
        connection.execute(text(_TIDY[url[:6]]))
    app.extensions["engine"].dispose()
    return took


def _surroundings(session: Session) -> None:
    for number in range(20):
        session.add(
            Community(id=_id("community", number), name=f"Community {number}", slug=f"c{number}")
        )
    for number in range(500):
        session.add(
            Organization(id=_id("organization", number), name=f"Friends of {WORDS[number % 400]}")
        )
    session.add_all(postcodes())


if __name__ == "__main__":
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    print(f"published {size} services in {fill(sys.argv[1], size):.1f} s")
