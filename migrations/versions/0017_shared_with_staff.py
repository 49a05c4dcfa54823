"""Show what a client shares to those who work in the practice, and to no other client."""

from migrations import rls

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OF_PERSON = (
    *("friends", "contacts", "invitations", "meetups", "meetup_moves", "logs", "free_hours"),
    *("plans", "choices", "imports", "import_chunks", "import_rows"),
)


def upgrade() -> None:
    """Make the narrow function, then bind what is shared to it."""
    rls.narrow_function(
        "works_in(practice uuid, person uuid)",
        "boolean",
        "select exists (select from memberships where practice_id = practice and user_id = person "
        "and role in ('owner', 'coach'))",
        "coachhub_web",
    )
    for table in _OF_PERSON:
        rls.share_with_staff(table)
