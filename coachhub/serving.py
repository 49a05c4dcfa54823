"""`python -m coachhub.serving <granian's own arguments>`: granian, with the application loaded before it forks.

So it is loaded once for all web workers of a machine: a second one costs no time, and a fraction of the memory.
`granian` itself serves `coachhub.wsgi:app` as well, and loads it in each of them.
"""

import os
import signal
import sys
from multiprocessing import active_children
from typing import Any

from coachhub.platform.garbage import kept_for_good
from coachhub.platform.heap import have_granian_keep_one_heap, keep_one_heap

with kept_for_good():
    have_granian_keep_one_heap()
    import granian.cli
    from granian.server.mp import MPServer

    import coachhub.platform.lean  # noqa: F401 (before anything imports what it spares us)
    from coachhub.platform.attendant import HEARD, become_attendant, serving_already
    from coachhub.rehearsal import rehearse
    from coachhub.wsgi import app, settings


class AttendedServer(MPServer):
    """granian, whose first process lets go of the application once several workers are forked.

    It would hold for itself all that they change in their copies, a sixth of what they take. Where there is just one
    worker it stays: who has the application loaded has another one serve at once.
    """

    def serve(self, *args: Any, **kwargs: Any) -> None:
        """As granian does, with as many more workers as are missing."""
        self._serving = serving_already()
        self._is_attended = self._can_be_attended()
        self.workers -= len(self._serving)
        if self._is_attended:
            # By all threads that granian begins: whatever we are told from here on waits for the attendant.
            signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
            os.register_at_fork(after_in_child=_hear)
        super().serve(*args, **kwargs)

    def _can_be_attended(self) -> bool:
        """Whether nothing was asked for that only granian's own loop does."""
        asked = (self.bind_uds, self.pid_file, self.workers_lifetime, self.workers_rss, self.metrics_enabled)
        return sys.platform == "linux" and self.workers > 1 and self.respawn_failed_workers and not any(asked)

    def _serve_loop(self, *args: Any) -> None:
        if not self._is_attended:
            super()._serve_loop(*args)  # type: ignore[no-untyped-call]
            return
        forked = {worker.pid for worker in active_children() if worker.pid}
        become_attendant(self.workers_kill_timeout or 0, self._serving | forked)


def _hear() -> None:
    """Have a worker end at once when told to stop, until granian has it finish what it answers by then."""
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)


if __name__ == "__main__":
    rehearse(app, settings.database_url.get_secret_value())
    keep_one_heap()
    granian.cli.Server = AttendedServer  # type: ignore[attr-defined]  # where its command looks for it
    granian.cli.entrypoint()  # type: ignore[no-untyped-call]
