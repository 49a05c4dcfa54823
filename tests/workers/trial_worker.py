"""A real worker process at a test's pace: `python -m tests.workers.trial_worker <queue>`."""

import sys

import tests.workers.trial_jobs  # noqa: F401 (before the fork)
from coachhub.platform.config import load_settings
from coachhub.platform.jobs import Pace, run_worker

if __name__ == "__main__":
    [queue] = sys.argv[1:]
    run_worker(load_settings().redis_url.get_secret_value(), queue, lambda: None, Pace(heartbeat=1, maintenance=1))
