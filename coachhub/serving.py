"""`python -m coachhub.serving <granian's own arguments>`: granian, with the application loaded before it forks.

So it is loaded once for all web workers of a machine: a second one costs no time, and a fraction of the memory.
`granian` itself serves `coachhub.wsgi:app` as well, and loads it in each of them.
"""

from granian.cli import entrypoint

import coachhub.platform.lean  # noqa: F401 (before anything imports what it spares us)
from coachhub.platform.heap import keep_one_heap
from coachhub.rehearsal import rehearse
from coachhub.wsgi import app, settings

if __name__ == "__main__":
    rehearse(app, settings.database_url.get_secret_value())
    keep_one_heap()
    entrypoint()  # type: ignore[no-untyped-call]
