"""`python -m workers.boot worker <queue>`, `... crew <folder> <queue> <queue>-2 ...` and `... scheduler`.

A crew is several workers out of one process (`workers/crew.py`), each noted in the folder. The scheduler only rings, so
it does without the application and starts in a third of the time. With `beating` before
either, it asks instead whether the one on this host lives: exit code 1 where it has shown nothing for too long.
"""

import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import coachhub.platform.lean  # noqa: F401 (before anything imports what it spares us)
from coachhub.platform import clock, jobs, logs
from coachhub.platform.config import Settings, load_settings_or_exit
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.launcher import die_with_parent
from workers.crew import Crew
from workers.schedule import SWEEPS

_USAGE = f"usage: python -m workers.boot [beating] worker {{{','.join(jobs.QUEUES)}}} | scheduler | crew FOLDER POST..."


def main() -> None:
    """Run what the arguments name until told to stop."""
    logs.tell_what_breaks_off()
    settings = load_settings_or_exit()
    match sys.argv[1:]:
        case ["worker", queue] if queue in jobs.QUEUES:
            die_with_parent()
            _take_jobs(settings, [queue])(queue)
        case ["crew", pids, *posts] if posts and {post.partition("-")[0] for post in posts} <= set(jobs.QUEUES):
            die_with_parent()
            Crew(posts, _take_jobs(settings, [post.partition("-")[0] for post in posts]), Path(pids)).keep()
        case ["scheduler"]:
            die_with_parent()
            logs.keep_secrets(settings)
            jobs.run_scheduler(settings.redis_url.get_secret_value(), SWEEPS)
        case ["beating", "worker", queue] if queue in jobs.QUEUES:
            _say_whether_it_beats(settings.redis_url.get_secret_value(), queue)
        case ["beating", "scheduler"]:
            _say_whether_it_beats(settings.redis_url.get_secret_value(), None)
        case _:
            sys.exit(_USAGE)


def _take_jobs(settings: Settings, queues: Sequence[str]) -> Callable[[str], None]:
    """What is imported and learned before the first fork, once the schema is there; and then: work on a queue."""
    with kept_for_good():
        from coachhub.app import create_worker_app
        from coachhub.platform import migrate
        from workers.working import get_ready, take_jobs

        app = create_worker_app(settings)
    migrate.await_schema((settings.database_worker_url or settings.database_url).get_secret_value())
    get_ready(app, queues)
    return partial(take_jobs, app, settings.redis_url.get_secret_value())


def _say_whether_it_beats(redis_url: str, queue: str | None) -> None:
    sys.exit(0 if jobs.is_beating(redis_url, socket.gethostname(), queue, clock.machine_now()) else 1)


if __name__ == "__main__":
    main()
