"""Real processes: workers, scheduler, and what the doctor hears of them."""

import json
import signal
import socket
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from coachhub.platform import jobs, migrate
from coachhub.platform.clock import SystemClock
from coachhub.platform.config import Settings
from coachhub.platform.moments import TICK
from tests.cast import Cast
from tests.reminders.rows import a_proof
from tests.reminders.wakes import a_wake
from tests.workers.processes import Processes, eventually

_A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def url(settings: Settings, valkey: Redis) -> str:
    return settings.redis_url.get_secret_value()


def test_it_mails_a_code_that_nobody_rang_for_and_stops_when_told(
    cast: Cast, settings: Settings, processes: Processes, url: str, tmp_path: Path
) -> None:
    a_proof(cast.app, cast.ben, "sign_in", SystemClock().now())
    a_wake(cast.app, cast.ana, SystemClock().now())
    started = [
        processes.start("workers.boot", *what, COACHHUB_DATA=str(tmp_path))
        for what in (("worker", "default"), ("worker", "urgent"), ("scheduler",))
    ]
    eventually(lambda: list((tmp_path / "mail").glob("*.eml")) != [], processes.log.read_text)
    [kept] = (tmp_path / "mail").glob("*.eml")
    assert message_from_bytes(kept.read_bytes(), policy=policy.default)["To"] == "Ben Berger <ben@example.com>"
    eventually(lambda: _ticked(url), processes.log.read_text)
    both = ["default", "urgent"]
    eventually(lambda: jobs.live_workers(url, SystemClock().now()) == both, processes.log.read_text)
    for child in started:
        child.send_signal(signal.SIGTERM)
    assert [child.wait(15) for child in started] == [0, 0, 0]
    assert jobs.live_workers(url, SystemClock().now()) == []


def _ticked(url: str) -> bool:
    tick = TICK.last(url)
    return tick is not None and SystemClock().now() - tick < _A_MINUTE


def test_it_does_not_count_a_killed_worker_as_living_for_long(processes: Processes, url: str, clean: None) -> None:
    child = processes.fork("workers.boot", "worker", "urgent")
    eventually(lambda: jobs.live_workers(url, SystemClock().now()) == ["urgent"], processes.log.read_text)
    processes.kill(child)
    assert jobs.live_workers(url, SystemClock().now() + _A_MINUTE) == []


def test_it_makes_itself_known_again_to_an_emptied_valkey(
    processes: Processes, url: str, valkey: Redis, clean: None
) -> None:
    processes.fork("workers.boot", "worker", "urgent")
    eventually(lambda: jobs.live_workers(url, SystemClock().now()) == ["urgent"], processes.log.read_text)
    valkey.flushdb()
    jobs.RqQueue(url).put(jobs.Ring("workers.jobs.sweep", (), "urgent"))
    eventually(lambda: _ticked(url), processes.log.read_text)
    eventually(lambda: jobs.live_workers(url, SystemClock().now()) == ["urgent"], processes.log.read_text)


@pytest.fixture
def older(admin: psycopg.Connection) -> Iterator[str]:
    """A schema of the version before, until the test is over. What brings it to ours, as a statement."""
    newest = f"update alembic_version set version_num = '{migrate.head()}'"
    admin.execute("update alembic_version set version_num = '0001'")
    yield newest
    admin.execute(newest)


def test_it_takes_no_job_before_the_schema_is_as_new_as_its_code(
    processes: Processes, admin: psycopg.Connection, older: str, url: str, tmp_path: Path
) -> None:
    bell, marks = jobs.RqQueue(url), tmp_path / "marks"
    for _ in range(2):
        bell.put(jobs.Ring("tests.workers.trial_jobs.mark", (str(marks),), "urgent"))
    child = processes.start("workers.boot", "worker", "urgent")
    eventually(lambda: "schema_awaited" in processes.log.read_text(), processes.log.read_text)
    time.sleep(3)  # it has looked once more
    assert (child.poll(), marks.exists(), jobs.live_workers(url, SystemClock().now())) == (None, False, [])
    assert processes.log.read_text().count("schema_awaited") == 1
    admin.execute(older)
    eventually(marks.exists, processes.log.read_text)
    assert jobs.failed_jobs(url) == []


def test_it_waits_for_a_database_that_is_away_and_ends_when_told(processes: Processes, url: str, clean: None) -> None:
    away = "postgresql://somebody:hidden@127.0.0.1:1/coachhub"
    child = processes.start("workers.boot", "worker", "urgent", DATABASE_WORKER_URL=away)
    eventually(lambda: "schema_awaited" in processes.log.read_text(), processes.log.read_text)
    child.send_signal(signal.SIGTERM)
    assert child.wait(15) == -signal.SIGTERM
    assert "hidden" not in processes.log.read_text()


def test_it_puts_no_pickle_into_valkey(url: str, valkey: Redis) -> None:
    jobs.RqQueue(url).put(jobs.Ring("workers.jobs.deliver_mail", ("an id",), "urgent"))
    [key] = valkey.keys("rq:job:*")
    function, _, arguments, _ = json.loads(zlib.decompress(valkey.hget(key, "data")))
    assert (function, arguments) == ("workers.jobs.deliver_mail", ["an id"])


def test_it_says_how_it_is_called(processes: Processes, admin: psycopg.Connection) -> None:
    child = processes.start("workers.boot", "worker", "no-such-queue")
    assert child.wait(15) == 1
    assert "usage: python -m workers.boot" in processes.log.read_text()


def test_it_mails_once_though_two_schedulers_ask_three_workers(
    cast: Cast, processes: Processes, admin: psycopg.Connection, url: str, tmp_path: Path
) -> None:
    a_proof(cast.app, cast.ben, "sign_in", SystemClock().now())
    a_proof(cast.app, cast.cleo, "sign_in", SystemClock().now())
    for person in (cast.ana, cast.cleo):
        a_wake(cast.app, person, SystemClock().now())
    for what in (("worker", "default"), ("worker", "default"), ("worker", "urgent"), ("scheduler",), ("scheduler",)):
        processes.fork("workers.boot", *what, COACHHUB_DATA=str(tmp_path))
    sent = "select count(*) from outbox where state = 'sent'"
    eventually(lambda: admin.execute(sent).fetchone() == (2,), processes.log.read_text)
    eventually(lambda: TICK.last(url) is not None, processes.log.read_text)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2


def test_it_says_whether_the_one_on_this_host_lives(processes: Processes, url: str, clean: None) -> None:
    host, now = socket.gethostname(), SystemClock().now()
    assert processes.start("workers.boot", "beating", "worker", "urgent").wait(15) == 1
    started = [processes.fork("workers.boot", *what) for what in (("worker", "urgent"), ("scheduler",))]
    eventually(lambda: jobs.is_beating(url, host, "urgent", now), processes.log.read_text)
    eventually(lambda: jobs.is_beating(url, host, None, now), processes.log.read_text)
    asked = [processes.start("workers.boot", "beating", *what) for what in (("worker", "urgent"), ("scheduler",))]
    assert [child.wait(15) for child in asked] == [0, 0]
    assert not jobs.is_beating(url, host, "bulk", now)
    assert not jobs.is_beating(url, "another", "urgent", now)
    for child in started:
        processes.kill(child)
    assert not jobs.is_beating(url, host, "urgent", SystemClock().now() + _A_MINUTE)
    assert not jobs.is_beating(url, host, None, SystemClock().now() + _A_MINUTE)


def test_it_starts_nobody_again_because_valkey_is_away() -> None:
    assert jobs.is_beating("redis://127.0.0.1:1/0", socket.gethostname(), "urgent", SystemClock().now())
