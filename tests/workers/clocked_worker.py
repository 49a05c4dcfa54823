"""A worker whose clock is the test's, and that may be told to die at a certain point:
`python -m tests.workers.clocked_worker <queue> <instant> <began> <speed> <batch> [<stage> <patience>]`.

Its clock showed `instant` when the machine's showed `began`, and runs `speed` times as fast.
"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from coachhub.app import create_worker_app
from coachhub.platform import sendgrid_mailer
from coachhub.platform.clock import SystemClock
from coachhub.platform.config import load_settings
from coachhub.reminders.service import sending
from workers.working import work

STAGES = ("claimed", "handed", "called", "noted")
"""After the claim; after it is written down that the provider is called; after the call; after that is noted."""


@dataclass(frozen=True)
class RunningClock:
    """The test's time, running."""

    instant: datetime
    began: datetime
    speed: float

    def now(self) -> datetime:
        return self.instant + (SystemClock().now() - self.began) * self.speed


def die_at(stage: str) -> None:
    """Have this process, and the worker that forked it, killed when it comes to the stage for the second time."""
    owner, name, is_before = {
        "claimed": (sending._Delivery, "_begin", True),
        "handed": (sending, "call", True),
        "called": (sending, "call", False),
        "noted": (sending._Delivery, "_carry", False),
    }[stage]
    setattr(owner, name, _deadly(getattr(owner, name), is_before))


def _deadly(method: Callable[..., Any], is_before: bool) -> Callable[..., Any]:
    times = count(1)

    def once_more(*given: Any) -> Any:
        time = next(times)
        if time == 2 and is_before:
            _die()
        answer = method(*given)
        if time == 2:
            _die()
        return answer

    return once_more


def _die() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    queue, instant, began, speed, batch, *stage = sys.argv[1:]
    sending.BATCH, sending.COPIES_A_CALL = int(batch), int(batch) // sending.IN_FLIGHT
    sendgrid_mailer.TIMEOUT_SECONDS = 2
    if stage:
        die_at(stage[0])
    settings = load_settings()
    clock = RunningClock(datetime.fromisoformat(instant), datetime.fromisoformat(began), float(speed))
    app = create_worker_app(settings, clock=clock)
    work(app, settings.redis_url.get_secret_value(), queue)
