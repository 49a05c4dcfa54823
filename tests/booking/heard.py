"""A listener to what bookings tell, for tests of what is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coachhub.booking.service import changes

_NAMES = ("CONFIRMED", "CHANGED", "CANCELLED", "ENDED", "FREED")
_ALL = (*_NAMES, "RUN_OUT")


@contextmanager
def listening() -> Iterator[list[tuple[Any, ...]]]:
    """What is told in the block, in order: the name of the news, then what it says. Listeners end with the block."""
    heard: list[tuple[Any, ...]] = []
    before = {name: list(getattr(changes, name)._listeners) for name in _ALL}
    for name in _NAMES:
        getattr(changes, name).reach(lambda *said, _name=name: heard.append((_name, *said)))
    try:
        yield heard
    finally:
        for name in _ALL:
            getattr(changes, name)._listeners[:] = before[name]
