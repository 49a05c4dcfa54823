"""Which practices have somebody who waits for a time."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_WAITING = "select distinct practice_id from waits where found_at is null and ended_at is null and last_day >= since"


def upgrade() -> None:
    """An index over those who wait, and a function that answers with practices and nothing else."""
    op.create_index(
        "ix_waits_practice_id_waiting",
        "waits",
        ["practice_id", "created_at"],
        postgresql_where=sa.text("found_at is null and ended_at is null"),
    )
    op.create_index("ix_waits_practice_id_email", "waits", ["practice_id", "email"])
    op.execute("grant select (practice_id, found_at, ended_at, last_day) on waits to coachhub_lookup")
    rls.policy("waits", "lookup", "for select to coachhub_lookup using (true)")
    rls.narrow_function("practices_with_waits(since date)", "setof uuid", _WAITING, "coachhub_worker")
