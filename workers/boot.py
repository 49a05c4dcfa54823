"""`python -m workers.boot worker <queue>` and `python -m workers.boot scheduler`.

The scheduler only rings, so it does without the application and starts in a fifth of the time.
"""

import sys

from coachhub.platform import jobs
from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.launcher import die_with_parent
from workers.schedule import SWEEPS

_USAGE = f"usage: python -m workers.boot worker {{{','.join(jobs.QUEUES)}}} | scheduler"


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
            jobs.run_scheduler(settings.redis_url.get_secret_value(), SWEEPS)
        case _:
            sys.exit(_USAGE)


if __name__ == "__main__":
    main()
