"""Coaching sessions, put into the calendar by hand; bookings will make them, too."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TABLE = "coaching_sessions"


def upgrade() -> None:
    """Make the table, its indexes, and bind it to the practice."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        _TABLE,
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", instant, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("agenda", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="scheduled", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("moved_from", instant, nullable=True),
        sa.Column("cancelled_at", instant, nullable=True),
        sa.Column("news_sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("news_at", instant, nullable=False),
        sa.CheckConstraint("status in ('scheduled', 'held', 'cancelled')", name=op.f("ck_coaching_sessions_status")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_coaching_sessions_minutes")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_coaching_sessions_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_coaching_sessions_practice_id_coach_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_coaching_sessions")),
    )
    _indexes()
    rls.enable_tenant_rls(_TABLE)


def _indexes() -> None:
    is_scheduled = sa.text("status = 'scheduled'")
    scheduled = ["practice_id", "starts_at"]
    op.create_index("ix_coaching_sessions_practice_id_scheduled", _TABLE, scheduled, postgresql_where=is_scheduled)
    op.create_index("ix_coaching_sessions_practice_id_client_id", _TABLE, ["practice_id", "client_id", "starts_at"])
    op.create_index("ix_coaching_sessions_practice_id_coach_id", _TABLE, ["practice_id", "coach_id", "starts_at"])
    op.create_index("ix_coaching_sessions_practice_id_news_at", _TABLE, ["practice_id", "news_at"])
