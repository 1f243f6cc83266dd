"""Our own topics: what a group helps with, what is done there, who it suits, how one gets in.

Slugs never change and ids follow from them, so every site calls the same topic the same thing.
A site's coordinators may change the words, retire topics and add others: what counts on a site
is what is in its database (see `service.ensure_topics`).
"""

from asset_hub.directory.topics.access import ACCESS
from asset_hub.directory.topics.audience import AUDIENCE
from asset_hub.directory.topics.interests import INTERESTS
from asset_hub.directory.topics.living import LIVING
from asset_hub.directory.topics.needs import NEEDS
from asset_hub.directory.topics.topic import NAMESPACE, Topic

__all__ = ["NAMESPACE", "OURS", "TOPICS", "Topic"]

TOPICS: tuple[Topic, ...] = (*NEEDS, *LIVING, *INTERESTS, *AUDIENCE, *ACCESS)

OURS = frozenset(topic.slug for topic in TOPICS)
