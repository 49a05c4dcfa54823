"""A worker's process: what it imports before its first fork, and what each fork drops."""

from collections.abc import Iterable

from flask import Flask

import workers
import workers.jobs  # before the fork: importing it in each fork would take longer than most jobs
from coachhub.platform import jobs
from coachhub.platform.db import db
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.markdown import markdown_reader
from coachhub.platform.typeset import load_fonts
from coachhub.reminders.service.rehearsal import rehearse


def get_ready(app: Flask, queues: Iterable[str]) -> None:
    """Make this the application of every fork, and learn once what jobs of these queues would each have to learn."""
    workers.use(app)
    with kept_for_good(), app.app_context():
        for prepare in dict.fromkeys(_prepare_papers if queue == jobs.BULK else rehearse for queue in queues):
            prepare()
        db.engine.dispose()


def work(app: Flask, redis_url: str, queue: str) -> None:
    """Work on one queue with an application that is made once, here, and shared by every fork."""
    get_ready(app, [queue])
    take_jobs(app, redis_url, queue)


def take_jobs(app: Flask, redis_url: str, queue: str) -> None:
    """What comes after getting ready: work on one queue until told to stop."""
    jobs.run_worker(redis_url, queue, after_fork=lambda: _forget_connections(app))


def _prepare_papers() -> None:
    """Fonts, and the reader of what people write: all that reports load late. Nothing is set."""
    load_fonts()
    markdown_reader()


def _forget_connections(app: Flask) -> None:
    """A socket shared with the parent would mix up both conversations."""
    with app.app_context():
        db.engine.dispose(close=False)
