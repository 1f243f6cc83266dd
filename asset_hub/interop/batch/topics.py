"""What a feed's own words for a topic or an audience are called here."""

from collections.abc import Iterable
from operator import itemgetter
from uuid import UUID

from sqlmodel import Session

from asset_hub.directory import queries
from asset_hub.interop.reading.topic_words import TopicWords

# Feeds' words → our slugs, where they mean the same; anything else stays in the text.
SAME = {
    "alcohol": "alcohol-drugs", "drug and alcohol misuse": "alcohol-drugs",
    "substance misuse": "alcohol-drugs", "bereaved": "grief", "bereavement": "grief",
    "carers": "caring", "young carers": "caring", "unpaid carers": "caring",
    "dementia": "memory", "alzheimers": "memory", "memory loss": "memory",
    "mental health": "worry", "anxiety": "worry", "depression": "worry",
    "loneliness": "company", "social isolation": "company", "befriending": "company",
    "friendship": "company", "social activity": "company", "exercise": "moving",
    "physical activity": "moving", "sport": "moving", "sports": "moving", "fitness": "moving",
    "sports halls": "moving", "swimming pools": "moving",
    "health and fitness gym stations": "moving", "outdoor tennis courts": "moving",
    "healthy eating": "eating-well", "cooking": "eating-well", "food bank": "food",
    "foodbank": "food", "food banks": "food", "debt": "money", "debt advice": "money",
    "low income": "money", "benefits": "benefits", "financial support": "money",
    "homeless": "homeless", "homelessness": "homeless", "housing": "housing",
    "fuel poverty": "warmth", "warm spaces": "warmth", "unemployed": "work",
    "employment": "work", "training": "work", "volunteering": "giving",
    "cancer": "cancer", "long term health conditions": "long-term-illness",
    "long term conditions": "long-term-illness", "parkinsons": "long-term-illness",
    "smoking": "smoking", "stop smoking": "smoking", "parents": "parenting",
    "parenting": "parenting", "domestic abuse": "safety", "survivors of abuse": "safety",
    "advocacy": "rights", "legal advice": "rights", "welfare rights": "benefits",
    "digital inclusion": "online", "transport": "transport", "community transport": "transport",
    "singing": "music", "choir": "music", "music": "music", "art": "arts", "arts": "arts",
    "crafts": "arts", "gardening": "gardening", "allotments": "gardening", "walking": "nature",
    "nature": "nature", "dance": "dance", "games": "games", "library": "books",
    "libraries": "books", "local authority run library": "books", "learning": "books",
    "education": "books", "faith": "faith", "religion": "faith", "older people": "older-people",
    "older adults": "older-people", "young people": "young-people", "youth": "young-people",
    "families": "families", "children and families": "families", "men": "men", "women": "women",
    "disabled people": "disabled-people", "disability": "disabled-people",
    "wheelchair users": "disabled-people", "learning disabilities": "learning-disability",
    "lgbtq+": "lgbt", "lgbtq": "lgbt", "lgbt": "lgbt", "refugees": "new-here",
    "asylum seekers": "new-here",
}  # fmt: skip


class Topics:
    """Our topics, found by id, slug, name or a feed's word for them (`words`)."""

    def __init__(self, session: Session) -> None:
        known = queries.topics(session)
        self.by_id = {term.id: (term.slug, term.name) for term in known}
        now = queries.meanings(known)  # merged: what it became; retired: nothing
        usable = [term for term in known if term.id in now]
        slugs = {term.slug: now[term.id] for term in usable}
        by_word = {word: slugs[slug] for word, slug in SAME.items() if slug in slugs}
        for term in sorted(usable, key=lambda term: term.merged_into_id is None):
            by_word[term.name.casefold()] = now[term.id]  # a name in use comes last
        by_word |= slugs
        self.keys = list(self.by_id)
        numbers = {key: number for number, key in enumerate(self.keys)}
        self.words = TopicWords(
            {word: numbers[key] for word, key in by_word.items()},
            tuple(self.by_id[key][0] for key in self.keys),
        )

    def numbered(self, numbers: Iterable[int]) -> list[UUID]:
        """Return the ids of topics that `words` has found."""
        return [self.keys[number] for number in numbers]

    def said(self, keys: Iterable[UUID]) -> list[tuple[str, str]]:
        """Return (slug, name) of some topics, by name."""
        return sorted((self.by_id[key] for key in keys), key=itemgetter(1))
