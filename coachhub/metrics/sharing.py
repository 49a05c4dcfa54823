"""One folder for all processes of one web server, so that whichever is asked tells the counts of all.

Each process has a place in it, held by a lock that ends with the process. One that is started anew goes on in the files
of the one before it: they are never more than there are processes, and no count goes back.
"""

import fcntl
import os
import shutil
from itertools import count
from pathlib import Path
from typing import IO

import psutil
from prometheus_client import values

_held: list[IO[bytes]] = []


def share(folder: Path) -> Path:
    """Count in a folder of this server's processes from now on; those of servers that have ended go. Returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.iterdir():
        if other.name.isdigit() and not psutil.pid_exists(int(other.name)):
            shutil.rmtree(other, ignore_errors=True)
    ours = folder / str(os.getppid())
    ours.mkdir(exist_ok=True)
    place = _take_place(ours)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(ours)
    values.ValueClass = values.MultiProcessValue(lambda: place)  # type: ignore[no-untyped-call]
    return ours


def _take_place(folder: Path) -> int:
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
