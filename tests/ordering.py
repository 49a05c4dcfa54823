"""In which order tests run: those that take long begin first, so that no worker is left alone with one at the end."""

from collections.abc import Iterable
from itertools import groupby

import pytest


def lengthy_first(items: list[pytest.Item], workers: int) -> None:
    """Have each worker begin with its share of the lengthy ones, a file whole as its set-up is.

    At the beginning each worker is given as many tests as every other, one after another as they are collected; who is
    done takes over from the end of what another still has to do.
    """
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for number, file in enumerate(_by_file(item for item in items if item.get_closest_marker("lengthy"))):
        hands[number % workers] += file
    others, dealt = [item for item in items if not item.get_closest_marker("lengthy")], list[pytest.Item]()
    for number, hand in enumerate(hands):
        room = max(0, (len(items) - len(dealt)) // (workers - number) - len(hand))
        dealt += hand + others[:room]
        others = others[room:]
    items[:] = dealt


def _by_file(items: Iterable[pytest.Item]) -> list[list[pytest.Item]]:
    return [list(file) for _, file in groupby(items, key=lambda item: item.path)]
