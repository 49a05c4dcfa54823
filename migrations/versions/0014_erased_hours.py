"""What a month that is over keeps of friends who were erased: numbers, which name nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of those erased before, nothing is left to count."""
    for name in ("erased_held", "erased_minutes"):
        op.add_column("cycles", sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False))
