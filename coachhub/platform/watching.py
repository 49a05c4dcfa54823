"""How a process watches its requests and its jobs: the log always, traces and error reports where a setting says so.

What is switched off is not even loaded: this file decides it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask

from coachhub.platform import logs, request_log
from coachhub.platform.config import Settings
from coachhub.platform.request_log import WorkingOn

if TYPE_CHECKING:
    from coachhub.platform.tracing import Tracing

Watch = Callable[[WorkingOn, Callable[[], bool]], bool]
"""Does the work of a job, which says whether it is done, and tells of it."""

_running: list["Tracing"] = []
"""One for each process: what it listens to is the process's, too."""


def unwatched(_job: WorkingOn, work: Callable[[], bool]) -> bool:
    """Only do the work."""
    return work()


def begin(settings: Settings) -> None:
    """Set up the log, and traces where an address is set for them. Comes before anything that is to be traced."""
    logs.keep_secrets(settings)
    if settings.otel_exporter_otlp_endpoint and not _running:
        from coachhub.platform.tracing import Tracing

        _running.append(Tracing(settings.otel_exporter_otlp_endpoint))


def watch_requests(app: Flask, settings: Settings) -> None:
    """Name each request and tell of it. Comes before everything else that looks at a request."""
    request_log.note_requests(app, settings)
    for each in _running:
        each.watch_requests(app)


def is_traced() -> bool:
    """Whether this process traces what it does."""
    return bool(_running)


def watching_jobs(settings: Settings) -> Watch:
    """How a worker with these settings does a job. Its process may end right after it: so nothing is left unsent."""

    def watch(job: WorkingOn, work: Callable[[], bool]) -> bool:
        def noted() -> bool:
            return request_log.note_job(job, settings, work)

        try:
            return _running[0].do_job(job, noted) if _running else noted()
        finally:
            _send_what_is_left(settings)

    return watch


def left_with_jobs() -> dict[str, str]:
    """What a job is told of the request that asks for it: its id, and its place in a trace."""
    found = request_log.left_with_jobs()
    return found | _running[0].left_with_jobs() if _running else found


def _send_what_is_left(settings: Settings) -> None:
    for each in _running:
        each.send()
    if settings.sentry_dsn is not None:
        from coachhub.platform import error_reports

        error_reports.send()
