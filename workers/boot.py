"""`python -m workers.boot worker <queue>` and `python -m workers.boot scheduler`."""

import gc
import sys

from flask import Flask

import workers
import workers.jobs  # before the fork: importing it in each fork would take longer than most jobs
from coachhub.app import create_worker_app
from coachhub.platform import jobs
from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.db import db
from coachhub.platform.launcher import die_with_parent
from coachhub.reminders.service.rehearsal import rehearse
from workers.schedule import SWEEPS

_USAGE = f"usage: python -m workers.boot worker {{{','.join(jobs.QUEUES)}}} | scheduler"


def main() -> None:
    """Run what the arguments name until told to stop."""
    settings = load_settings_or_exit()
    match sys.argv[1:]:
        case ["worker", queue] if queue in jobs.QUEUES:
            die_with_parent()
            work(create_worker_app(settings), settings.redis_url.get_secret_value(), queue)
        case ["scheduler"]:
            die_with_parent()
            jobs.run_scheduler(settings.redis_url.get_secret_value(), SWEEPS)
        case _:
            sys.exit(_USAGE)


def work(app: Flask, redis_url: str, queue: str) -> None:
    """Work on one queue with an application that is made once, here, and shared by every fork."""
    workers.use(app)
    with app.app_context():
        rehearse()
        db.engine.dispose()
    gc.collect()
    gc.freeze()  # what is here now stays: no fork looks through it for garbage, or copies its pages over that
    jobs.run_worker(redis_url, queue, after_fork=lambda: _forget_connections(app))


def _forget_connections(app: Flask) -> None:
    """A socket shared with the parent would mix up both conversations."""
    with app.app_context():
        db.engine.dispose(close=False)


if __name__ == "__main__":
    main()
