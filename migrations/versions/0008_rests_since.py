"""Since when a client rests, so that the months of a pause are not counted as missed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty: nobody rested before it existed."""
    op.add_column("clients", sa.Column("rests_since", sa.DateTime(timezone=True), nullable=True))
