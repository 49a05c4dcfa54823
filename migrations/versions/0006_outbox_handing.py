"""Note on a message when it was first handed to the provider: one that never was may safely go again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; it is empty for every message so far."""
    op.add_column("outbox", sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
