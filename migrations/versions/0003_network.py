"""What belongs to a client as a person: friends, invitations, meetups, logs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import rls

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then bind them."""
    _friends()
    _invitations()
    _meetups()
    _meetup_moves()
    _logs()
    _policies()


def _friends() -> None:
    op.create_table(
        "friends",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="colleague", nullable=False),
        sa.Column("liking", sa.Integer(), server_default=sa.text("4"), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=True),
        sa.Column("known_until", sa.Date(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("city", sa.Text(), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("never_suggest", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("liking between 1 and 5", name=op.f("ck_friends_liking")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "user_id"],
            ["clients.practice_id", "clients.id", "clients.user_id"],
            name=op.f("fk_friends_practice_id_client_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_friends")),
        sa.UniqueConstraint("practice_id", "client_id", "id", name=op.f("uq_friends_practice_id_client_id_id")),
    )
    op.create_index(
        "ix_friends_practice_id_client_id",
        "friends",
        ["practice_id", "client_id", "last_contact_on"],
        unique=False,
    )


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("friend_id", sa.Uuid(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column(
            "proposed_times",
            postgresql.ARRAY(postgresql.TIMESTAMP(timezone=True)),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer in ('yes', 'no', 'later')", name=op.f("ck_invitations_answer")),
        sa.CheckConstraint("tone in ('warm', 'light', 'plain')", name=op.f("ck_invitations_tone")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "friend_id"],
            ["friends.practice_id", "friends.client_id", "friends.id"],
            name=op.f("fk_invitations_practice_id_client_id_friend_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "user_id"],
            ["clients.practice_id", "clients.id", "clients.user_id"],
            name=op.f("fk_invitations_practice_id_client_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_invitations")),
    )
    op.create_index(
        "ix_invitations_practice_id_client_id",
        "invitations",
        ["practice_id", "client_id", "sent_at"],
        unique=False,
    )
    op.create_index(
        "ix_invitations_practice_id_friend_id",
        "invitations",
        ["practice_id", "friend_id", "created_at"],
        unique=False,
    )


def _meetups() -> None:
    op.create_table(
        "meetups",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("friend_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), server_default=sa.text("60"), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="scheduled", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('scheduled', 'held', 'cancelled')", name=op.f("ck_meetups_status")),
        sa.CheckConstraint("minutes between 1 and 1440", name=op.f("ck_meetups_minutes")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "friend_id"],
            ["friends.practice_id", "friends.client_id", "friends.id"],
            name=op.f("fk_meetups_practice_id_client_id_friend_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "user_id"],
            ["clients.practice_id", "clients.id", "clients.user_id"],
            name=op.f("fk_meetups_practice_id_client_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_meetups")),
    )
    op.create_index(
        "ix_meetups_practice_id_client_id", "meetups", ["practice_id", "client_id", "starts_at"], unique=False
    )
    op.create_index("ix_meetups_practice_id_friend_id", "meetups", ["practice_id", "friend_id"], unique=False)
    op.create_index("ix_meetups_practice_id_status", "meetups", ["practice_id", "status", "starts_at"], unique=False)


def _meetup_moves() -> None:
    op.create_table(
        "meetup_moves",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("meetup_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_place", sa.Text(), server_default="", nullable=False),
        sa.Column("to_place", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "user_id"],
            ["clients.practice_id", "clients.id", "clients.user_id"],
            name=op.f("fk_meetup_moves_practice_id_client_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "meetup_id"],
            ["meetups.practice_id", "meetups.id"],
            name=op.f("fk_meetup_moves_practice_id_meetup_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_meetup_moves")),
        sa.UniqueConstraint(
            "practice_id",
            "meetup_id",
            "sequence",
            name=op.f("uq_meetup_moves_practice_id_meetup_id_sequence"),
        ),
    )


def _logs() -> None:
    op.create_table(
        "logs",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("meetup_id", sa.Uuid(), nullable=False),
        sa.Column("friend_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("feeling", sa.Integer(), nullable=False),
        sa.Column("learned", sa.Text(), server_default="", nullable=False),
        sa.Column("help_given", sa.Text(), server_default="", nullable=False),
        sa.Column("help_received", sa.Text(), server_default="", nullable=False),
        sa.Column("follow_up", sa.Text(), server_default="", nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("feeling between 1 and 3", name=op.f("ck_logs_feeling")),
        sa.CheckConstraint("minutes between 1 and 1440", name=op.f("ck_logs_minutes")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "friend_id"],
            ["friends.practice_id", "friends.client_id", "friends.id"],
            name=op.f("fk_logs_practice_id_client_id_friend_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "user_id"],
            ["clients.practice_id", "clients.id", "clients.user_id"],
            name=op.f("fk_logs_practice_id_client_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "meetup_id"],
            ["meetups.practice_id", "meetups.id"],
            name=op.f("fk_logs_practice_id_meetup_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_logs")),
        sa.UniqueConstraint("practice_id", "meetup_id", name=op.f("uq_logs_practice_id_meetup_id")),
    )
    op.create_index("ix_logs_practice_id_client_id", "logs", ["practice_id", "client_id", "held_at"], unique=False)


def _policies() -> None:
    for table in ("friends", "invitations", "meetups", "meetup_moves", "logs"):
        rls.enable_person_rls(table)
