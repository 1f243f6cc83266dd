"""What listings seem to be about by their own words, and asks that nothing fitted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from asset_hub.directory.models import TermKind
from asset_hub.directory.rules.meaning import Thesaurus, about, compiled
from asset_hub.directory.topics import TOPICS
from asset_hub.directory.topics.said import Sense, senses

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT_ONCE = 500
TEXTS = "number, name, summary, body, organization_name, topic_slugs"


def upgrade() -> None:
    op.create_table(
        "unmet_ask",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("words", sa.String(100), nullable=False),
        sa.Column("little", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "topic", "area", "words", "little", name=op.f("pk_unmet_ask")
        ),
    )
    bind = op.get_bind()
    bind.execute(sa.text("DELETE FROM listing_topic"))
    known = _thesaurus()
    last = bind.execute(sa.text("SELECT max(number) FROM listing")).scalar() or 0
    for number in range(0, last + 1, AT_ONCE):
        _fill(number, known)


def _thesaurus() -> Thesaurus:
    beside = [t.slug for t in TOPICS if t.kind in (TermKind.AUDIENCE, TermKind.ACCESS)]
    named = [Sense(topic.slug, topic.words, (topic.name,)) for topic in TOPICS]
    return compiled([*senses(), *named], beside)


def _fill(number: int, known: Thesaurus) -> None:
    """Say what the listings of one batch are about."""
    bind = op.get_bind()
    wanted = sa.text(f"SELECT {TEXTS} FROM listing WHERE number >= :first AND number < :after")
    rows = bind.execute(wanted, {"first": number, "after": number + AT_ONCE}).mappings().all()
    found = [
        {"number": row["number"], "slug": slug, "strength": strength}
        for row in rows
        for slug, strength in about(row, _chosen(row), known).items()
    ]
    if found:
        add = "INSERT INTO listing_topic (number, slug, strength) VALUES (:number, :slug, :strength)"
        bind.execute(sa.text(add), found)


def _chosen(row: Any) -> list[str]:
    return [slug for slug in row["topic_slugs"].split("|") if slug and slug[0] != "!"]


def downgrade() -> None:
    bind = op.get_bind()
    bind.execute(sa.text("DELETE FROM listing_topic"))
    rows = bind.execute(sa.text("SELECT number, topic_slugs FROM listing")).mappings().all()
    chosen = [
        {"number": row["number"], "slug": slug} for row in rows for slug in dict.fromkeys(_chosen(row))
    ]
    if chosen:
        add = "INSERT INTO listing_topic (number, slug, strength) VALUES (:number, :slug, 100)"
        bind.execute(sa.text(add), chosen)
    op.drop_table("unmet_ask")
