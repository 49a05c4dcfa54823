"""How memory is kept in processes that fork and serve with threads, by the C library and by granian's Rust.

Python lets one thread at a time make things, so that a heap for each thread is of no use: it holds what the others
cannot have.
"""

import ctypes
import os

_ARENA_MAX = -8
"""`M_ARENA_MAX` of malloc.h."""
_OF_GRANIAN = ("_RJEM_MALLOC_CONF", "narenas:1,lg_tcache_max:10")
"""How its allocator is told, which is jemalloc: one heap, and for each thread a store of pieces up to 1 KB alone."""


def keep_one_heap() -> None:
    """Have all threads share a heap, and give back what lies free in it; only glibc can be told."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.mallopt(_ARENA_MAX, 1)
        library.malloc_trim(0)


def have_granian_keep_one_heap() -> None:
    """For whoever has not imported granian yet: its allocator reads this as it is loaded.

    It would have four heaps a core and a store of pieces up to 32 KB a thread, for heads and answers of requests. Few
    are on their way at a time: that was two megabytes in each process. Whoever runs the server may say otherwise.
    """
    os.environ.setdefault(*_OF_GRANIAN)
