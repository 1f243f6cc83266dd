"""What was asked for, and what was not found. Nobody is in it: no person's words, no address."""

from datetime import date

from sqlmodel import Field, SQLModel


class UnmetAsk(SQLModel, table=True):
    """How often on a day somebody asked for a thing that nothing, or little, here fits."""

    __tablename__ = "unmet_ask"

    day: date = Field(primary_key=True)
    topic: str = Field(primary_key=True, max_length=60)  # what it seemed to be about, or ""
    area: str = Field(primary_key=True, max_length=60)  # a community's slug, a district, or ""
    # what was typed, when every word of it is one of our own words for topics; else ""
    words: str = Field(primary_key=True, max_length=100)
    little: bool = Field(primary_key=True)  # something came near to it
    asks: int = 1


class AskedFor(SQLModel, table=True):
    """How often on a day somebody asked, in words, for something about a topic: found or not."""

    __tablename__ = "asked_for"

    day: date = Field(primary_key=True)
    topic: str = Field(primary_key=True, max_length=60)
    area: str = Field(primary_key=True, max_length=60)  # a community's slug, a district, or ""
    asks: int = 1
