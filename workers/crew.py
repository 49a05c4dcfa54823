"""Many workers of one machine out of one process: what is the same to all is imported once, and each is a fork.

A post is a queue, with a number where it has several workers: `urgent`, `default`, `default-2`. Where a worker ends its
post is manned again. This process only starts and waits, so there is little in it that could go wrong.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import structlog

from coachhub.platform.launcher import die_with_parent, note_pid

log = structlog.get_logger(__name__)

_STOPS = (signal.SIGTERM, signal.SIGINT)
_TOO_SHORT_A_LIFE = 1.0


class Crew:
    """The workers of the posts; `work` is what each of them does with its queue, and `pids` is where they are noted."""

    def __init__(self, posts: Sequence[str], work: Callable[[str], None], pids: Path) -> None:
        self._vacant = list(posts)
        self._work = work
        self._pids = pids
        self._at: dict[int, tuple[str, float]] = {}
        self._stops = False

    def keep(self) -> None:
        """Man every post until told to stop; then have each worker finish what it does, and wait for that."""
        for number in _STOPS:
            signal.signal(number, self._stop)
        while not self._stops or self._at:
            self._man()
            self._bury()

    def _man(self) -> None:
        with _undisturbed():
            while self._vacant and not self._stops:
                post = self._vacant.pop(0)
                crew = os.getpid()
                pid = os.fork() or self._become_worker(post, crew)
                self._at[pid] = (post, time.monotonic())
                note_pid(self._pids, f"worker-{post}", pid)

    def _become_worker(self, post: str, crew: int) -> int:
        """In the fork. Never returns."""
        code = 1
        try:
            for number in _STOPS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
            die_with_parent()
            if os.getppid() == crew:  # else it ended before we could ask to be told of it
                self._work(post.partition("-")[0])
            code = 0
        except SystemExit as asked:
            code = asked.code if isinstance(asked.code, int) else 1
        except BaseException as error:
            log.error("broke_off", post=post, exc_info=error)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _bury(self) -> None:
        """Wait for one that ends. Where it has only just begun, such as without Valkey, the next one waits a moment."""
        if not self._at:
            return
        pid, status = os.wait()
        post, began = self._at.pop(pid, ("", 0.0))
        if not post or self._stops:
            return
        log.error("worker_ended", post=post, code=os.waitstatus_to_exitcode(status))
        if time.monotonic() - began < _TOO_SHORT_A_LIFE:
            time.sleep(_TOO_SHORT_A_LIFE)
        self._vacant.append(post)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Only once: a worker that is told twice drops what it does."""
        pids = [] if self._stops else list(self._at)
        self._stops = True
        for pid in pids:
            with suppress(ProcessLookupError):  # it has ended this very moment
                os.kill(pid, signal.SIGTERM)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A signal waits until the block is over: whoever was just forked is known by then, and is told as well."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
