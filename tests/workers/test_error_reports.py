"""What leaves as an error report: where something broke and ids, from the web and from a worker, over real HTTP."""

from collections.abc import Iterator

import pytest
import sentry_sdk
from flask import Flask
from pydantic import SecretStr
from redis import Redis

from coachhub.platform.config import Settings
from coachhub.platform.jobs import DEFAULT, Ring, RqQueue
from tests.cast import Cast, signed_in
from tests.log_lines import MARK, WAYS, breaking_app, events_of
from tests.servers.sentry import ErrorCollector
from tests.workers.processes import Processes, eventually


@pytest.fixture
def sentry() -> Iterator[ErrorCollector]:
    with ErrorCollector() as listening:
        yield listening


@pytest.fixture
def web(settings: Settings, cast: Cast, sentry: ErrorCollector) -> Iterator[Flask]:
    """An application whose pages break, and which reports it."""
    with breaking_app(settings, log_format="json", sentry_dsn=SecretStr(sentry.dsn)) as made:
        yield made
    sentry_sdk.get_client().close(timeout=2)
    sentry_sdk.get_global_scope().set_client(None)


def test_it_reports_where_a_request_broke(
    web: Flask, cast: Cast, sentry: ErrorCollector, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = signed_in(web, cast.ana).post(f"/break/chained/{MARK}?q={MARK}", data={"name": MARK})
    sentry_sdk.flush(2)
    [event] = sentry.events()
    [logged] = events_of(capfd.readouterr().out, "unexpected_error")
    assert event["tags"] == {
        "event": "unexpected_error",
        "error_id": logged["error_id"],
        "request_id": answer.headers["X-Request-ID"],
        "practice_id": str(cast.ana.practice_id),
        "endpoint": "chained",
    }
    assert event["transaction"] == "/break/chained/<token>"
    assert event["request"] == {"method": "POST", "url": "http://localhost/break/chained/<token>"}
    assert [value["type"] for value in event["exception"]["values"]] == ["KeyError", "LookupError"]
    assert [value["stacktrace"]["frames"][-1]["function"] for value in event["exception"]["values"]] == [
        "_lookup",
        "_chained",
    ]
    assert (event["environment"], event["level"]) == ("test", "error")
    assert not event.keys() & {"user", "breadcrumbs", "extra", "modules", "logentry"}


def test_it_reports_nothing_that_people_wrote(web: Flask, cast: Cast, sentry: ErrorCollector) -> None:
    browser = signed_in(web, cast.ana)
    for way in WAYS:
        browser.post(f"/break/{way}/{MARK}?q={MARK}", data={"name": MARK}, headers={"User-Agent": MARK, "Cookie": MARK})
    sentry_sdk.flush(2)
    events = sentry.events()
    assert len(events) == len(WAYS) - 1
    assert any("no room for … at table 12" in str(event["exception"]) for event in events)
    assert any("[SQL: select cast(" in str(event["exception"]) for event in events)
    sent = sentry.everything().decode()
    assert [word for word in (MARK, "example.com", "Alvarez", '"vars"') if word in sent] == []


def test_it_reports_a_job_before_its_process_ends(
    processes: Processes, settings: Settings, valkey: Redis, sentry: ErrorCollector
) -> None:
    RqQueue(settings.redis_url.get_secret_value()).put(Ring("tests.workers.trial_jobs.quote", (MARK,), DEFAULT))
    processes.fork("workers.boot", "worker", DEFAULT, SENTRY_DSN=sentry.dsn)
    eventually(lambda: bool(sentry.events()), processes.log.read_text)
    [event] = sentry.events()
    assert event["tags"]["job"] == event["transaction"] == "tests.workers.trial_jobs.quote"
    assert event["tags"]["event"] == "job_failed"
    assert event["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "quote"
    assert MARK.encode() not in sentry.everything()
