"""A list that somebody took along: found again by its code, gone after a month."""

from datetime import datetime

from sqlmodel import JSON, Column, Field, SQLModel

from asset_hub.core.db import moment


class SharedList(SQLModel, table=True):
    """Ids of public listings behind a short code; nothing about who made it, where or why.

    The same groups in the same order have one code, whoever asks.
    """

    __tablename__ = "shared_list"

    code: str = Field(primary_key=True, max_length=8)
    digest: str = Field(max_length=64, unique=True)
    groups: list[str] = Field(sa_column=Column(JSON, nullable=False))
    expires_at: datetime = moment(index=True)
