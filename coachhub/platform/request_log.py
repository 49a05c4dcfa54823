"""What the log says of each request and each job: who it was in ids, how it ended, how long it took, what was slow.

Nouns: a *request id* (taken from a proxy that we trust, or made), which the answer's header, the page of an error, each
log line and each job that the request asked for carry; an *access line* (one a request, one a job).
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, request
from flask.globals import request_ctx
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.typing import FilteringBoundLogger

from coachhub.platform.answered import Answered, hear
from coachhub.platform.config import Settings
from coachhub.platform.ports import ports
from coachhub.platform.statements import Tally, tally

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = structlog.get_logger(__name__)

HEADER = "X-Request-ID"
REHEARSED = "coachhub.rehearsed"
"""In the environment of a request that nobody has made: neither told nor counted."""
_WELL_FORMED = re.compile(r"[0-9a-fA-F-]{16,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NAMED = "coachhub.request_id"
_PROBES = ("health", "metrics")
"""Asked by machines again and again: only what went wrong there is told."""
_LEFT = ("request_id", "trace_id")
_MOST_TOLD = 20
_LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class WorkingOn:
    """A job under way: its id, its dotted name, and what the request that asked for it left with it."""

    id: str
    name: str
    left: dict[str, str]


def note_requests(app: Flask, settings: Settings) -> None:
    """Name each request before anything else is done, and tell of it when its answer is made."""
    line = structlog.get_logger(__name__).bind()  # made once, as making it costs as much as writing with it

    def is_told(found: Tally) -> bool:
        return settings.access_log or 0 < settings.slow_request_ms < found.elapsed * 1000

    def tell(answered: Answered, found: Tally) -> None:
        if is_told(found):
            _tell_of_request(line, answered, found, settings)

    def begin() -> None:
        asked = request_ctx.request  # itself, once: through its proxy each name costs as much as a small call
        name_request(asked.environ, asked.endpoint)

    def end(response: Response) -> Response:
        response.headers.add(HEADER, named(request.environ))
        return response

    app.before_request(begin)
    app.after_request(end)
    hear(app, tell)


def name_request(environ: "WSGIEnvironment", endpoint: str | None) -> None:
    """Have the log tell of this request by a name from here on: its own, or one that a proxy of ours has given it."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if ports().settings.trusted_proxies else ""
    clear_contextvars()
    environ[_NAMED] = given if _WELL_FORMED.fullmatch(given) else _name()
    bind_contextvars(request_id=named(environ), endpoint=endpoint)


def named(environ: "WSGIEnvironment") -> str:
    """The name of a request, once it has one."""
    name: str = environ[_NAMED]
    return name


def _name() -> str:
    """It tells requests apart and is no secret. Of processes that fork each has chances of its own, as Python sees to;
    to ask the system for some that nobody can foresee is a call for which a thread gives up its turn to run.
    """
    return f"{random.getrandbits(64):016x}"


def request_id() -> str:
    """The id of the running request, or of that which asked for the running job; empty where there is none."""
    found: str = get_contextvars().get("request_id", "")
    return found


def _tell_of_request(line: FilteringBoundLogger, answered: Answered, found: Tally, settings: Settings) -> None:
    method = answered.method if answered.method in _METHODS else "OTHER"
    told = {"method": method, "status": answered.status, **_figures(found)}
    if settings.access_log and (answered.blueprint not in _PROBES or answered.status != 200):
        line.info("request", **told)
    if settings.slow_request_ms and told["ms"] > settings.slow_request_ms:
        line.warning("slow_request", **told, statements=_folded(found))


def note_job(job: WorkingOn, settings: Settings, work: Callable[[], bool]) -> bool:
    """Do a job's work, which says whether it is done, and tell of it.

    Every line written meanwhile carries the job's name, and the request that asked for it.
    """
    clear_contextvars()
    bind_contextvars(job_id=job.id, job=job.name, **{name: job.left[name] for name in _LEFT if name in job.left})
    is_done = work()
    found = tally() or Tally()
    told = {"status": "done" if is_done else "failed", **_figures(found)}
    if settings.access_log:
        log.info("job", **told)
    if settings.slow_job_ms and told["ms"] > settings.slow_job_ms:
        log.warning("slow_job", **told, statements=_folded(found))
    return is_done


def left_with_jobs() -> dict[str, str]:
    """What a job is told of the request, or of the job, that asks for it."""
    known = get_contextvars()
    return {name: known[name] for name in _LEFT if name in known}


def _figures(found: Tally) -> dict[str, Any]:
    return {
        "ms": round(found.elapsed * 1000, 1),
        "sql": found.count,
        "sql_ms": round(found.seconds * 1000, 1),
    }


def _folded(found: Tally) -> list[dict[str, Any]]:
    """The statements without their values, those that took longest first; the same one asked again is counted."""
    seen: dict[str, list[float]] = {}
    for each in found.statements:
        seen.setdefault(each.text, []).append(each.seconds * 1000)
    longest = sorted(seen.items(), key=lambda entry: -sum(entry[1]))[:_MOST_TOLD]
    return [
        {
            "text": " ".join(text.split())[:_LONGEST_TEXT],
            "count": len(ms),
            "ms": round(sum(ms), 1),
            "longest_ms": round(max(ms), 1),
        }
        for text, ms in longest
    ]
