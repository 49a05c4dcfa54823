"""What a crash left running: programs whose pid the launcher noted and that are still that process."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

SUPERVISOR = "supervisord"
_CLOCKS_DIFFER_BY = 0.5  # the kernel counts births in ticks since its own start
_PATIENCE_SECONDS = 2  # they have had their signal already, and a job cut short is taken up again


def stop_leftovers(pids: Path) -> list[str]:
    """End them, gently first, and forget them. Returns their names.

    Only call it while holding the folder: whoever holds it has nothing running yet.
    """
    found = list(_alive(pids))
    # First the one that would start the others again. Theirs then end by themselves where the kernel says so.
    for process in [process for name, process in found if name == SUPERVISOR]:
        _send(process, signal.SIGKILL)
        _wait([process])
    for _, process in found:
        _send(process, signal.SIGTERM)
    stubborn = _wait([process for _, process in found])
    for process in stubborn:
        _send(process, signal.SIGKILL)
    _wait(stubborn)
    for note in pids.glob("*.pid"):
        note.unlink(missing_ok=True)
    return [name for name, _ in found]


def _alive(pids: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A pid may have been given to somebody else since; but they were born after the note was written."""
    for note in sorted(pids.glob("*.pid")):
        with suppress(psutil.NoSuchProcess, ValueError, IndexError):
            process = psutil.Process(int(note.read_text().split()[0]))
            if process.create_time() < note.stat().st_mtime + _CLOCKS_DIFFER_BY and not _has_ended(process):
                yield note.stem, process


def _wait(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Wait a while for their end. Returns those that live on."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while (alive := [process for process in processes if not _has_ended(process)]) and time.monotonic() < end:
        time.sleep(0.02)
    return alive


def _has_ended(process: psutil.Process) -> bool:
    """One that is dead but not yet buried by its new parent has ended too."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE or not process.is_running()
    except psutil.NoSuchProcess:
        return True


def _send(process: psutil.Process, what: signal.Signals) -> None:
    """To its whole process group where it leads one, so that a worker's child goes with it."""
    with suppress(ProcessLookupError, psutil.NoSuchProcess):
        if what == signal.SIGKILL and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, what)
        elif process.is_running():
            process.send_signal(what)
