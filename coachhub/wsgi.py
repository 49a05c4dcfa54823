"""The web application for a WSGI server: `python -m coachhub.serving --interface wsgi coachhub.wsgi:app`."""

import os

import coachhub.platform.lean  # noqa: F401 (before anything imports what it spares us)
from coachhub.platform.config import load_settings_or_exit
from coachhub.platform.garbage import BETWEEN_LOOKS_OF_THE_WEB, kept_for_good
from coachhub.platform.heap import keep_one_heap
from coachhub.platform.launcher import die_with_parent
from coachhub.platform.logs import tell_what_breaks_off

tell_what_breaks_off()
keep_one_heap()  # before the first thread: a heap that a thread was given is never taken back
# A server process whose parent was killed would keep the port and answer with old code.
die_with_parent()
os.register_at_fork(after_in_child=die_with_parent)
with kept_for_good(BETWEEN_LOOKS_OF_THE_WEB):
    from coachhub.app import create_app

    settings = load_settings_or_exit()
    if settings.metrics_token is not None:
        from coachhub.metrics.sharing import share

        share(settings.data / "metrics")
    app = create_app(settings)
