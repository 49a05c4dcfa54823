"""Whose network a reply link leads to, until it is taken back."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COLUMNS = {
    "invitations": "practice_id, id, client_id, user_id, withdrawn_at",
    "clients": "practice_id, id, user_id, status",
}


def upgrade() -> None:
    """Add the column, keep one invitation to one meetup, make the function: its owner reads ids alone."""
    op.add_column("invitations", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_meetups_practice_id_invitation_id",
        "meetups",
        ["practice_id", "invitation_id"],
        unique=True,
        postgresql_where=sa.text("invitation_id is not null and status <> 'cancelled'"),
    )
    for table, columns in _COLUMNS.items():
        op.execute(f"grant select ({columns}) on {table} to coachhub_lookup")
        rls.policy(table, "reply_link", "for select to coachhub_lookup using (true)")
    rls.narrow_function(
        "reply_link(practice uuid, invitation uuid)",
        "table (client_id uuid, user_id uuid)",
        "select i.client_id, i.user_id from invitations i "
        "join clients c on c.practice_id = i.practice_id and c.id = i.client_id and c.user_id = i.user_id "
        "where i.practice_id = practice and i.id = invitation and i.withdrawn_at is null and c.status <> 'archived'",
        "coachhub_web",
    )
