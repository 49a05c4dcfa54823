"""How the C library keeps memory in processes that fork and serve with threads; only glibc can be told.

Python lets one thread at a time make things, so that a heap for each thread is of no use: it holds what the others
cannot have.
"""

import ctypes

_ARENA_MAX = -8
"""`M_ARENA_MAX` of malloc.h."""


def keep_one_heap() -> None:
    """Have all threads share a heap, and give back what lies free in it."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.mallopt(_ARENA_MAX, 1)
        library.malloc_trim(0)
