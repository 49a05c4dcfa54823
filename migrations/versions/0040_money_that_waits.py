"""How money waits across practices, for the operator: counts and instants, and nothing of anybody."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_WAITING = (
    "select (select count(*) from stripe_events where handled_at is null), "
    "(select min(received_at) from stripe_events where handled_at is null), "
    "(select count(*) from stripe_events where outcome = 'failed' and received_at > at - interval '7 days'), "
    "(select count(*) from refunds where status = 'asked'), "
    "(select min(asked_at) from refunds where status = 'asked'), "
    "(select count(*) from refunds where status = 'failed' and asked_at > at - interval '7 days'), "
    "(select count(*) from purchases where status in ('open', 'waiting') and expires_at < at - interval '15 minutes')"
)


def upgrade() -> None:
    """Indexes over what failed, and one function that counts."""
    op.create_index(
        "ix_stripe_events_practice_id_failed",
        "stripe_events",
        ["practice_id", "received_at"],
        postgresql_where=sa.text("outcome = 'failed'"),
    )
    op.create_index(
        "ix_refunds_practice_id_failed",
        "refunds",
        ["practice_id", "asked_at"],
        postgresql_where=sa.text("status = 'failed'"),
    )
    op.execute("grant select (received_at, outcome) on stripe_events to coachhub_lookup")
    op.execute("grant select (asked_at) on refunds to coachhub_lookup")
    returned = (
        "table(open_events bigint, oldest_event timestamptz, failed_events bigint, asked_refunds bigint, "
        "oldest_refund timestamptz, failed_refunds bigint, late_purchases bigint)"
    )
    rls.narrow_function("money_waiting(at timestamptz)", returned, _WAITING)
