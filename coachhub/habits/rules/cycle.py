"""One month of one assignment: how far it came, and what it counts as."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from coachhub.habits.rules.months import Month
from coachhub.platform.local_time import local_instant


class Stage(StrEnum):
    """The furthest step reached in a month. Compare with `reached`: as texts these sort by the alphabet."""

    NONE = "none"
    COMMITTED = "committed"
    CHOSEN = "chosen"
    INVITED = "invited"
    AGREED = "agreed"
    MET = "met"

    __hash__ = str.__hash__  # as that of `CycleResult`

    @property
    def order(self) -> int:
        """0 for none up to 5 for met."""
        return _ORDER[self]

    def reached(self, step: "Stage") -> bool:
        """Whether this stage is `step` or further."""
        return self.order >= step.order


_ORDER = {stage: place for place, stage in enumerate(Stage)}


class CycleResult(StrEnum):
    """What a month counts as. `carried`: its meetup was moved over the month's end, so it is neither done nor
    missed.
    """

    CURRENT = "current"
    DONE = "done"
    MISSED = "missed"
    PAUSED = "paused"
    CARRIED = "carried"

    __hash__ = str.__hash__  # that of an enum is four times as slow, and a year of months is looked up by them


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """What happened in one month of one assignment: when each step was first taken, in UTC.

    `held` counts the meetups held in this month with any friend, planned or not.
    """

    committed_at: datetime | None = None
    chosen_at: datetime | None = None
    invited_at: datetime | None = None
    agreed_at: datetime | None = None
    held: int = 0


def stage_of(facts: CycleFacts) -> Stage:
    """The furthest step that happened, whatever was left out before it; more facts never bring it back."""
    if facts.held:
        return Stage.MET
    happened = {
        Stage.AGREED: facts.agreed_at,
        Stage.INVITED: facts.invited_at,
        Stage.CHOSEN: facts.chosen_at,
        Stage.COMMITTED: facts.committed_at,
    }
    return next((stage for stage, at in happened.items() if at is not None), Stage.NONE)


def held_in(starts_at: datetime, zone: ZoneInfo) -> Month:
    """The month in which a meetup counts: the one in which it is held, in the client's zone."""
    return Month.local(starts_at, zone)


def has_moved_out(month: Month, starts: Iterable[datetime], zone: ZoneInfo) -> bool:
    """Whether a meetup that stood in `month` has been moved over its end.

    `starts` are all the times of one meetup that is scheduled or held, oldest first, the one in force last.
    Moved back again it has not left. A cancelled meetup has no date any more: the caller leaves it out.
    """
    *earlier, in_force = [held_in(at, zone) for at in starts]
    return month in earlier and in_force > month


def is_done(held_count: int, target: int) -> bool:
    """Whether the month is done: at the assignment's number of meetups held, and beyond."""
    return held_count >= target


def result_of(
    *, held_count: int, target: int, is_over: bool, is_paused: bool = False, moved_out: bool = False
) -> CycleResult:
    """What the month counts as. A paused month is neither done nor missed, even when a meetup was held in it.

    A month that is not over is `current` until it is done. One that a meetup was moved out of is `carried`,
    not missed.
    """
    if is_paused:
        return CycleResult.PAUSED
    if is_done(held_count, target):
        return CycleResult.DONE
    if not is_over:
        return CycleResult.CURRENT
    return CycleResult.CARRIED if moved_out else CycleResult.MISSED


def heat_of(result: CycleResult, held_count: int) -> int:
    """The heat-map's level: 0 nothing held, 1 part of it held or carried over, 2 done, 3 done with two
    meetups or more.
    """
    if result is CycleResult.DONE:
        return 3 if held_count >= 2 else 2
    return 1 if held_count or result is CycleResult.CARRIED else 0


def plan_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of "when it is Thursday 12:30": skipped by a clock change it moves forward, doubled it
    is the first.
    """
    return local_instant(day, at, zone)
