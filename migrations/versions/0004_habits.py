"""Habits, assignments, cycles; plans and choices belong to the client."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import rls

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then bind them."""
    _habits()
    _habit_templates()
    _assignments()
    _assignment_pauses()
    _cycles()
    _plans()
    _choices()
    _policies()


def _habits() -> None:
    op.create_table(
        "habits",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("steps", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("meetups_a_month", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("minutes_a_meetup", sa.Integer(), server_default=sa.text("60"), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(steps) = 5", name=op.f("ck_habits_five_steps")),
        sa.CheckConstraint("meetups_a_month between 1 and 8", name=op.f("ck_habits_meetups_a_month")),
        sa.CheckConstraint("minutes_a_meetup between 15 and 480", name=op.f("ck_habits_minutes_a_meetup")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_habits_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_habits")),
    )


def _habit_templates() -> None:
    op.create_table(
        "habit_templates",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("habit_id", sa.Uuid(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("tone in ('warm', 'light', 'plain')", name=op.f("ck_habit_templates_tone")),
        sa.ForeignKeyConstraint(
            ["practice_id", "habit_id"],
            ["habits.practice_id", "habits.id"],
            name=op.f("fk_habit_templates_practice_id_habit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "habit_id", "tone", name=op.f("pk_habit_templates")),
    )


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("habit_id", sa.Uuid(), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("ended_from", sa.Date(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extract(day from ended_from) = 1", name=op.f("ck_assignments_ended_first")),
        sa.CheckConstraint("extract(day from from_month) = 1", name=op.f("ck_assignments_from_first")),
        sa.CheckConstraint("target between 1 and 8", name=op.f("ck_assignments_target")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_assignments_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "habit_id"],
            ["habits.practice_id", "habits.id"],
            name=op.f("fk_assignments_practice_id_habit_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_assignments")),
    )
    op.create_index(
        "ix_assignments_practice_id_client_id",
        "assignments",
        ["practice_id", "client_id", "from_month"],
        unique=False,
    )
    op.create_index(
        "uq_assignments_one_open_a_client",
        "assignments",
        ["practice_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("ended_from is null"),
    )


def _assignment_pauses() -> None:
    op.create_table(
        "assignment_pauses",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_assignment_pauses_month_first")),
        sa.ForeignKeyConstraint(
            ["practice_id", "assignment_id"],
            ["assignments.practice_id", "assignments.id"],
            name=op.f("fk_assignment_pauses_practice_id_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "assignment_id", "month", name=op.f("pk_assignment_pauses")),
    )


def _cycles() -> None:
    op.create_table(
        "cycles",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("moved_out", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_cycles_month_first")),
        sa.ForeignKeyConstraint(
            ["practice_id", "assignment_id"],
            ["assignments.practice_id", "assignments.id"],
            name=op.f("fk_cycles_practice_id_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_cycles_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "assignment_id", "month", name=op.f("pk_cycles")),
    )
    op.create_index("ix_cycles_practice_id_client_id", "cycles", ["practice_id", "client_id", "month"], unique=False)
    op.create_index("ix_cycles_practice_id_month", "cycles", ["practice_id", "month"], unique=False)


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_plans_month_first")),
        sa.ForeignKeyConstraint(
            ["practice_id", "assignment_id"],
            ["assignments.practice_id", "assignments.id"],
            name=op.f("fk_plans_practice_id_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "user_id"],
            ["clients.practice_id", "clients.id", "clients.user_id"],
            name=op.f("fk_plans_practice_id_client_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_plans")),
        sa.UniqueConstraint(
            "practice_id", "assignment_id", "month", name=op.f("uq_plans_practice_id_assignment_id_month")
        ),
    )


def _choices() -> None:
    op.create_table(
        "choices",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("friend_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_choices_month_first")),
        sa.ForeignKeyConstraint(
            ["practice_id", "assignment_id"],
            ["assignments.practice_id", "assignments.id"],
            name=op.f("fk_choices_practice_id_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id", "friend_id"],
            ["friends.practice_id", "friends.client_id", "friends.id"],
            name=op.f("fk_choices_practice_id_client_id_friend_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_choices")),
    )
    op.create_index(
        "ix_choices_practice_id_assignment_id",
        "choices",
        ["practice_id", "assignment_id", "month"],
        unique=False,
    )
    op.create_index("ix_choices_practice_id_friend_id", "choices", ["practice_id", "friend_id"], unique=False)


def _policies() -> None:
    for table in ("habits", "habit_templates", "assignments", "assignment_pauses", "cycles"):
        rls.enable_tenant_rls(table)
    for table in ("plans", "choices"):
        rls.enable_person_rls(table)
