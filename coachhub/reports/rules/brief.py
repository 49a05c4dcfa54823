"""What the months since the last coaching session came to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from coachhub.habits.rules import CycleResult


@dataclass(frozen=True, slots=True)
class MonthsSince:
    """What became of months. `moved`: its meetup was moved into a later one, so it is neither done nor missed."""

    done: int = 0
    moved: int = 0
    missed: int = 0
    paused: int = 0


def months_since(results: Iterable[tuple[datetime, CycleResult]], since: datetime | None) -> MonthsSince:
    """Months, each by the instant at which it ends, counted from the one that was running at `since`; None: all.

    A month that is still running counts only once it is done.
    """
    counted = [result for ends_at, result in results if since is None or ends_at > since]
    return MonthsSince(
        done=counted.count(CycleResult.DONE),
        moved=counted.count(CycleResult.CARRIED),
        missed=counted.count(CycleResult.MISSED),
        paused=counted.count(CycleResult.PAUSED),
    )
