"""A year holds letters now; what the version before reads has the digits that it knows in their places."""

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_IN_DIGITS = """
do $$ begin
    execute replace(
        pg_get_functiondef('clients_read'::regproc), 's.year', $words$translate(s.year, 'npc-', '0010')$words$);
end $$
"""


def upgrade() -> None:
    """Replace the function that it calls by the same one with digits."""
    op.execute(_IN_DIGITS)
