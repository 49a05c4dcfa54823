"""Since when a purchase waits that should have been decided, across practices, for the operator."""

from migrations import rls

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_OLDEST = "select min(expires_at) from purchases where status in ('open', 'waiting') and expires_at < at"


def upgrade() -> None:
    """A function that answers with an instant and nothing else."""
    rls.narrow_function("oldest_late_purchase(at timestamptz)", "timestamptz", _OLDEST)
