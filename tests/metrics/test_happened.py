"""What happens anywhere is told by the web: bookings, messages, webhooks, reports, and the jobs of real workers."""

from collections.abc import Callable
from pathlib import Path

import psutil
from flask import Flask
from redis import Redis

from coachhub.booking.service.changes import BOOKINGS
from coachhub.metrics.happened import COUNTED, MEASURED
from coachhub.platform import jobs
from coachhub.platform.clock import SystemClock
from coachhub.platform.config import Settings
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.metrics.scrapes import TOKEN, Scrape
from tests.reminders.rows import a_proof
from tests.reminders.wakes import a_wake
from tests.workers.processes import Processes, eventually

Ask = Callable[[], Scrape]


def test_it_tells_every_family_before_anything_has_happened(scrape: Ask) -> None:
    assert {each.name for each in (*COUNTED, *MEASURED)} <= scrape().names()


def test_it_tells_what_happened_in_the_web(watched: Flask, cast: Cast, scrape: Ask) -> None:
    with watched.app_context(), as_practice(cast.ana.practice_id):
        BOOKINGS.happened("held")
    assert scrape().value("coachhub_bookings_total", became="held") == 1


def test_it_skips_what_an_older_version_has_counted_otherwise(scrape: Ask, valkey: Redis) -> None:
    valkey.hset(
        "coachhub:counts", mapping={"coachhub_bookings": "3", "coachhub_bookings\x1fheld": "2", "gone\x1fx": "1"}
    )
    told = scrape()
    family = next(family for family in told.families if family.name == "coachhub_bookings")
    assert [(sample.labels, sample.value) for sample in family.samples] == [({"became": "held"}, 2)]


def test_it_tells_what_a_worker_did(
    cast: Cast, scrape: Ask, processes: Processes, settings: Settings, tmp_path: Path
) -> None:
    a_proof(cast.app, cast.ben, "sign_in", SystemClock().now())
    a_wake(cast.app, cast.ana, SystemClock().now())
    processes.start("workers.boot", "worker", "default", METRICS_TOKEN=TOKEN, COACHHUB_DATA=str(tmp_path))
    queue = jobs.RqQueue(settings.redis_url.get_secret_value())
    queue.put(jobs.Ring("workers.jobs.deliver_mail", (str(cast.ana.practice_id),), jobs.DEFAULT))
    queue.put(jobs.Ring("workers.jobs.deliver_mail", ("nobody's",), jobs.DEFAULT))
    eventually(lambda: _ended(scrape, "failed"), processes.log.read_text)
    told = scrape()
    assert told.value("coachhub_jobs_total", name="deliver_mail", outcome="done") == 1
    assert told.value("coachhub_messages_total", kind="sign_in_code", outcome="sent") == 1
    assert told.value("coachhub_job_seconds_count", name="deliver_mail") == 2
    assert (told.value("coachhub_job_sql_statements_total", name="deliver_mail") or 0) > 3
    assert (told.value("coachhub_job_sql_seconds_total", name="deliver_mail") or 0) > 0
    assert str(cast.ana.practice_id) not in told.text


def _ended(scrape: Ask, outcome: str) -> bool:
    return bool(scrape().value("coachhub_jobs_total", name="deliver_mail", outcome=outcome))


def test_it_tells_of_a_job_whose_process_was_killed(
    scrape: Ask, clean: None, processes: Processes, settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    worker = processes.start("workers.boot", "worker", "default", METRICS_TOKEN=TOKEN, COACHHUB_DATA=str(tmp_path))
    queue = jobs.RqQueue(settings.redis_url.get_secret_value())
    queue.put(jobs.Ring("tests.workers.trial_jobs.take_for_ever", (str(log),), jobs.DEFAULT))
    eventually(log.exists, processes.log.read_text)
    [horse] = psutil.Process(worker.pid).children()
    horse.kill()
    killed = {"name": "take_for_ever", "outcome": "killed"}
    eventually(lambda: bool(scrape().value("coachhub_jobs_total", **killed)), processes.log.read_text)
