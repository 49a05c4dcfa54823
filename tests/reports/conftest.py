"""Many clients at once."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from coachhub.habits.service.habits import ensure_default_habit
from coachhub.platform.ports import ports
from tests.cast import Cast
from tests.habits.facts import acting

AddMany = Callable[[int], None]

_CLIENTS = """
insert into clients (practice_id, coach_id, name, email, time_zone, status, created_at, activated_at)
select %(practice)s, %(coach)s, 'Client ' || lpad(n::text, 4, '0'), 'client' || n || '@example.com', 'Europe/London',
'active', '2025-01-01', '2025-01-01' from generate_series(%(first)s::int, %(last)s::int) n
"""
_ASSIGNMENTS = """
insert into assignments (practice_id, client_id, habit_id, from_month, target, minutes, created_at)
select practice_id, id, %(habit)s, '2025-02-01', 1, 60, '2025-02-01' from clients c where email like 'client%%'
and not exists (select from assignments a where a.client_id = c.id)
"""
_CYCLES = """
insert into cycles (practice_id, assignment_id, month, client_id, committed_at, chosen_at, held, minutes, last_held_at)
select a.practice_id, a.id, m, a.client_id, m, m, 1, 60, m from assignments a,
generate_series(timestamptz '2025-02-01', '2026-02-01', '1 month') m on conflict do nothing
"""


@pytest.fixture
def add_many(cast: Cast, admin: psycopg.Connection) -> AddMany:
    """Brings Ana's practice to so many further clients, with thirteen months each."""
    with acting(cast, cast.ana):
        habit = ensure_default_habit()

    def add(last: int) -> None:
        first = (admin.execute("select count(*) from clients where email like 'client%'").fetchone() or (0,))[0] + 1
        keys = {"practice": cast.ana.practice_id, "coach": cast.ana.user_id, "habit": habit}
        for statement in (_CLIENTS, _ASSIGNMENTS, _CYCLES):
            admin.execute(statement, {**keys, "first": first, "last": last})

    return add


@pytest.fixture
def plan_sold(cast: Cast) -> Iterator[None]:
    """The platform sells a plan."""
    with cast.app.app_context():
        wired, usual = ports(), ports().settings
    wired.settings = usual.model_copy(update={"stripe_price_id": "price_1"})
    yield
    wired.settings = usual
