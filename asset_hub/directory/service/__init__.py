"""What is done to a listing. Every verb needs a session; none commits."""

from asset_hub.directory.rules.listing import Facts, PlainPlace
from asset_hub.directory.rules.times import Times
from asset_hub.directory.service.publishing import publish, publish_many, withdraw
from asset_hub.directory.service.topics import ensure_topics

__all__ = [
    "Facts",
    "PlainPlace",
    "Times",
    "ensure_topics",
    "publish",
    "publish_many",
    "withdraw",
]
