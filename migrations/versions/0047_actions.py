"""Actions that coach and client agree on, and what a client would like to talk about in a session.

An action is read by those who work in the practice and by the client whose it is. A client may change only what is
theirs to do.
"""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_TABLE = "actions"
_WORKS_HERE = f"(select lookup.works_in({rls.PRACTICE}, {rls.PERSON}))"
_MINE = f"client_id = (select c.id from clients c where c.practice_id = {rls.PRACTICE} and c.user_id = {rls.PERSON})"


def upgrade() -> None:
    """Make the table, bind it, and add the columns."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        _TABLE,
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("done_at", instant, nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("dropped_at", instant, nullable=True),
        *_checks(),
        *_keys(),
    )
    _indexes()
    _bind()
    op.add_column("coaching_sessions", sa.Column("topic", sa.Text(), server_default="", nullable=False))
    op.add_column("coaching_sessions", sa.Column("topic_at", instant, nullable=True))


def _checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint("owner in ('client', 'coach')", name=op.f("ck_actions_owner")),
        sa.CheckConstraint("done_by in ('client', 'coach')", name=op.f("ck_actions_done_by")),
        sa.CheckConstraint("(done_at is null) = (done_by is null)", name=op.f("ck_actions_done")),
        sa.CheckConstraint("done_at is null or dropped_at is null", name=op.f("ck_actions_one_end")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_actions_text")),
    ]


def _keys() -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_actions_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "session_id"],
            ["coaching_sessions.practice_id", "coaching_sessions.id"],
            name=op.f("fk_actions_practice_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_actions_practice_id_coach_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "created_by"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_actions_practice_id_created_by"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_actions")),
    ]


def _indexes() -> None:
    open_and_dated = sa.text("done_at is null and dropped_at is null and due_on is not null")
    due = ["practice_id", "due_on"]
    op.create_index("ix_actions_practice_id_client_id", _TABLE, ["practice_id", "client_id", "created_at"])
    op.create_index("ix_actions_practice_id_session_id", _TABLE, ["practice_id", "session_id"])
    op.create_index("ix_actions_practice_id_due_on", _TABLE, due, postgresql_where=open_and_dated)


def _bind() -> None:
    rls.enable_tenant_rls(_TABLE)
    theirs = f"({_WORKS_HERE} or ({_MINE} and owner = 'client'))"
    rls.policy(_TABLE, "reads", f"as restrictive for select to coachhub_web using ({_WORKS_HERE} or {_MINE})")
    rls.policy(_TABLE, "adds", f"as restrictive for insert to coachhub_web with check ({_WORKS_HERE})")
    rls.policy(_TABLE, "changes", f"as restrictive for update to coachhub_web using ({theirs}) with check ({theirs})")
    rls.policy(_TABLE, "deletes", f"as restrictive for delete to coachhub_web using ({_WORKS_HERE})")
