"""A worker killed in the middle of sending: nothing is lost, nothing is sent twice."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from coachhub.platform.config import Settings
from coachhub.platform.jobs import URGENT, Ring, RqQueue
from tests.cast import Cast
from tests.workers.processes import Processes, eventually

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # three hours after March's reminder is due in London
MAILS = 500
KILLED_AFTER = (3, 150, 290, 480)

_MANY_CLIENTS = """
with people as (
  insert into users (email, name, locale, time_zone, created_at)
  select 'client' || n || '@example.com', 'Client ' || n, 'en_GB', 'Europe/London', '2025-01-01'
  from generate_series(1, %(mails)s) n returning id, email, name
), members as (
  insert into memberships (practice_id, user_id, role, created_at)
  select %(practice)s, id, 'client', '2025-01-01' from people returning user_id
), habit as (
  insert into habits (practice_id, name, steps, created_at)
  values (%(practice)s, 'One hour a month', '{a,b,c,d,e}', '2025-01-01') returning id
), records as (
  insert into clients (practice_id, user_id, coach_id, name, email, time_zone, status, created_at, activated_at)
  select %(practice)s, people.id, %(coach)s, name, email, 'Europe/London', 'active', '2025-01-01', '2025-01-01'
  from people join members on members.user_id = people.id returning id
)
insert into assignments (practice_id, client_id, habit_id, from_month, target, minutes, created_at)
select %(practice)s, records.id, habit.id, '2026-01-01', 1, 60, '2025-01-01' from records, habit
"""


@pytest.fixture
def many(cast: Cast, admin: psycopg.Connection) -> Cast:
    """The cast, with five hundred clients whose reminder is due."""
    whose = {"practice": cast.ana.practice_id, "coach": cast.ana.user_id, "mails": MAILS}
    admin.execute(_MANY_CLIENTS, whose)
    return cast


def test_it_sends_500_mails_once_each_though_its_worker_is_killed_again_and_again(
    many: Cast, settings: Settings, admin: psycopg.Connection, processes: Processes, valkey: Redis, tmp_path: Path
) -> None:
    sink = tmp_path / "sink"
    sink.touch()
    bell = RqQueue(settings.redis_url.get_secret_value())
    for point in (*KILLED_AFTER, MAILS):
        worker = processes.start("tests.workers.sink_worker", URGENT, str(sink), NOON.isoformat())
        bell.put(Ring("workers.jobs.deliver_mail", (str(many.ana.practice_id),), URGENT))
        eventually(lambda at=point: _taken(sink) >= at, lambda: processes.log.read_text()[-3000:])
        if point < MAILS:
            processes.kill(worker)
            assert point <= _taken(sink) < MAILS
            _let_claims_end(admin)
    eventually(lambda: _states(admin) == {"sent": MAILS}, lambda: _states(admin))
    deliveries = Counter(line.split()[1] for line in sink.read_text().splitlines())
    assert len(deliveries) == MAILS
    assert set(deliveries.values()) == {1}


def _taken(sink: Path) -> int:
    return sink.read_text().count("\n")


def _let_claims_end(admin: psycopg.Connection) -> None:
    """Five minutes pass."""
    admin.execute("update outbox set leased_until = now() where state = 'claimed'")


def _states(admin: psycopg.Connection) -> dict[str, int]:
    return dict(admin.execute("select state, count(*) from outbox group by state").fetchall())
