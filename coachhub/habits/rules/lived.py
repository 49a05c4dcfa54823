"""What months came to, for many clients at once: the same few kinds again and again, so each is judged once."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from coachhub.habits.rules.cycle import CycleFacts, CycleResult, Stage, is_done, result_of, stage_of
from coachhub.habits.rules.strength import shown_strength, strength_series

ADOPTED_ABOVE = 50
LOOKED_AT_AFTER = (3, 6, 12)
"""The months after which adoption is looked at."""

STEPS = (Stage.COMMITTED, Stage.CHOSEN, Stage.INVITED, Stage.AGREED, Stage.MET)


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What decides what a month came to. `is_paused`: the coach let it rest; `rests`: the client was away.

    Of the steps it matters only whether they were taken.
    """

    steps: CycleFacts
    target: int
    is_over: bool
    is_paused: bool
    rests: bool
    moved_out: bool


class MonthKind(StrEnum):
    """What a month came to at a glance: `twice` is done with two meetups or more, `part` missed with some held."""

    DONE = "done"
    TWICE = "twice"
    PART = "part"
    CARRIED = "carried"
    MISSED = "missed"
    PAUSED = "paused"
    NOW = "now"

    __hash__ = str.__hash__  # that of an enum is four times as slow, and strips of twelve are looked up by the hundred


@dataclass(frozen=True, slots=True)
class Lived:
    """What a month came to: its result, the furthest step, meetups held, and all of it at a glance."""

    result: CycleResult
    stage: Stage
    held: int
    kind: MonthKind

    @property
    def counts(self) -> bool:
        """Whether it counts as done or missed: not the running one, a paused one, or one that was carried over."""
        return self.result in (CycleResult.DONE, CycleResult.MISSED)


def lived(facts: MonthFacts) -> Lived:
    """What a month came to. Away, a client is asked nothing; what they did all the same still counts."""
    held = facts.steps.held
    result = result_of(
        held_count=held,
        target=facts.target,
        is_over=facts.is_over,
        is_paused=facts.is_paused or (facts.rests and not is_done(held, facts.target)),
        moved_out=facts.moved_out,
    )
    return Lived(result, stage_of(facts.steps), held, _kind_of(result, held))


_KINDS = {
    CycleResult.CARRIED: MonthKind.CARRIED,
    CycleResult.PAUSED: MonthKind.PAUSED,
    CycleResult.CURRENT: MonthKind.NOW,
}


def _kind_of(result: CycleResult, held: int) -> MonthKind:
    if result is CycleResult.DONE:
        return MonthKind.TWICE if held > 1 else MonthKind.DONE
    if result is CycleResult.MISSED:
        return MonthKind.PART if held else MonthKind.MISSED
    return _KINDS[result]


@lru_cache(maxsize=16_384)
def strengths_after(results: tuple[CycleResult, ...]) -> tuple[int, ...]:
    """Habit strength, 0 to 100, after each of these months, oldest first: `strength_series`, remembered."""
    return tuple(map(shown_strength, strength_series(results)))


def has_adopted(strength: int) -> bool:
    """Whether a habit of this strength, 0 to 100, counts as adopted: above 50, three months done in a row or more."""
    return strength > ADOPTED_ABOVE


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far months came: how many there are, and how many of them reached each of the five steps."""

    months: int
    reached: tuple[int, ...]

    @property
    def stopped(self) -> tuple[int, ...]:
        """How many months stopped before each step: those that reached the step before it, and not this one."""
        before = (self.months, *self.reached)
        return tuple(earlier - now for earlier, now in zip(before, self.reached, strict=False))

    @property
    def narrowest(self) -> Stage | None:
        """The step before which most months stopped, the earlier one of equals; None where none stopped."""
        stopped = self.stopped
        return STEPS[stopped.index(max(stopped))] if any(stopped) else None


def funnel_of(stages: Iterable[Stage]) -> Funnel:
    """How many months reached each step; one that reached a step counts as having reached those before it."""
    orders = [stage.order for stage in stages]
    return Funnel(len(orders), tuple(sum(order >= step.order for order in orders) for step in STEPS))
