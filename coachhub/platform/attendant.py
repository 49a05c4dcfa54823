"""What is left of a web server's first process while its workers serve: four megabytes that wait.

It runs as a file, before anything of CoachHub is imported, and follows `coachhub.serving` in the same process:

    python -I -S attendant.py PATIENCE WORKERS -- COMMAND...

WORKERS are process ids of its children, with commas. Told to stop, it has them finish what they answer, and ends who
takes more than PATIENCE seconds (0: they take their time). When one has ended by itself, it becomes COMMAND again, that
loads the application, forks as many as are missing and comes back here; those that are left serve meanwhile.
"""

import os
import signal
import sys
import time

SERVING = "COACHHUB_SERVING"
"""Tells COMMAND who serves already."""
HEARD = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD})
"""Blocked from before the first worker is forked, here, and in COMMAND again, so that none is lost on the way."""
_STOP = (signal.SIGTERM, signal.SIGINT)
_BREATH = 5
"""So many seconds are at least between two loads while somebody serves: each takes a core for more than a second."""
_LOOKS_EVERY = 0.2
_AS_LONG_AS_IT_TAKES = 3600


def become_attendant(patience: float, workers: set[int]) -> None:
    """Let go of all that this process has loaded, and attend its children. Never returns."""
    attend = [sys.executable, "-I", "-S", __file__, str(patience), _listed(workers)]
    os.execv(attend[0], [*attend, "--", *sys.orig_argv])  # noqa: S606


def serving_already() -> set[int]:
    """The workers that this process had when it was an attendant."""
    return _pids(os.environ.pop(SERVING, ""))


def main() -> None:
    """Attend until told to stop, or until a worker is missing."""
    patience, workers, command = float(sys.argv[1]), _pids(sys.argv[2]), sys.argv[4:]
    began, missing, heard = time.monotonic(), False, 0
    while heard not in _STOP:
        left = _running(workers)
        for ended in workers - left:
            print(f"[ERROR] Unexpected exit from the worker with PID {ended}", file=sys.stderr, flush=True)
        missing, workers = missing or left != workers, left
        if missing and (not workers or time.monotonic() > began + _BREATH):
            os.environ[SERVING] = _listed(workers)
            os.execvp(command[0], command)  # noqa: S606
        heard = _next_signal(_LOOKS_EVERY if missing else _AS_LONG_AS_IT_TAKES)
    _stop(workers, patience)


def _stop(workers: set[int], patience: float) -> None:
    began = time.monotonic()
    _tell(workers, signal.SIGTERM)
    while workers := _running(workers):
        if patience and time.monotonic() > began + patience:
            _tell(workers, signal.SIGKILL)
        _next_signal(_LOOKS_EVERY)


def _next_signal(within: float) -> int:
    heard = signal.sigtimedwait(HEARD, within)
    return heard.si_signo if heard else 0


def _running(workers: set[int]) -> set[int]:
    """Those who have not ended. Nobody else asks how a child ended, so none of their ids is another process' yet."""
    return {pid for pid in workers if _runs(pid)}


def _runs(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:  # granian has seen its end, before we came
        return False


def _tell(workers: set[int], what: signal.Signals) -> None:
    for pid in _running(workers):
        os.kill(pid, what)


def _listed(pids: set[int]) -> str:
    return ",".join(map(str, sorted(pids)))


def _pids(listed: str) -> set[int]:
    return {int(pid) for pid in listed.split(",") if pid}


if __name__ == "__main__":
    main()
