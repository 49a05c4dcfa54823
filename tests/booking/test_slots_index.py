"""Busy times are found by their index, as the web role asks for them, among years of bookings of many coaches."""

from datetime import timedelta
from uuid import UUID

import psycopg

from tests.booking.offered import MONDAY, an_offering, lives_in, works
from tests.cast import Cast

_TOLD = """
    set local auto_explain.log_min_duration = 0; set local auto_explain.log_nested_statements = on;
    set local auto_explain.log_level = 'notice'; set local client_min_messages = 'notice'; set local role coachhub_web
"""
_YEARS = """
    insert into bookings (practice_id, coach_id, status, starts_at, ends_at, busy_from, busy_until, held_until, title,
        name, email, time_zone, locale, place_kind, price, currency, paid_with, free_until_minutes, late_percent,
        move_until_minutes, created_at)
    select m.practice_id, m.user_id, 'held', at, at + interval '1 hour', at, at + interval '1 hour', at, 'A session',
        'Vera', 'vera@example.org', 'UTC', 'en', 'video', 0, 'GBP', 'nothing', 0, 0, 0, at
    from memberships m, generate_series('2024-01-01'::timestamptz, '2026-05-01', '6 hours') at
    where m.role = 'owner'
"""
_BLOCKS = """
    insert into blocked_times (practice_id, coach_id, starts_at, ends_at, created_at)
    select m.practice_id, m.user_id, at, at + interval '1 hour', at
    from memberships m, generate_series('2024-01-01'::timestamptz, '2026-05-01', '6 hours') at
    where m.role = 'owner'
"""


def test_it_finds_what_is_taken_by_its_indexes(cast: Cast, admin: psycopg.Connection) -> None:
    lives_in(cast.app, cast.ana, "Europe/London")
    works(cast.app, cast.ana, 0, 9, 12)
    offering_id = an_offering(cast.app, cast.ana)
    for statement in (_YEARS, _BLOCKS, "analyze bookings", "analyze blocked_times"):
        admin.execute(statement)
    plan = _plan_of(cast, offering_id, admin)
    assert "ix_bookings_practice_id_busy" in plan or "ex_bookings_coach" in plan  # either knows what is taken when
    assert "ix_blocked_times_practice_id_coach_id" in plan
    assert "Seq Scan" not in plan


def test_it_is_planned_alike_while_the_tables_are_empty(cast: Cast, admin: psycopg.Connection) -> None:
    """A session keeps the plan while the tables grow."""
    offering_id = an_offering(cast.app, cast.ana)
    for statement in ("truncate bookings cascade", "analyze bookings", "analyze blocked_times", "analyze weekly_hours"):
        admin.execute(statement)
    plan = _plan_of(cast, offering_id, admin)
    assert "on bookings" in plan
    assert "Seq Scan" not in plan


def _plan_of(cast: Cast, offering_id: UUID, admin: psycopg.Connection) -> str:
    """As a session of the web role plans the function's statement, which only the server sees."""
    plans: list[str] = []
    since, until = MONDAY - timedelta(days=1), MONDAY + timedelta(days=31)
    admin.add_notice_handler(lambda notice: plans.append(notice.message_primary or ""))
    with admin.transaction(force_rollback=True):
        admin.execute("load 'auto_explain'")
        admin.execute(_TOLD)
        admin.execute("select set_config('app.practice_id', %s, true)", [str(cast.ana.practice_id)])
        asked = [cast.ana.practice_id, offering_id, since, until, since.date(), until.date()]
        admin.execute("select offer_between(%s, %s, null, null, %s, %s, %s, %s)", asked)
    return "\n".join(plans)
