"""What lies between a file and a network: the file itself until it is read, its people until they are taken."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then bind them."""
