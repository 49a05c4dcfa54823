"""How things stand is asked of the database and the queues, as one narrow function and RQ tell it."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from redis import Redis

from coachhub.platform import jobs
from coachhub.platform.clock import FixedClock, machine_now
from coachhub.platform.config import Settings
from coachhub.platform.moments import BACKUP
from tests.cast import Cast
from tests.conftest import NOW
from tests.metrics.scrapes import Scrape

Ask = Callable[[], Scrape]


def _write(admin: psycopg.Connection, cast: Cast, state: str, minutes: int, messages: int) -> None:
    """So many messages that were due so many minutes ago."""
    is_over = state in ("sent", "unknown")
    admin.execute(
        "insert into outbox (practice_id, kind, key, user_id, state, due_at, planned_at, leased_until, settled_at, "
        "is_trouble) select %s, 'new_month', gen_random_uuid()::text, %s, %s, %s, %s, %s, %s, %s "
        "from generate_series(1, %s)",
        [
            *(cast.ana.practice_id, cast.ana.user_id, state, NOW - timedelta(minutes=minutes), NOW),
            *(NOW if state == "claimed" else None, NOW if is_over else None, state == "unknown", messages),
        ],
    )


def test_it_tells_how_the_outbox_stands(cast: Cast, admin: psycopg.Connection, scrape: Ask) -> None:
    written = (("due", 5, 3), ("due", -60, 2), ("claimed", 7, 1), ("unknown", 9, 4), ("sent", 1, 5))
    for state, minutes, messages in written:
        _write(admin, cast, state, minutes, messages)
    told = scrape()
    states = ("due", "later", "claimed", "unknown")
    of = {state: told.value("coachhub_rows", what="outbox", state=state) for state in states}
    assert of == {"due": 3, "later": 2, "claimed": 1, "unknown": 4}
    assert told.value("coachhub_oldest_row_seconds", what="outbox", state="due") == 300
    assert told.value("coachhub_oldest_row_seconds", what="outbox", state="claimed") == 420


def test_it_tells_nought_where_nothing_is(clean: None, scrape: Ask) -> None:
    told = scrape()
    rows = next(family.samples for family in told.families if family.name == "coachhub_rows")
    assert {row.labels["what"] for row in rows} == {"outbox", "mail_events", "stripe_events", "reports", "bookings"}
    assert told.value("coachhub_rows", what="reports", state="waiting") == 0
    assert told.value("coachhub_oldest_row_seconds", what="outbox", state="due") == 0


def test_it_tells_how_long_the_first_job_waits(settings: Settings, valkey: Redis, scrape: Ask) -> None:
    url = settings.redis_url.get_secret_value()
    for number in range(3):
        jobs.RqQueue(url).put(jobs.Ring("workers.jobs.deliver_mail", (str(number),), jobs.DEFAULT))
    first = valkey.lindex("rq:queue:default", 0)
    ago = machine_now() - timedelta(seconds=90)
    valkey.hset(f"rq:job:{first.decode()}", "enqueued_at", ago.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))  # type: ignore[union-attr]
    told = scrape()
    assert told.value("coachhub_queue_jobs", queue="default") == 3
    assert told.value("coachhub_queue_jobs", queue="urgent") == 0
    assert told.value("coachhub_queue_oldest_seconds", queue="default") == pytest.approx(90, abs=20)
    assert told.value("coachhub_queue_oldest_seconds", queue="bulk") == 0
    assert told.value("coachhub_workers", queue="default") == 0


def test_it_tells_how_old_the_last_backup_is(settings: Settings, valkey: Redis, scrape: Ask) -> None:
    BACKUP.note(settings.redis_url.get_secret_value(), machine_now() - timedelta(hours=30))
    assert scrape().value("coachhub_backup_age_seconds") == pytest.approx(30 * 3600, abs=30)


def test_it_tells_of_no_backup_where_none_is_known(scrape: Ask) -> None:
    assert scrape().value("coachhub_backup_age_seconds") is None


def test_it_tells_that_valkey_is_away_and_the_rest(scrape: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_url: str) -> Redis:
        return Redis(host="127.0.0.1", port=1)

    monkeypatch.setattr(jobs, "connect", away)
    told = scrape()
    assert told.value("coachhub_up", server="valkey") == 0
    assert told.value("coachhub_up", server="database") == 1
    assert "coachhub_rows" in told.names()


def test_it_asks_only_every_few_seconds(cast: Cast, admin: psycopg.Connection, scrape: Ask, clock: FixedClock) -> None:
    assert scrape().value("coachhub_rows", what="outbox", state="due") == 0
    _write(admin, cast, "due", 5, 3)
    assert scrape().value("coachhub_rows", what="outbox", state="due") == 0
