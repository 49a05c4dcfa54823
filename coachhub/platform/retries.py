"""Trying again what the database ended for somebody else's sake: a deadlock, or two that cannot both come first."""

from collections.abc import Callable
from typing import TypeVar

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger(__name__)

Result = TypeVar("Result")
_TRIES = 5
_PASSING = ("40P01", "40001")  # deadlock_detected, serialization_failure


def until_it_fits(work: Callable[[], Result]) -> Result:
    """Do a transaction's whole work, from its beginning again where the database ended it for another's sake.

    The work opens the transaction itself and touches nothing else in the world: what it did before is undone.
    """
    for _ in range(_TRIES - 1):
        try:
            return work()
        except DBAPIError as error:
            if not is_passing(error):
                raise
            log.info("transaction_tried_again", error=type(error.orig).__name__)
    return work()


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction, begun again, has every chance."""
    return isinstance(error.orig, psycopg.Error) and error.orig.sqlstate in _PASSING
