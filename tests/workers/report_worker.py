"""A worker of the bulk queue that may be told to die at a certain point of its second report:
`python -m tests.workers.report_worker [<stage>]`.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from coachhub.app import create_worker_app
from coachhub.platform.config import load_settings
from coachhub.platform.jobs import BULK
from coachhub.reports.service.shelf import making
from workers import working

STAGES = ("claimed", "printed", "kept", "noted")
"""After the claim; with a document and no transaction; with the document in a transaction still open; after it."""


def die_at(stage: str) -> None:
    """Have this process, and the worker that forked it, killed when it comes to the stage for the second time."""
    name, is_before = {
        "claimed": ("_make", True),
        "printed": ("_keep", True),
        "kept": ("share", True),
        "noted": ("_keep", False),
    }[stage]
    setattr(making, name, _deadly(getattr(making, name), is_before))


def _deadly(function: Callable[..., Any], is_before: bool) -> Callable[..., Any]:
    times = 0

    def once_more(*given: Any) -> Any:
        nonlocal times
        times += 1
        if times == 2 and is_before:
            _die()
        answer = function(*given)
        if times == 2:
            _die()
        return answer

    return once_more


def _die() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    for named in sys.argv[1:]:
        die_at(named)
    settings = load_settings()
    working.work(create_worker_app(settings), settings.redis_url.get_secret_value(), BULK)
