"""What a coach may know of a network: facts without names."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the narrow functions."""
