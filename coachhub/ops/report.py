"""How the status of mail, and failed jobs, are printed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from coachhub.operations.service.mail_status import Backlog, MailStatus
from coachhub.operations.service.pausing import Pause
from coachhub.platform.jobs import FailedJob


def status_text(status: MailStatus, failed_jobs: int | None) -> str:
    """A few lines for a person; `failed_jobs` is None where Valkey does not answer."""
    return "\n".join(_lines(status, failed_jobs))


def status_json(status: MailStatus, failed_jobs: int | None) -> str:
    """One object with everything."""
    return as_json({**asdict(status), "failed_jobs": failed_jobs})


def as_json(found: object) -> str:
    """Instants in ISO format."""
    return json.dumps(found, default=datetime.isoformat)


def pause_text(pause: Pause) -> str:
    """What is held back, and since when."""
    return f"{what_is_held(pause.practice, pause.kind)}, since {_moment(pause.since)}"


def what_is_held(practice: str | None, kind: str | None) -> str:
    """In words, of which practice and which kind."""
    of_kind = f"mail of kind {kind}" if kind else "all mail"
    return f"{of_kind} of {practice}" if practice else f"{of_kind} of every practice"


def jobs_text(jobs: Sequence[FailedJob]) -> str:
    """One line a failed job."""
    return "\n".join(_job_line(job) for job in jobs) or "No job has failed in the last week."


def _lines(status: MailStatus, failed_jobs: int | None) -> Iterator[str]:
    waiting = [f"{backlog.messages:,} {state}" for state, backlog in sorted(status.waiting.items())]
    oldest = min((backlog.oldest for backlog in status.waiting.values()), default=None)
    since = f", the oldest for {_span(status.at - oldest)}" if oldest else ""
    yield f"waiting      {', '.join(waiting) or 'nothing'}{since}"
    for slug, backlog in status.practices.items():
        yield f"             {slug}: {_backlog(backlog, status.at)}"
    yield f"taken        {', '.join(f'{count:,} in the last {span}' for span, count in status.taken.items())}"
    for ending in status.endings:
        yield f"{ending.state:12} {ending.messages:,} {ending.kind}: {ending.reason or 'no reason given'}"
    yield f"unknown      {status.unknown:,} held, {status.unknown_last_day:,} of the last day"
    yield f"suppressed   {status.suppressed_addresses:,} addresses"
    for pause in status.pauses:
        yield f"paused       {pause_text(pause)}"
    yield f"failed jobs  {'Valkey does not answer' if failed_jobs is None else failed_jobs}"


def _backlog(backlog: Backlog, now: datetime) -> str:
    return f"{backlog.messages:,}, the oldest for {_span(now - backlog.oldest)}"


def _job_line(job: FailedJob) -> str:
    ended = _moment(job.ended_at) if job.ended_at else "unknown when"
    return f"{job.id}  {ended}  {job.queue:8} {job.job}({', '.join(job.arguments)})  {job.error}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _span(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds()) // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
