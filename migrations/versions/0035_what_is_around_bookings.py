"""What is around a booking: whose doing a change of a session was, and the secret address of a client's calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("coaching_sessions", sa.Column("news_by", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_coaching_sessions_news_by"), "coaching_sessions", "news_by in ('client', 'coach', 'system')"
    )
    op.add_column("clients", sa.Column("feed_number", sa.Integer(), server_default=sa.text("0"), nullable=False))
