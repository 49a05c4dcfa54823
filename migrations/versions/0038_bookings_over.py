"""Which practices have bookings that are over, and that nobody has said anything of since."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index confirmed bookings by their end alone, since the sweep asks for all practices at once."""
    is_confirmed = sa.text("status = 'confirmed'")
    op.create_index("ix_bookings_ends_at", "bookings", ["ends_at", "practice_id"], postgresql_where=is_confirmed)
    op.execute("grant select (ends_at) on bookings to coachhub_lookup")
    rls.narrow_function(
        "practices_with_bookings_over(since timestamptz)",
        "setof uuid",
        "select distinct practice_id from bookings where status = 'confirmed' and ends_at <= since",
        "coachhub_worker",
    )
