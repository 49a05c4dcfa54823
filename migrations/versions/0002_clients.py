"""Client records and their invitations."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then bind them."""
    _clients()
    _client_invites()
    _policies()


def _clients() -> None:
    op.create_table(
        "clients",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_before", sa.Text(), nullable=True),
        sa.Column("shares_all", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('invited', 'active', 'paused', 'archived')", name=op.f("ck_clients_status")),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_clients_practice_id_coach_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "user_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_clients_practice_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_clients")),
        sa.UniqueConstraint("practice_id", "email", name=op.f("uq_clients_practice_id_email")),
        sa.UniqueConstraint("practice_id", "id", "user_id", name=op.f("uq_clients_practice_id_id_user_id")),
        sa.UniqueConstraint("practice_id", "user_id", name=op.f("uq_clients_practice_id_user_id")),
    )
    op.create_index("ix_clients_practice_id_coach_id", "clients", ["practice_id", "coach_id"], unique=False)
    op.create_index("ix_clients_practice_id_status", "clients", ["practice_id", "status", "name"], unique=False)


def _client_invites() -> None:
    op.create_table(
        "client_invites",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_client_invites_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "created_by"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_client_invites_practice_id_created_by"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_client_invites")),
    )
    op.create_index(
        "ix_client_invites_practice_id_client_id",
        "client_invites",
        ["practice_id", "client_id"],
        unique=False,
    )
    op.create_index(
        "ix_client_invites_practice_id_created_at",
        "client_invites",
        ["practice_id", "created_at"],
        unique=False,
    )


def _policies() -> None:
    for table in ("clients", "client_invites"):
        rls.enable_tenant_rls(table)
