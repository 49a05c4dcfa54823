"""Trying again what the database ended for somebody else's sake: a deadlock, or two that cannot both come first; and
what it could not do because it, or the pooler before it, restarts.
"""

from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger(__name__)

Result = TypeVar("Result")
_TRIES = 5
_PASSING = ("40P01", "40001")  # deadlock_detected, serialization_failure
_IN_DOUBT = "coachhub: the connection was lost while this was committed"
_PATIENCE_SECONDS = 8.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0


class _Outage:
    """Since when this process has not reached the database. Only who meets the outage early waits for its end."""

    def __init__(self) -> None:
        self._began: float | None = None

    def is_waited_for(self) -> bool:
        """Whether there is still hope: each process holds its requests up once, not one after the other."""
        if self._began is None:
            self._began = monotonic()
        return monotonic() - self._began < _PATIENCE_SECONDS

    def end(self) -> None:
        """It was reached."""
        self._began = None


_outage = _Outage()


def until_it_fits(work: Callable[[], Result], *, only_looks: bool = False) -> Result:
    """Do a transaction's whole work, from its beginning again where the database ended it for another's sake.

    Where the database went away, it waits for it for some seconds. The work opens the transaction itself and touches
    nothing else in the world that would count twice: what it did before is undone. `only_looks`: it may be done again
    even where it was kept already.
    """
    tried, pause = 0, _FIRST_PAUSE
    while True:
        try:
            done = work()
        except DBAPIError as error:
            if _is_away(error, only_looks) and _outage.is_waited_for():
                sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            elif is_passing(error) and tried < _TRIES - 1:
                tried += 1
            else:
                raise
            log.info("transaction_tried_again", error=type(error.orig).__name__)
        else:
            _outage.end()
            return done


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction, begun again, has every chance."""
    return isinstance(error.orig, psycopg.Error) and error.orig.sqlstate in _PASSING


def is_lost(error: DBAPIError) -> bool:
    """Whether there was no connection, or it broke before anything was to be kept: then nothing was done."""
    was_never = error.statement is None and isinstance(error.orig, psycopg.OperationalError)
    return (error.connection_invalidated or was_never) and not is_in_doubt(error)


def _is_away(error: DBAPIError, only_looks: bool) -> bool:
    return is_lost(error) or (only_looks and error.connection_invalidated)


def note_doubt(error: DBAPIError) -> None:
    """Note that this happened while a transaction was committed: whether it is kept, nobody knows."""
    error.add_note(_IN_DOUBT)


def is_in_doubt(error: DBAPIError) -> bool:
    """Whether what it ended may have been kept all the same."""
    return _IN_DOUBT in getattr(error, "__notes__", ())
