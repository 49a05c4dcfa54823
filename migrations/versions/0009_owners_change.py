"""Say in the database, too, who changes roles and practices, and that the audit trail only grows."""

from alembic import op

from migrations import rls

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bind changes to the owner; take away the rights that nobody uses."""
    rls.narrow_function(
        "is_owner(practice uuid, person uuid)",
        "boolean",
        "select exists (select from memberships where practice_id = practice and user_id = person and role = 'owner')",
        "coachhub_web",
    )
    is_owner = f"(select lookup.is_owner({rls.PRACTICE}, {rls.PERSON}))"
    for table in ("memberships", "practices"):
        rls.policy(table, "owner_changes", f"as restrictive for update to coachhub_web using ({is_owner})")
    op.execute(f"revoke delete on practices, users, memberships from {rls.APPLICATION}")
    op.execute(f"revoke update, delete on audit_entries from {rls.APPLICATION}")
