"""One trace from a request over its job to the call outside: real processes, and a collector of what they send."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from redis import Redis

from coachhub.platform.config import Settings, SettingsError, load_settings
from coachhub.platform.jobs import DEFAULT, URGENT, Ring, RqQueue
from tests.cast import Cast
from tests.e2e.served import free_port
from tests.log_lines import MARK, events_of, lines_of
from tests.servers.otlp import Arrived, Collector
from tests.servers.sendgrid import SendGridServer
from tests.workers.forks import ROOT
from tests.workers.processes import Processes, environment, eventually

JOB = "workers.jobs.deliver_asked_for"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as listening:
        yield listening


@pytest.fixture
def sendgrid() -> Iterator[SendGridServer]:
    with SendGridServer() as listening:
        yield listening


@pytest.fixture
def traced(collector: Collector, sendgrid: SendGridServer) -> dict[str, str]:
    """The settings of processes that trace, and mail by SendGrid."""
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "LOG_FORMAT": "json",
        "MAILER": "sendgrid",
        "SENDGRID_API_KEY": sendgrid.key,
        "SENDGRID_HOST": sendgrid.url,
    }


def _serve(processes: Processes, settings: dict[str, str]) -> str:
    port = free_port()
    how = ("--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4", "--log-level", "warning")
    processes.start("granian", "--interface", "wsgi", *how, "coachhub.wsgi:app", **settings)

    def answers() -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok
        except requests.ConnectionError:
            return False

    eventually(answers, processes.log.read_text)
    return f"http://127.0.0.1:{port}"


def _ask_for_code(web: str) -> requests.Response:
    """Sign in by a mailed code, as a browser would."""
    browser = requests.Session()
    form = browser.get(f"{web}/sign-in", timeout=5)
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', form.text)
    assert found is not None
    fields = {"csrf_token": found[1], "email": "ben@example.com"}
    headers = {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}
    return browser.post(f"{web}/sign-in/send-code?q={MARK}", fields, headers=headers, timeout=5, allow_redirects=False)


def test_it_shows_a_request_its_job_and_the_call_outside_as_one_trace(
    processes: Processes,
    valkey: Redis,
    cast: Cast,
    traced: dict[str, str],
    collector: Collector,
    sendgrid: SendGridServer,
) -> None:
    web = _serve(processes, traced)
    processes.fork("workers.boot", "worker", URGENT, **traced)
    answer = _ask_for_code(web)
    assert answer.status_code == 303
    wanted = {("POST /sign-in/send-code", JOB, "POST")}
    eventually(lambda: wanted <= collector.paths(), lambda: (collector.paths(), processes.log.read_text()[-3000:]))
    spans = _named(collector)
    request, job, call = spans["POST /sign-in/send-code"], spans[JOB], spans["POST"]
    assert request.trace == job.trace == call.trace != "ab" * 16
    assert (request.kind, job.kind, call.kind) == ("server", "consumer", "client")
    assert request.attributes["http.route"] == "/sign-in/send-code"
    assert request.attributes["http.response.status_code"] == 303
    assert request.attributes["coachhub.request_id"] == answer.headers["X-Request-ID"]
    assert job.attributes["coachhub.request_id"] == answer.headers["X-Request-ID"]
    assert job.attributes["coachhub.practice_id"] == str(cast.ben.practice_id)
    assert f"{call.attributes['server.address']}:{call.attributes['server.port']}" in sendgrid.url
    for asking in (request, job):
        asked = [span.attributes.get("db.query.text", "") for span in collector.spans() if span.parent == asking.id]
        assert len(list(filter(None, asked))) > 3
    assert {span.service for span in collector.spans()} == {"coachhub"}
    logged = {line["event"]: line for line in lines_of(processes.log.read_text()) if line.get("trace_id") == job.trace}
    assert {"request", "job"} <= logged.keys()
    said = collector.everything().decode("utf-8", "replace")
    assert [word for word in (MARK, "example.com", "Berger", "python-requests") if word in said] == []


def _named(collector: Collector) -> dict[str, Arrived]:
    return {span.name: span for span in collector.spans()}


def test_it_tells_nobody_what_stands_in_an_address_or_an_error(
    processes: Processes, valkey: Redis, cast: Cast, traced: dict[str, str], collector: Collector
) -> None:
    web = _serve(processes, traced)
    for path in (f"/r/{MARK}", f"/{MARK}@example.com", f"/sign-in?next={MARK}"):
        requests.get(web + path, headers={"User-Agent": MARK}, timeout=5)
    RqQueue(processes.settings.redis_url.get_secret_value()).put(
        Ring("tests.workers.trial_jobs.quote", (MARK,), DEFAULT)
    )
    processes.fork("workers.boot", "worker", DEFAULT, **traced)
    wanted = {("GET /r/<token>",), ("GET",), ("GET /sign-in",), ("tests.workers.trial_jobs.quote",)}
    eventually(lambda: wanted <= collector.paths(), lambda: (collector.paths(), processes.log.read_text()[-3000:]))
    assert _named(collector)["tests.workers.trial_jobs.quote"].is_error
    assert MARK.encode() not in collector.everything()
    assert b"example.com" not in collector.everything()
    assert events_of(processes.log.read_text(), "request")


def test_it_works_on_where_nobody_takes_the_traces(
    processes: Processes, valkey: Redis, traced: dict[str, str], tmp_path: Path
) -> None:
    bell, marks = RqQueue(processes.settings.redis_url.get_secret_value()), tmp_path / "marks"
    nobody = traced | {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}"}
    processes.fork("workers.boot", "worker", DEFAULT, **nobody)
    for number in range(2):
        bell.put(Ring("tests.workers.trial_jobs.mark", (f"{marks}{number}",), DEFAULT))
    eventually(lambda: all(Path(f"{marks}{number}").exists() for number in range(2)), processes.log.read_text)
    eventually(lambda: len(events_of(processes.log.read_text(), "job")) == 2, processes.log.read_text)


_WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Refusing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("opentelemetry", "sentry_sdk"):
            raise ModuleNotFoundError(name)

sys.meta_path[:0] = [Refusing()] if sys.argv[1] == "missing" else []
import coachhub.wsgi, workers.working
print(sorted(name for name in sys.modules if name.startswith(
    ("coachhub.platform.tracing", "coachhub.platform.error_reports", "opentelemetry.sdk.trace",
     "opentelemetry.exporter", "opentelemetry.instrumentation", "google.protobuf", "sentry_sdk"))))
"""


@pytest.mark.parametrize("packages", ["missing", "installed"])
def test_it_needs_and_loads_nothing_of_it_unless_asked(settings: Settings, packages: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", _WITHOUT, packages], cwd=ROOT, env=environment(settings), capture_output=True, text=True
    )
    assert (found.stdout.strip(), found.returncode) == ("[]", 0), found.stderr


@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_ENDPOINT", "SENTRY_DSN"])
def test_it_says_which_address_is_none(settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must begin with"):
        load_settings(**settings.model_dump(by_alias=True, exclude_none=True) | {name.lower(): "collector:4318"})
