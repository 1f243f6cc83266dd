"""Our own topics: what a group helps with, what is done there, who it suits, how one gets in.

Slugs never change and ids follow from them, so every site calls the same topic the same thing.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from asset_hub.directory.models import TermKind

NAMESPACE = UUID("5c0f3a52-6f5e-4b0e-9d0b-2f5d5f0c7a11")


@dataclass(frozen=True)
class Topic:
    """One topic, in the words people use."""

    slug: str
    name: str
    description: str
    kind: TermKind

    @property
    def id(self) -> UUID:
        """Return the id that follows from the slug."""
        return uuid5(NAMESPACE, self.slug)


def _topics(kind: TermKind, *rows: tuple[str, str, str]) -> tuple[Topic, ...]:
    return tuple(Topic(slug, name, description, kind) for slug, name, description in rows)


TOPICS = (
    *_topics(
        TermKind.NEED,
        ("company", "Company and friendship", "Meeting people, feeling less alone"),
        ("grief", "Grief and loss", "After somebody has died, or another loss"),
        ("worry", "Worry and low mood", "Anxiety, stress, feeling down"),
        ("moving", "Getting moving", "Gentle exercise, balance, walking, sport"),
        ("eating-well", "Eating well", "Cooking, meals together, a healthy weight"),
        ("food", "Food when money is short", "Food banks, pantries, free meals"),
        ("money", "Money and debt", "Bills, benefits, debt, budgeting"),
        ("housing", "Housing and repairs", "Somewhere to live, repairs, neighbours"),
        ("warmth", "Keeping warm", "Warm places, energy bills, insulation"),
        ("work", "Work and training", "Finding work, skills, volunteering as a start"),
        ("long-term-illness", "Living with illness or pain", "Long-term conditions, pain, fatigue"),
        ("memory", "Memory and dementia", "Memory cafés, dementia, those who care"),
        ("caring", "Caring for someone", "Breaks and support for carers"),
        ("alcohol-drugs", "Alcohol and drugs", "Drinking less, recovery, families"),
        ("smoking", "Stopping smoking", "Help to stop, and to stay stopped"),
        ("sleep", "Sleep and rest", "Sleeping better, relaxing, unwinding"),
        ("parenting", "Being a parent", "Babies, children, family life"),
        ("safety", "Feeling safe", "Domestic abuse, hate crime, feeling safe at home"),
        ("rights", "Rights and advice", "Law, benefits, filling in forms"),
        ("online", "Using phones and computers", "Getting online, staying safe there"),
        ("transport", "Getting about", "Lifts, community transport, passes"),
    ),
    *_topics(
        TermKind.INTEREST,
        ("music", "Singing and music", "Choirs, bands, listening together"),
        ("arts", "Arts and crafts", "Painting, knitting, making things"),
        ("gardening", "Gardening and growing", "Allotments, gardens, plants"),
        ("nature", "Walks and nature", "Walking, birds, the outdoors"),
        ("dance", "Dancing", "Every kind of dance"),
        ("games", "Games and cards", "Bingo, chess, board games"),
        ("books", "Books and learning", "Reading, history, languages, talks"),
        ("making", "Mending and making", "Sheds, repair cafés, tools"),
        ("faith", "Faith and belief", "Worship, prayer, quiet reflection"),
        ("giving", "Helping others", "Volunteering, good neighbours, giving time"),
    ),
    *_topics(
        TermKind.AUDIENCE,
        ("older-people", "Older people", "Especially for people later in life"),
        ("young-people", "Young people", "Especially for teenagers and young adults"),
        ("families", "Families with children", "Children come too"),
        ("men", "Men", "Especially for men"),
        ("women", "Women", "Especially for women"),
        ("disabled-people", "Disabled people", "Run with and for disabled people"),
        ("lgbt", "LGBT+ people", "Especially for LGBT+ people"),
        ("new-here", "People new to this country", "Refugees, asylum seekers, new neighbours"),
        ("veterans", "Veterans", "People who served, and their families"),
    ),
    *_topics(
        TermKind.ACCESS,
        ("step-free", "No steps", "You can get in and around without steps"),
        ("hearing-loop", "Hearing loop", "A working hearing loop"),
        ("bring-someone", "Bring somebody with you", "A friend or carer is welcome"),
        ("from-home", "From home", "By phone, online, or somebody comes to you"),
        ("drop-in", "Just turn up", "No booking, no referral"),
        ("accessible-toilet", "Accessible toilet", "With room for a wheelchair"),
        ("near-a-bus-stop", "Near a bus stop", "A few minutes’ walk from it"),
        ("parking", "Parking", "On the spot or very near"),
        ("quiet-space", "A quiet space", "A room or corner away from noise"),
        ("met-at-the-door", "Somebody meets you", "At the door, the first time you come"),
    ),
)

OURS = frozenset(topic.slug for topic in TOPICS)  # an import may bring topics of other lists
