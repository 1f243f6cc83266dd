"""What listings seem to be about by their own words, and asks that nothing fitted.

What their words say is worked out by the worker, as always when topics have changed: every listing
is due to be published again. Until then it is about what was chosen for it, and nothing else.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


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
    op.execute(
        "INSERT INTO listing_due (service_id) SELECT l.service_id FROM listing l "
        "WHERE NOT EXISTS (SELECT 1 FROM listing_due d WHERE d.service_id = l.service_id)"
    )


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
