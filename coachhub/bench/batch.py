"""A batch of reports through real workers, one for each core, and how busy they keep the machine."""

import os
import time
from collections.abc import Iterator
from uuid import UUID

import psutil
import psycopg

from coachhub.bench.crew import crew
from coachhub.bench.figures import Figure, Limit
from coachhub.bench.scratch import Scratch
from coachhub.habits.rules import Month
from coachhub.platform.jobs import BULK, Ring, RqQueue
from coachhub.platform.tenancy import as_practice
from coachhub.reports.models import ReportKind
from coachhub.reports.service.shelf.batches import ask_for_batch
from coachhub.reports.service.shelf.ringing import LANES
from coachhub.reports.service.shelf.subjects import Subject

MOST_IDLE = 0.2
"""Of all cores, from the first report that is ready until the last one is; whatever else runs takes its part."""
_A_WORKER = ("-m", "workers.boot", "worker", BULK)
_LOOKS = 0.1
_PATIENCE = 600


def batch_figures(made: Scratch, practice_id: UUID, owner_id: UUID, last: Month) -> list[Figure]:
    """All of a practice's clients, a year each: reports a second, what failed, and the share of the cores."""
    with made.web.app_context(), as_practice(practice_id, owner_id):
        batch_id = ask_for_batch(None, Subject.months(ReportKind.PROGRESS, last.plus(-11), last), sends=False)
    for lane in range(LANES):
        RqQueue(made.redis_url).put(Ring("workers.jobs.make_reports", (str(practice_id), str(lane)), BULK))
    cores = os.cpu_count() or 1
    with crew(made, None, [_A_WORKER] * cores):
        _wait(made, batch_id, 1)
        begin, spent, idle, first = time.monotonic(), _spent(made), _idle(), _ready(made, batch_id)
        total = _wait(made, batch_id, None)
        seconds, busy, rest = time.monotonic() - begin, _spent(made) - spent, _idle() - idle
    name = f"Batch of {total} reports by {cores} workers"
    return [
        Limit(f"{name}, pace", "reports a second", (total - first) / seconds),
        Limit(f"{name}, not made", "reports", total - _ready(made, batch_id), 0),
        Limit(f"{name}, their share of all cores", "of 1", busy / seconds / cores),
        Limit(f"{name}, cores idle", "of 1", rest / seconds / cores, MOST_IDLE),
    ]


def _wait(made: Scratch, batch_id: UUID, count: int | None) -> int:
    """Until so many are ready, or none is open any more; returns how many there are."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        ready, is_open, total = _counts(made, batch_id)
        if (count is not None and ready >= count) or not is_open:
            return total
        time.sleep(_LOOKS)
    raise TimeoutError(f"the batch was not made within {_PATIENCE} seconds")


def _ready(made: Scratch, batch_id: UUID) -> int:
    return _counts(made, batch_id)[0]


def _counts(made: Scratch, batch_id: UUID) -> tuple[int, int, int]:
    asked = (
        "select count(*) filter (where state = 'ready'), count(*) filter (where state in ('waiting', 'making')), "
        "count(*) from reports where batch_id = %s"
    )
    with psycopg.connect(made.superuser_url) as connection:
        found = connection.execute(asked, [batch_id]).fetchone()
    assert found is not None  # noqa: S101 (a count is one row)
    return found[0], found[1], found[2]


def _idle() -> float:
    """Seconds in which a core of this machine had nothing to do."""
    times = psutil.cpu_times()
    return float(times.idle + getattr(times, "iowait", 0.0))


def _spent(made: Scratch) -> float:
    """Seconds of processor that our workers and servers have taken so far, with the children that have ended."""
    return sum(_seconds(process) for process in _ours(str(made.settings.data)))


def _ours(folder: str) -> Iterator[psutil.Process]:
    """Our own descendants, and the servers of our folder, which belong to nobody."""
    yield from psutil.Process().children(recursive=True)
    for process in psutil.process_iter(["cmdline"]):
        if any(folder in word for word in process.info["cmdline"] or ()) and process.ppid() == 1:
            yield from (process, *process.children(recursive=True))


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)
