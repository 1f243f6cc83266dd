"""What cannot be, the database refuses: merged yet open, decided by nobody, held without a lease."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHECKS = {
    "service": {
        "merged_is_closed": "merged_into_id IS NULL OR standing = 'closed'",
        "welcomes_nobody_less": "welcomes >= 0",
    },
    "change_request": {
        "decided_when_not_waiting": "(state IN ('unproven', 'waiting')) = (decided_at IS NULL)",
        "decided_by_somebody_then": "decided_by_id IS NULL OR decided_at IS NOT NULL",
    },
    "duplicate": {
        "decided_when_not_open": "(state = 'open') = (decided_at IS NULL)",
        "decided_by_somebody": "(decided_at IS NULL) = (decided_by_id IS NULL)",
    },
    "taxonomy_term": {
        "named_while_offered": "name_key IS NULL OR "
        "(retired_at IS NULL AND merged_into_id IS NULL)",
    },
    "message": {
        "leased_with_a_token": "(state = 'leased') = (token IS NOT NULL)",
        "token_with_a_lease": "(token IS NULL) = (lease_until IS NULL)",
    },
    "feed": {"token_with_a_lease": "token IS NULL OR lease_until IS NOT NULL"},
    "import_run": {"token_with_a_lease": "token IS NULL OR lease_until IS NOT NULL"},
}
# Rows as earlier versions may have left them
MEND = (
    "UPDATE service SET merged_into_id = NULL WHERE standing <> 'closed'",
    "UPDATE service SET welcomes = NULL WHERE welcomes < 0",
    "UPDATE change_request SET decided_at = NULL, decided_by_id = NULL "
    "WHERE state IN ('unproven', 'waiting')",
    "UPDATE change_request SET decided_at = submitted_at "
    "WHERE state NOT IN ('unproven', 'waiting') AND decided_at IS NULL",
    "UPDATE duplicate SET decided_at = COALESCE(decided_at, found_at), decided_by_id = "
    "COALESCE(decided_by_id, (SELECT by_id FROM merge "
    "WHERE undone_at IS NULL AND kept_id IN (one_id, other_id) AND gone_id IN (one_id, other_id) "
    "ORDER BY at DESC LIMIT 1)) "
    "WHERE state = 'merged'",
    "UPDATE duplicate SET state = 'open' "
    "WHERE state <> 'open' AND (decided_at IS NULL OR decided_by_id IS NULL)",
    "UPDATE duplicate SET decided_at = NULL, decided_by_id = NULL WHERE state = 'open'",
    "UPDATE taxonomy_term SET name_key = NULL "
    "WHERE retired_at IS NOT NULL OR merged_into_id IS NOT NULL",
    "UPDATE message SET state = 'due' "
    "WHERE state = 'leased' AND (token IS NULL OR lease_until IS NULL)",
    "UPDATE message SET token = NULL, lease_until = NULL WHERE state <> 'leased'",
    "UPDATE feed SET token = NULL WHERE lease_until IS NULL",
    "UPDATE import_run SET token = NULL WHERE lease_until IS NULL",
)


def upgrade() -> None:
    for statement in MEND:
        op.execute(statement)
    for table, rules in CHECKS.items():
        with op.batch_alter_table(table) as batch:
            for name, rule in rules.items():
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)


def downgrade() -> None:
    for table, rules in reversed(CHECKS.items()):
        with op.batch_alter_table(table) as batch:
            for name in rules:
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
