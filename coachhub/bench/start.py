"""A start that several processes wait for, so that none is timed while it still imports."""

from coachhub.platform.jobs import connect

_WAITING, _SHOTS = "bench:waiting", "bench:shots"


class Start:
    """In Valkey, where those who wait and whoever gives it meet."""

    def __init__(self, redis_url: str) -> None:
        self._valkey = connect(redis_url)

    def wait(self) -> None:
        """Say that this process is ready, and wait for its start."""
        self._valkey.incr(_WAITING)
        while self._valkey.blpop([_SHOTS], timeout=1) is None:
            pass

    def waiting(self) -> int:
        """How many are ready."""
        return int(self._valkey.get(_WAITING) or 0)

    def give(self, processes: int) -> None:
        """Let so many of them begin."""
        self._valkey.rpush(_SHOTS, *["now"] * processes)
