"""Busy times are found by their index, as the web role asks for them, among years of bookings of many coaches."""

from datetime import timedelta
from typing import Any

import psycopg
from sqlalchemy import event

from coachhub.booking.service.slots import free_slots
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.booking.offered import MONDAY, an_offering, lives_in, works
from tests.cast import Cast
from tests.conftest import NOW

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
    plan = _plan_of(cast, offering_id)
    assert "ix_bookings_practice_id_busy" in plan or "ex_bookings_coach" in plan  # either knows what is taken when
    assert "ix_blocked_times_practice_id_coach_id" in plan
    assert "Seq Scan on bookings" not in plan


def _plan_of(cast: Cast, offering_id: Any) -> str:
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "bookings" in statement and not statement.startswith("explain"):
            plans.extend(row[0] for row in connection.exec_driver_sql(f"explain {statement}", parameters))

    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        event.listen(db.engine, "before_cursor_execute", explain)
        try:
            free_slots(offering_id, MONDAY, MONDAY + timedelta(days=31), NOW)
        finally:
            event.remove(db.engine, "before_cursor_execute", explain)
    return "\n".join(plans)
