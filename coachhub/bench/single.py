"""One message a job: what reminders would be without batches. `python -m coachhub.bench.single` is its worker."""

from datetime import timedelta
from uuid import UUID

from flask import Flask

from coachhub.app import create_worker_app
from coachhub.platform import jobs
from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.db import db
from coachhub.platform.launcher import die_with_parent
from coachhub.reminders.service import sending

QUEUE = "single"
_application: list[Flask] = []


def single_ring(practice_id: UUID, number: int) -> jobs.Ring:
    """A job for one message of the practice; by its number it is told from the others, which else were one."""
    return jobs.Ring("coachhub.bench.single.deliver_one", (str(practice_id), str(number)), QUEUE)


def deliver_one(practice_id: str, _number: str) -> None:
    """The job: claim one message, write it, call the provider, note."""
    with _application[0].app_context():
        sending.deliver_batches(UUID(practice_id), timedelta(), batch=1)


def work() -> None:
    """Work until told to stop, with an application that every fork shares."""
    die_with_parent()
    settings = load_settings_or_exit()
    app = create_worker_app(settings)
    _application.append(app)

    def forget_connections() -> None:
        with app.app_context():
            db.engine.dispose(close=False)

    jobs.run_worker(settings.redis_url.get_secret_value(), QUEUE, after_fork=forget_connections)
