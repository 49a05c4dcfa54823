"""What the months add up to: habit strength, streak, hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from coachhub.habits.rules.cycle import CycleResult
from coachhub.habits.rules.months import Month

KEPT = 0.75
GAINED = 0.25
MONTHS_A_YEAR = 12
ONE_MISS_IN = 6


@dataclass(frozen=True, slots=True)
class MonthResult:
    """What one month counted as."""

    month: Month
    result: CycleResult


@dataclass(frozen=True, slots=True)
class Streak:
    """Months done in a row up to now, and the missed months (oldest first) that the row was bridged over."""

    length: int
    bridged: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes spent beside the minutes asked."""

    spent: int
    asked: int

    @property
    def left(self) -> int:
        """Minutes still asked; never below nought."""
        return max(0, self.asked - self.spent)

    @property
    def share(self) -> float:
        """The part done, 0 to 1; more than was asked is still 1, and nothing asked is all done."""
        return min(1.0, self.spent / self.asked) if self.asked else 1.0


def strength(results: Iterable[CycleResult]) -> float:
    """Habit strength, 0 to 1, after `results`, oldest first."""
    return next(reversed(strength_series(results)), 0.0)


def strength_series(results: Iterable[CycleResult]) -> tuple[float, ...]:
    """Habit strength after each of `results`, oldest first, from 0 before the first.

    0.75 s + 0.25 for a done month, 0.75 s for a missed one, unchanged for a paused one; unchanged too for a
    month that is still running and for one that a meetup was moved out of, which counts where it is held.
    """
    return tuple(accumulate(results, _after, initial=0.0))[1:]


def _after(s: float, result: CycleResult) -> float:
    if result is CycleResult.DONE:
        return KEPT * s + GAINED
    return KEPT * s if result is CycleResult.MISSED else s


def shown_strength(s: float) -> int:
    """Habit strength as shown, 0 to 100."""
    return round(100 * s)


def streak(history: Sequence[MonthResult]) -> Streak:
    """The row of done months up to the newest of `history`, which is oldest first, none left out.

    One missed month in any six is bridged: the row ends before a miss that has another fewer than six months
    after it. Paused months, carried ones and the running one neither break nor count, also among the six. A
    miss with nothing done before it bridges nothing.
    """
    counted = [m for m in reversed(history) if m.result in (CycleResult.DONE, CycleResult.MISSED)]
    bridged: tuple[Month, ...] = ()
    waiting: tuple[Month, ...] = ()
    length, last_miss = 0, -ONE_MISS_IN
    for position, past in enumerate(counted):
        if past.result is CycleResult.DONE:
            length, bridged, waiting = length + 1, waiting + bridged, ()
        elif position - last_miss < ONE_MISS_IN:
            break
        else:
            waiting, last_miss = (past.month,), position
    return Streak(length, bridged)


def the_hour(minutes_this_month: int, minutes_asked: int) -> Hours:
    """Minutes spent this month against what the habit asks; no month asks more, whatever the months before
    left open.
    """
    return Hours(minutes_this_month, minutes_asked)


def the_year(minutes_by_month: Iterable[int], minutes_asked: int) -> Hours:
    """The year's minutes against twelve times what the habit asks of a month."""
    return Hours(sum(minutes_by_month), MONTHS_A_YEAR * minutes_asked)
