"""A worker's process: what it imports before its first fork, and what each fork drops."""

import sys
from collections.abc import Iterable

from flask import Flask

import workers
import workers.jobs  # before the fork: importing it in each fork would take longer than most jobs
from coachhub.platform import counts, jobs
from coachhub.platform.db import db
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.markdown import markdown_reader
from coachhub.platform.ports import ports
from coachhub.platform.typeset import load_fonts
from coachhub.platform.watching import watching_jobs
from coachhub.reminders.service.rehearsal import rehearse

_SWITCH = 0.0005
"""Seconds after which a thread that computes lets another one go on. A call to the provider is a dozen answers, of the
database's and the provider's, and with Python's own five milliseconds each of them may wait so long for the thread that
writes the next mails: together up to a third of a call of 200 milliseconds.
"""


def get_ready(app: Flask, queues: Iterable[str]) -> None:
    """Make this the application of every fork, and learn once what jobs of these queues would each have to learn."""
    workers.use(app)
    sys.setswitchinterval(_SWITCH)
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
    with app.app_context():
        watch = watching_jobs(ports().settings)
    jobs.run_worker(
        redis_url,
        queue,
        after_fork=lambda: _forget_connections(app),
        watch=watch,
        after_job=lambda steps: _count(app, steps),
    )


def _prepare_papers() -> None:
    """Fonts, and the reader of what people write: all that reports load late. Nothing is set."""
    load_fonts()
    markdown_reader()


def _forget_connections(app: Flask) -> None:
    """A socket shared with the parent would mix up both conversations."""
    with app.app_context():
        db.engine.dispose(close=False)


def _count(app: Flask, steps: list[counts.Step]) -> None:
    with app.app_context():
        counts.tell(steps)
