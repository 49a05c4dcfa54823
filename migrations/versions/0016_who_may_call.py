"""Take the narrow functions of older databases from the public: there only their owner could, and did not."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_CALLERS = {
    "login(bytea, timestamptz)": "coachhub_web",
    "user_by_email(text)": "coachhub_web",
    "practice_by_slug(text)": "coachhub_web",
    "practice_ids()": "coachhub_web, coachhub_worker",
    "practices_with_mail_due(timestamptz)": "coachhub_worker",
    "outbox_backlog(timestamptz)": "coachhub_web, coachhub_worker",
    "is_owner(uuid, uuid)": "coachhub_web",
}


def upgrade() -> None:
    """Say as their owner who may call them."""
    op.execute("set local role coachhub_lookup")
    for signature, callers in _CALLERS.items():
        op.execute(f"revoke all on function lookup.{signature} from public")
        op.execute(f"grant execute on function lookup.{signature} to {callers}")
    op.execute("reset role")
