"""`python -m workers.boot worker <queue>` and `python -m workers.boot scheduler`.

The scheduler only rings, so it does without the application and starts in a fifth of the time. With `beating` before
either, it asks instead whether the one on this host lives: exit code 1 where it has shown nothing for too long.
"""

import socket
import sys

from coachhub.platform import clock, jobs, logs
from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.launcher import die_with_parent
from workers.schedule import SWEEPS

_USAGE = f"usage: python -m workers.boot [beating] worker {{{','.join(jobs.QUEUES)}}} | scheduler"


def main() -> None:
    """Run what the arguments name until told to stop."""
    settings = load_settings_or_exit()
    match sys.argv[1:]:
        case ["worker", queue] if queue in jobs.QUEUES:
            die_with_parent()
            with kept_for_good():
                from coachhub.app import create_worker_app
                from workers.working import work

                app = create_worker_app(settings)
            work(app, settings.redis_url.get_secret_value(), queue)
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


def _say_whether_it_beats(redis_url: str, queue: str | None) -> None:
    sys.exit(0 if jobs.is_beating(redis_url, socket.gethostname(), queue, clock.machine_now()) else 1)


if __name__ == "__main__":
    main()
