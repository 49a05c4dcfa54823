"""A worker's process: what it imports before its first fork, and what each fork drops."""

from flask import Flask

import workers
import workers.jobs  # before the fork: importing it in each fork would take longer than most jobs
from coachhub.platform import counts, jobs
from coachhub.platform.db import db
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.ports import ports
from coachhub.platform.typeset import load_fonts
from coachhub.platform.watching import watching_jobs
from coachhub.reminders.service.rehearsal import rehearse


def work(app: Flask, redis_url: str, queue: str) -> None:
    """Work on one queue with an application that is made once, here, and shared by every fork."""
    workers.use(app)
    with kept_for_good(), app.app_context():
        watch = watching_jobs(ports().settings)
        if queue == jobs.BULK:
            load_fonts()
        else:
            rehearse()
        db.engine.dispose()
    jobs.run_worker(
        redis_url,
        queue,
        after_fork=lambda: _forget_connections(app),
        watch=watch,
        after_job=lambda steps: _count(app, steps),
    )


def _forget_connections(app: Flask) -> None:
    """A socket shared with the parent would mix up both conversations."""
    with app.app_context():
        db.engine.dispose(close=False)


def _count(app: Flask, steps: list[counts.Step]) -> None:
    with app.app_context():
        counts.tell(steps)
