"""`python -m coachhub.serving <granian's own arguments>`: granian, with the application loaded before it forks.

So it is loaded once for all web workers of a machine: a second one costs no time, and a fraction of the memory.
`granian` itself serves `coachhub.wsgi:app` as well, and loads it in each of them.
"""

from flask import Flask
from granian.cli import entrypoint

from coachhub.platform.db import db
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.request_log import REHEARSED
from coachhub.wsgi import app

_SEEN_FIRST = ("/", "/sign-in", "/sign-up")


def rehearse(application: Flask) -> None:
    """Show nobody what strangers see first: what is loaded and compiled for it, every worker shares.

    Nothing is open afterwards, because a socket shared by workers would mix up their conversations. A database that is
    not there yet spoils the rehearsal and nothing else.
    """
    with kept_for_good():
        browser = application.test_client(use_cookies=False)
        for address in _SEEN_FIRST:
            browser.get(address, environ_overrides={REHEARSED: True})
        with application.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    rehearse(app)
    entrypoint()  # type: ignore[no-untyped-call]
