"""One folder for all processes of one web server, so that whichever is asked tells the counts of all.

Each process has a place in it, held by a lock that ends with the process. One that is started anew goes on in the files
of the one before it: they are never more than there are processes, and no count goes back.
"""

import fcntl
import multiprocessing
import os
import shutil
from itertools import count
from pathlib import Path
from typing import IO

import psutil
from prometheus_client import values

_held: list[IO[bytes]] = []
_place = 0


def share(folder: Path) -> Path:
    """Count in a folder of this server's processes from now on; those of servers that have ended go. Returns it.

    Called once in each process that is loaded by itself; one that is forked from it takes a place of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.iterdir():
        if other.name.isdigit() and not psutil.pid_exists(int(other.name)):
            shutil.rmtree(other, ignore_errors=True)
    ours = folder / str(_server())
    ours.mkdir(exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(ours)
    _take_place(ours)
    os.register_at_fork(after_in_child=lambda: _take_place(ours))
    values.ValueClass = values.MultiProcessValue(lambda: _place)  # type: ignore[no-untyped-call]
    return ours


def _server() -> int:
    """The server whose process this is: its parent's, where granian has made it; else it is the server's own."""
    return os.getpid() if multiprocessing.parent_process() is None else os.getppid()


def _take_place(folder: Path) -> None:
    global _place
    while _held:
        _held.pop().close()  # the parent's: where it is forked and not closed, it is held by the child as well
    _place = _free_place(folder)


def _free_place(folder: Path) -> int:
    """The first place that nobody holds."""
    for number in count(1):
        lock = (folder / f"{number}.lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            _held.append(lock)
            return number
    raise AssertionError
