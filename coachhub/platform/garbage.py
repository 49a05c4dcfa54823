"""What a process loads before its work begins stays for good, so nobody need look through it for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_BETWEEN_LOOKS = 10_000
"""So many more things must have been made than let go before Python looks for cycles among the youngest. At its own 700
it looks several times a request and dozens of times a batch of mails, through what is nearly all in use: a third of the
time that a batch takes. Nearly nothing that we make is a cycle, so that what waits meanwhile is a few megabytes.
"""
BETWEEN_LOOKS_OF_THE_WEB = 2_000
"""For processes that answer requests: what waits meanwhile is half a megabyte less in each."""


@contextmanager
def kept_for_good(between_looks: int = _BETWEEN_LOOKS) -> Iterator[None]:
    """Whatever is made inside the block is never looked through: not while it is made, which takes a sixth of the time,
    and not later, so that a fork need not copy its pages. What is made after it is looked through rarely.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
        gc.set_threshold(between_looks)
    finally:
        gc.enable()
