"""What a practice, its coaches and the operator say about reminders; quiet hours; nudges."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import rls

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables, then bind them."""
    _quiet_hours()
    _rules()
    _coach_switches()
    _nudges()
    _pauses()


def _quiet_hours() -> None:
    op.add_column("practices", sa.Column("quiet_from", sa.Time(), server_default="20:00", nullable=False))
    op.add_column("practices", sa.Column("quiet_until", sa.Time(), server_default="08:00", nullable=False))
    op.add_column("clients", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("clients", sa.Column("quiet_until", sa.Time(), nullable=True))


def _rules() -> None:
    op.create_table(
        "reminder_rules",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_off", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_reminder_rules_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "kind", name=op.f("pk_reminder_rules")),
    )
    rls.enable_tenant_rls("reminder_rules")


def _coach_switches() -> None:
    op.create_table(
        "coach_switches",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "user_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_coach_switches_practice_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "user_id", "kind", name=op.f("pk_coach_switches")),
    )
    rls.enable_tenant_rls("coach_switches")


def _nudges() -> None:
    """The exclusion keeps a second nudge away for a day, whatever two coaches do at the same moment."""
    op.create_table(
        "nudges",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_nudges_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_nudges_practice_id_coach_id"),
        ),
        postgresql.ExcludeConstraint(
            (sa.column("practice_id"), "="),
            (sa.column("client_id"), "="),
            (sa.text("tstzrange(created_at, until)"), "&&"),
            name="ex_nudges_one_a_day",
            using="gist",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_nudges")),
    )
    op.create_index("ix_nudges_practice_id_client_id", "nudges", ["practice_id", "client_id", "created_at"])
    op.create_index("ix_nudges_practice_id_created_at", "nudges", ["practice_id", "created_at"])
    rls.enable_tenant_rls("nudges")


def _pauses() -> None:
    """The operator's, across practices: without a practice it holds for all, without a kind for every kind."""
    op.create_table(
        "mail_pauses",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_mail_pauses_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_pauses")),
        sa.UniqueConstraint(
            "practice_id", "kind", name=op.f("uq_mail_pauses_practice_id_kind"), postgresql_nulls_not_distinct=True
        ),
    )
    op.execute("alter table mail_pauses enable row level security")
    op.execute("alter table mail_pauses force row level security")
    op.execute("grant select on mail_pauses to coachhub_web")
    op.execute("grant select, insert, delete on mail_pauses to coachhub_worker")
    rls.policy("mail_pauses", "everybody_reads", f"for select to {rls.APPLICATION} using (true)")
    rls.policy("mail_pauses", "operator_pauses", "for insert to coachhub_worker with check (true)")
    rls.policy("mail_pauses", "operator_resumes", "for delete to coachhub_worker using (true)")
