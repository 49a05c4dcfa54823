"""Bookings: a coach's time is taken once, by the database's own rule; and coaching sessions follow them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import rls

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and bind them to the practice."""
    _bookings()
    _booking_answers()
    _waits()
    _follow_bookings()


def _bookings() -> None:
    op.create_table("bookings", *_columns_of_bookings(), *_keys_of_bookings())
    _index_bookings()
    rls.enable_tenant_rls("bookings")


def _columns_of_bookings() -> list[sa.Column[Any]]:
    return [
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=True),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("busy_from", _INSTANT, nullable=False),
        sa.Column("busy_until", _INSTANT, nullable=False),
        sa.Column("held_until", _INSTANT, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("place_kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("paid_with", sa.Text(), nullable=False),
        sa.Column("is_intro", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("free_until_minutes", sa.Integer(), nullable=False),
        sa.Column("late_percent", sa.Integer(), nullable=False),
        sa.Column("move_until_minutes", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("confirmed_at", _INSTANT, nullable=True),
        sa.Column("moved_from", _INSTANT, nullable=True),
        sa.Column("moved_at", _INSTANT, nullable=True),
        sa.Column("cancelled_at", _INSTANT, nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), server_default="", nullable=False),
    ]


def _keys_of_bookings() -> list[sa.Constraint]:
    return [
        postgresql.ExcludeConstraint(
            ("practice_id", "="),
            ("coach_id", "="),
            (sa.text("tstzrange(busy_from, busy_until)"), "&&"),
            where=sa.text("status in ('held', 'confirmed')"),
            using="gist",
            name="ex_bookings_coach",
        ),
        sa.CheckConstraint("cancelled_by in ('client', 'coach', 'system')", name=op.f("ck_bookings_cancelled_by")),
        sa.CheckConstraint("paid_with in ('nothing', 'money', 'credit', 'coach')", name=op.f("ck_bookings_paid_with")),
        sa.CheckConstraint("status <> 'held' or held_until is not null", name=op.f("ck_bookings_held_until")),
        sa.CheckConstraint(
            "status in ('held', 'confirmed', 'completed', 'no_show', 'expired', 'cancelled')",
            name=op.f("ck_bookings_status"),
        ),
        sa.CheckConstraint(
            "status not in ('confirmed', 'completed', 'no_show') or client_id is not null",
            name=op.f("ck_bookings_client"),
        ),
        sa.CheckConstraint(
            "busy_from <= starts_at and starts_at < ends_at and ends_at <= busy_until", name=op.f("ck_bookings_range")
        ),
        sa.CheckConstraint("price >= 0", name=op.f("ck_bookings_price")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_bookings_practice_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_bookings_practice_id_coach_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "offering_id"],
            ["offerings.practice_id", "offerings.id"],
            name=op.f("fk_bookings_practice_id_offering_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_bookings")),
    ]


def _index_bookings() -> None:
    op.create_index(
        "ix_bookings_practice_id_busy",
        "bookings",
        ["practice_id", "coach_id", "busy_until"],
        postgresql_where=sa.text("status in ('held', 'confirmed')"),
    )
    op.create_index("ix_bookings_practice_id_client_id", "bookings", ["practice_id", "client_id", "starts_at"])
    op.create_index("ix_bookings_practice_id_coach_id", "bookings", ["practice_id", "coach_id", "starts_at"])
    op.create_index("ix_bookings_practice_id_email", "bookings", ["practice_id", "email"])
    op.create_index(
        "ix_bookings_practice_id_held_until",
        "bookings",
        ["practice_id", "held_until"],
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index("ix_bookings_practice_id_series_id", "bookings", ["practice_id", "series_id"])


def _booking_answers() -> None:
    op.create_table(
        "booking_answers",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "booking_id"],
            ["bookings.practice_id", "bookings.id"],
            name=op.f("fk_booking_answers_practice_id_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "booking_id", "position", name=op.f("pk_booking_answers")),
    )
    rls.enable_tenant_rls("booking_answers")


def _waits() -> None:
    op.create_table("waits", *_columns_of_waits(), *_keys_of_waits())
    _index_waits()
    rls.enable_tenant_rls("waits")


def _columns_of_waits() -> list[sa.Column[Any]]:
    return [
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("found_at", _INSTANT, nullable=True),
        sa.Column("found_starts_at", _INSTANT, nullable=True),
        sa.Column("told_at", _INSTANT, nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
    ]


def _keys_of_waits() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_waits_days")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_waits_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "coach_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_waits_practice_id_coach_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "offering_id"],
            ["offerings.practice_id", "offerings.id"],
            name=op.f("fk_waits_practice_id_offering_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_waits")),
    ]


def _index_waits() -> None:
    op.create_index("ix_waits_practice_id_offering_id", "waits", ["practice_id", "offering_id", "last_day"])


def _follow_bookings() -> None:
    """Each coaching session ahead takes its coach's time by a booking; where two overlap, the one made first."""
    table = "coaching_sessions"
    op.add_column(table, sa.Column("booking_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_coaching_sessions_practice_id_booking_id"), table, ["practice_id", "booking_id"]
    )
    op.create_foreign_key(
        op.f("fk_coaching_sessions_practice_id_booking_id"),
        table,
        "bookings",
        ["practice_id", "booking_id"],
        ["practice_id", "id"],
    )
    op.drop_constraint(op.f("ck_coaching_sessions_status"), table)
    op.create_check_constraint(
        op.f("ck_coaching_sessions_status"), table, "status in ('scheduled', 'held', 'cancelled', 'missed')"
    )
    with rls.seeing_all(table, "bookings", "clients", "practices"):
        op.execute(_BOOK_SESSIONS_AHEAD)
        op.execute(
            "update coaching_sessions s set booking_id = b.id from bookings b "
            "where b.practice_id = s.practice_id and b.id = s.id"
        )


_BOOK_SESSIONS_AHEAD = """
insert into bookings (practice_id, id, coach_id, client_id, status, starts_at, ends_at, busy_from, busy_until, title,
    name, email, time_zone, locale, place_kind, place, price, currency, paid_with, free_until_minutes, late_percent,
    move_until_minutes, sequence, created_at, confirmed_at)
select s.practice_id, s.id, s.coach_id, s.client_id, 'confirmed', s.starts_at, s.ends_at, s.starts_at, s.ends_at, '',
    c.name, c.email, c.time_zone, p.locale, 'address', s.place, 0, p.currency, 'coach', 0, 0, 0, s.sequence,
    s.created_at, s.created_at
from (select *, starts_at + make_interval(mins => minutes) as ends_at from coaching_sessions
      where status = 'scheduled') s
join clients c on c.practice_id = s.practice_id and c.id = s.client_id
join practices p on p.id = s.practice_id
where not exists (
    select from coaching_sessions o
    where o.practice_id = s.practice_id and o.coach_id = s.coach_id and o.status = 'scheduled' and o.id < s.id
    and o.starts_at < s.ends_at and s.starts_at < o.starts_at + make_interval(mins => o.minutes))
"""
