"""A real crew at a test's pace: `python -m tests.workers.trial_crew <folder> <post>...`."""

import sys
from pathlib import Path

import tests.workers.trial_jobs  # noqa: F401 (before the fork)
from coachhub.platform.config import load_settings
from coachhub.platform.jobs import Pace, run_worker
from workers.crew import Crew


def _work(queue: str) -> None:
    run_worker(load_settings().redis_url.get_secret_value(), queue, lambda: None, Pace(heartbeat=1, maintenance=1))


if __name__ == "__main__":
    folder, *posts = sys.argv[1:]
    Crew(posts, _work, Path(folder)).keep()
