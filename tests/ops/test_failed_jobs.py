"""The operator sees failed jobs and tries them again; the doctor speaks of them."""

import json
from datetime import timedelta

import psycopg
import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from coachhub.operations.service.checks import examine
from coachhub.platform import jobs
from coachhub.platform.clock import FixedClock, SystemClock
from coachhub.platform.config import Settings
from coachhub.platform.jobs import DEFAULT, FailedJob, Ring, RqQueue
from tests.cast import Cast
from tests.ops.conftest import Tell
from tests.ops.test_mail_status import a_message


@pytest.fixture
def failed(settings: Settings, tell: Tell, valkey: Redis, monkeypatch: pytest.MonkeyPatch) -> FailedJob:
    """A job that has failed as often as it was tried."""
    monkeypatch.setattr(jobs, "_TRY_AGAIN_AFTER", (0,))
    url = settings.redis_url.get_secret_value()
    RqQueue(url).put(Ring("tests.workers.trial_jobs.fail", ("/dev/null",), DEFAULT))
    queue = Queue(DEFAULT, connection=valkey, serializer=JSONSerializer)
    worker = SimpleWorker([queue], connection=valkey, serializer=JSONSerializer)
    worker.push_exc_handler(jobs._note_failure)
    worker.work(burst=True)
    [found] = jobs.failed_jobs(url)
    return found


def test_it_lists_failed_jobs_without_what_their_error_said(failed: FailedJob, tell: Tell) -> None:
    said = tell("jobs", "failed").output
    assert said.startswith(failed.id)
    assert said.endswith("default  tests.workers.trial_jobs.fail(/dev/null)  LookupError\n")
    [told] = json.loads(tell("jobs", "failed", "--json").stdout)["failed"]
    assert (told["id"], told["queue"], told["error"]) == (failed.id, "default", "LookupError")
    assert "ben@example.com" not in said


@pytest.mark.parametrize("which", ["--all", "id"])
def test_it_tries_a_failed_job_again(failed: FailedJob, tell: Tell, valkey: Redis, which: str) -> None:
    answer = tell("jobs", "retry", failed.id if which == "id" else which)
    assert (answer.exit_code, answer.output) == (0, "Put back: 1.\n")
    assert valkey.llen("rq:queue:default") == 1
    assert tell("jobs", "failed").output == "No job has failed in the last week.\n"


def test_it_forgets_a_failed_job(failed: FailedJob, tell: Tell, valkey: Redis) -> None:
    assert tell("jobs", "forget", "--all").output == "Forgotten: 1.\n"
    assert tell("jobs", "failed").output == "No job has failed in the last week.\n"
    assert valkey.llen("rq:queue:default") == 0


def test_it_refuses_a_job_that_has_not_failed_and_a_retry_of_nothing(cast: Cast, tell: Tell) -> None:
    unknown = tell("jobs", "retry", "nobody")
    assert (unknown.exit_code, unknown.stderr) == (1, "coachhub: no failed job nobody\n")
    assert tell("jobs", "retry").exit_code == 2


def _said(settings: Settings, name: str, clock: FixedClock | None = None) -> tuple[bool, str]:
    [found] = [check for check in examine(settings, clock) if check.name == name]
    return found.is_fine, found.found


def test_it_speaks_of_failed_jobs_for_a_day(failed: FailedJob, settings: Settings) -> None:
    assert _said(settings, "failed jobs") == (False, "1, 1 of the last day: coachhub jobs failed")
    later = FixedClock(SystemClock().now() + timedelta(days=2))
    assert _said(settings, "failed jobs", later) == (True, "1, 0 of the last day: coachhub jobs failed")


def test_it_speaks_of_unknown_mail_and_of_what_is_held_back(
    cast: Cast, settings: Settings, admin: psycopg.Connection, tell: Tell
) -> None:
    assert (_said(settings, "unknown mail"), _said(settings, "held back")) == ((True, "none"), (True, "nothing"))
    a_message(admin, cast, "unknown", timedelta(hours=2))
    a_message(admin, cast, "unknown", timedelta(days=2))
    tell("mail", "pause", "--kind", "new_month")
    assert _said(settings, "unknown mail") == (False, "2 held, 1 of the last day")
    assert _said(settings, "held back") == (True, "new_month of every practice")


def test_it_finds_mail_that_waits_for_too_long(cast: Cast, settings: Settings, admin: psycopg.Connection) -> None:
    a_message(admin, cast, "due", timedelta(minutes=10))
    assert _said(settings, "outbox") == (True, "1 due, the oldest for 10 min")
    a_message(admin, cast, "due", timedelta(minutes=20))
    assert _said(settings, "outbox") == (False, "2 due, the oldest for 20 min")
