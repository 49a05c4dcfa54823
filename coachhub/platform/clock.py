"""The only place that reads the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from coachhub.platform.ports import ports


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """Stands still until told to move: for tests, the demo and `reminders run --at`."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move forward by a span."""
        self.instant += by


def now() -> datetime:
    """This instant by the running application's clock, aware, in UTC."""
    return ports().clock.now()


def machine_now() -> datetime:
    """This instant by the machine's own clock, whatever the application's says: for leases and heartbeats.

    They are about processes that live or have died, also while `reminders run --at` tells another time.
    """
    return SystemClock().now()
