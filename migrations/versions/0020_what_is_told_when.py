"""What further reminders look for: the time of a plan, messages that wait for an answer, who has come back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns that say since when something holds, and the indexes by which it is found."""
    op.add_column("clients", sa.Column("back_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plans", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_plans_practice_id_at", "plans", ["practice_id", "at"])
    op.create_index("ix_plans_practice_id_client_id", "plans", ["practice_id", "client_id", "month"])
    op.create_index(
        "ix_invitations_practice_id_waiting",
        "invitations",
        ["practice_id", "sent_at"],
        postgresql_where=sa.text("answer is null and withdrawn_at is null and followed_up_at is null"),
    )
