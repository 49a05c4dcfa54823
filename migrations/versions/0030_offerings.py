"""What can be booked, and when coaches are free."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0030"
down_revision = "0025"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and bind them to the practice."""
    _practice_pages()
    _coach_profiles()
    _weekly_hours()
    _dated_hours()
    _blocked_times()
    _offerings()
    _offering_coaches()
    _questions()
    _packages()


def _practice_pages() -> None:
    op.create_table(
        "practice_pages",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("headline", sa.Text(), server_default="", nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_practice_pages_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_practice_pages")),
    )
    rls.enable_tenant_rls("practice_pages")


def _coach_profiles() -> None:
    op.create_table(
        "coach_profiles",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("daily_limit", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("feed_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("daily_limit > 0", name=op.f("ck_coach_profiles_daily_limit")),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_coach_profiles_practice_id_coach_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "coach_id", name=op.f("pk_coach_profiles")),
    )
    rls.enable_tenant_rls("coach_profiles")


def _weekly_hours() -> None:
    op.create_table(
        "weekly_hours",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= from_minute and from_minute < until_minute and until_minute <= 1440",
            name=op.f("ck_weekly_hours_range"),
        ),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_weekly_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_weekly_hours_practice_id_coach_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_weekly_hours")),
    )
    op.create_index(
        "ix_weekly_hours_practice_id_coach_id", "weekly_hours", ["practice_id", "coach_id", "weekday", "from_minute"]
    )
    rls.enable_tenant_rls("weekly_hours")


def _dated_hours() -> None:
    op.create_table(
        "dated_hours",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=True),
        sa.Column("until_minute", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(from_minute is null and until_minute is null) "
            "or (0 <= from_minute and from_minute < until_minute and until_minute <= 1440)",
            name=op.f("ck_dated_hours_range"),
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_dated_hours_days")),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_dated_hours_practice_id_coach_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_dated_hours")),
    )
    op.create_index("ix_dated_hours_practice_id_coach_id", "dated_hours", ["practice_id", "coach_id", "last_day"])
    rls.enable_tenant_rls("dated_hours")


def _blocked_times() -> None:
    op.create_table(
        "blocked_times",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_blocked_times_range")),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_blocked_times_practice_id_coach_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_blocked_times")),
    )
    op.create_index("ix_blocked_times_practice_id_coach_id", "blocked_times", ["practice_id", "coach_id", "ends_at"])
    rls.enable_tenant_rls("blocked_times")


def _offerings() -> None:
    op.create_table(
        "offerings",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_intro", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("place_kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("buffer_before", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("buffer_after", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), server_default=sa.text("720"), nullable=False),
        sa.Column("horizon_days", sa.Integer(), server_default=sa.text("60"), nullable=False),
        sa.Column("step_minutes", sa.Integer(), server_default=sa.text("30"), nullable=False),
        sa.Column("daily_limit", sa.Integer(), nullable=True),
        sa.Column("free_until_minutes", sa.Integer(), server_default=sa.text("1440"), nullable=False),
        sa.Column("late_percent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("move_until_minutes", sa.Integer(), server_default=sa.text("1440"), nullable=False),
        sa.Column("coach_choice", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "place_kind in ('video', 'phone', 'address', 'client')", name=op.f("ck_offerings_place_kind")
        ),
        sa.CheckConstraint("status in ('draft', 'open', 'closed')", name=op.f("ck_offerings_status")),
        sa.CheckConstraint(
            "buffer_before between 0 and 720 and buffer_after between 0 and 720", name=op.f("ck_offerings_buffers")
        ),
        sa.CheckConstraint("daily_limit > 0", name=op.f("ck_offerings_daily_limit")),
        sa.CheckConstraint("free_until_minutes >= 0 and move_until_minutes >= 0", name=op.f("ck_offerings_until")),
        sa.CheckConstraint("late_percent between 0 and 100", name=op.f("ck_offerings_late_percent")),
        sa.CheckConstraint("minutes between 5 and 720", name=op.f("ck_offerings_minutes")),
        sa.CheckConstraint("notice_minutes >= 0 and horizon_days between 1 and 730", name=op.f("ck_offerings_reach")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_offerings_price")),
        sa.CheckConstraint("step_minutes between 5 and 720", name=op.f("ck_offerings_step")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_offerings_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_offerings")),
        sa.UniqueConstraint("practice_id", "slug", name=op.f("uq_offerings_practice_id_slug")),
    )
    rls.enable_tenant_rls("offerings")


def _offering_coaches() -> None:
    op.create_table(
        "offering_coaches",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_offering_coaches_practice_id_coach_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "offering_id"],
            ["offerings.practice_id", "offerings.id"],
            name=op.f("fk_offering_coaches_practice_id_offering_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "offering_id", "coach_id", name=op.f("pk_offering_coaches")),
    )
    rls.enable_tenant_rls("offering_coaches")


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("is_required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("kind in ('line', 'text', 'choice')", name=op.f("ck_questions_kind")),
        sa.ForeignKeyConstraint(
            ["practice_id", "offering_id"],
            ["offerings.practice_id", "offerings.id"],
            name=op.f("fk_questions_practice_id_offering_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_practice_id_offering_id", "questions", ["practice_id", "offering_id", "position"])
    rls.enable_tenant_rls("questions")


def _packages() -> None:
    op.create_table(
        "packages",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.Column("rolls_over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.CheckConstraint("status in ('draft', 'open', 'closed')", name=op.f("ck_packages_status")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_packages_price")),
        sa.CheckConstraint("sessions between 1 and 100", name=op.f("ck_packages_sessions")),
        sa.CheckConstraint("valid_days > 0", name=op.f("ck_packages_valid_days")),
        sa.ForeignKeyConstraint(
            ["practice_id", "offering_id"],
            ["offerings.practice_id", "offerings.id"],
            name=op.f("fk_packages_practice_id_offering_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_packages")),
        sa.UniqueConstraint("practice_id", "slug", name=op.f("uq_packages_practice_id_slug")),
    )
    op.create_index("ix_packages_practice_id_offering_id", "packages", ["practice_id", "offering_id"])
    rls.enable_tenant_rls("packages")
