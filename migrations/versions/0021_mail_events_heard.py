"""What the provider told and nobody has taken in yet, found across practices; and lifts that it has to hear of."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note whether the provider knows of a lift; index old events by their age; let the sweep see what is open."""
    op.add_column("suppressions", sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_suppressions_practice_id_lifted",
        "suppressions",
        ["practice_id", "lifted_at"],
        postgresql_where=sa.text("lifted_at is not null and allowed_at is null"),
    )
    op.create_index(
        "ix_mail_events_practice_id_handled_at",
        "mail_events",
        ["practice_id", "handled_at"],
        postgresql_where=sa.text("handled_at is not null"),
    )
    # Whether there is something, and no more: the addresses stay where they are.
    op.execute("grant select (practice_id, handled_at) on mail_events to coachhub_lookup")
    op.execute("grant select (practice_id, lifted_at, allowed_at) on suppressions to coachhub_lookup")
    for table in ("mail_events", "suppressions"):
        rls.policy(table, "lookup", "for select to coachhub_lookup using (true)")
    rls.narrow_function(
        "practices_to_hear()",
        "table (practice_id uuid, has_events boolean)",
        "select distinct e.practice_id, true from mail_events e where e.handled_at is null "
        "union all select distinct s.practice_id, false from suppressions s "
        "where s.lifted_at is not null and s.allowed_at is null",
        "coachhub_worker",
    )
