"""Rounds in turn: ours, the floor, the floor, ours, so that neither always comes second."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from coachhub.bench.figures import Steps


class Watch:
    """Takes the time of each step of one round."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the block to a step; a step may come several times."""
        start = time.perf_counter()
        yield
        self.steps[name] = self.steps.get(name, 0.0) + (time.perf_counter() - start) * 1000


Runner = Callable[[Watch], object]


Rounds = tuple[list[Steps], list[Steps]]
"""Ours, and the floor's."""


def in_turn(ours: Runner, floor: Runner, rounds: int, fresh: Callable[[], object] = nullcontext) -> Rounds:
    """Run both so often, each after `fresh`, and once before that nobody counts."""
    kept: Rounds = ([], [])
    for number in range(-1, rounds):
        sides = ((ours, kept[0]), (floor, kept[1]))
        for run, into in sides if number % 2 else reversed(sides):
            fresh()
            steps = measured(run)
            if number >= 0:
                into.append(steps)
    return kept


def measured(run: Runner) -> Steps:
    """One round, without the garbage of the one before."""
    watch = Watch()
    gc.collect()
    run(watch)
    return watch.steps
