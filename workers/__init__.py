"""The workers: processes that take jobs from Valkey and do each as one call of a service.

Nouns: a *worker* works on one queue; a *job* names a practice and finds out in the database what is to be done;
the *scheduler* asks for *sweeps*, the jobs that find what nobody rang for.
"""

from flask import Flask

_application: list[Flask] = []


def use(app: Flask) -> None:
    """Make this the application of every job in this process; done once, before the first fork."""
    _application[:] = [app]


def application() -> Flask:
    """The application of this process. Raises RuntimeError before `use`."""
    if not _application:
        raise RuntimeError("no application yet: start workers with python -m workers.boot")
    return _application[0]
