"""When a promise got its day, and the indexes by which promises and friends' answers are found to be told of."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the indexes: a minute's look at every practice reads only what is open."""
    op.add_column("logs", sa.Column("follow_up_set_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_logs_practice_id_promised",
        "logs",
        ["practice_id", "follow_up_on"],
        postgresql_where=sa.text("follow_up_on is not null and follow_up_done_at is null"),
    )
    op.create_index(
        "ix_invitations_practice_id_answered",
        "invitations",
        ["practice_id", "answered_at"],
        postgresql_where=sa.text("answered_by = 'friend'"),
    )
