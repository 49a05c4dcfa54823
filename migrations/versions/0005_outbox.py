"""The outbox of mails, and what the sweeps may ask across practices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import rls

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then bind them."""
    _outbox()
    _policies()


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="due", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('due', 'claimed', 'sent', 'unknown', 'dropped', 'failed')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_outbox_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("practice_id", "key", name=op.f("uq_outbox_practice_id_key")),
    )
    op.create_index("ix_outbox_practice_id_client_id", "outbox", ["practice_id", "client_id", "due_at"], unique=False)
    op.create_index(
        "ix_outbox_practice_id_open",
        "outbox",
        ["practice_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state in ('due', 'claimed')"),
    )


def _policies() -> None:
    rls.enable_tenant_rls("outbox")
    rls.let_lookup_read("outbox")
    rls.narrow_function(
        "practices_with_mail_due(at timestamptz)",
        "setof uuid",
        "select distinct practice_id from outbox where (state = 'due' and due_at <= at) "
        "or (state = 'claimed' and leased_until <= at)",
        "coachhub_worker",
    )
    rls.narrow_function(
        "outbox_backlog(at timestamptz)",
        "table (state text, messages bigint, oldest timestamptz)",
        "select state, count(*), min(due_at) from outbox where state in ('due', 'claimed', 'unknown', 'failed') "
        "and due_at <= at group by state",
    )
