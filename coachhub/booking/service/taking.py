"""How a coach's time is taken: one at a time, and by the database's own rule.

Whoever wants a time of a coach queues for the coach first, so that two never run into each other's rows and both see
what there is. The exclusion constraint decides all the same: nothing here has to be right for it to hold.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from psycopg import Error
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from coachhub.platform.db import db
from coachhub.platform.mailboxes import mailbox_of
from coachhub.platform.tenancy import current_practice

_QUEUE = text("select pg_advisory_xact_lock(hashtextextended(:whom, 0))")
_OVERLAP = "ex_bookings_coach"


class TimeTaken(Exception):
    """The coach's time is somebody else's, or not for booking. Caught inside this domain."""


@contextmanager
def taking(coach_id: UUID) -> Iterator[None]:
    """One try to take a time of this coach, alone until the transaction ends. Raises TimeTaken.

    It is a savepoint: after a try that failed the transaction goes on as if there had been none, and the queue for the
    coach moves on, so that nobody ever holds up two coaches and no circle of waiting can come about.
    """
    try:
        with db.session.begin_nested():
            _queue_for("coach", coach_id)
            yield
    except IntegrityError as error:
        if _constraint_of(error) != _OVERLAP:
            raise
        raise TimeTaken from error


def queue_for_person(email: str) -> None:
    """Have whoever books with this address act one after the other: the second click sees what the first did.

    Always before the queue for a coach. Two spellings of one address stand in one queue.
    """
    _queue_for("person", mailbox_of(email))


def _queue_for(kind: str, whom: object) -> None:
    db.session.execute(_QUEUE, {"whom": f"{kind}:{current_practice()}:{whom}"})


def _constraint_of(error: IntegrityError) -> str | None:
    return error.orig.diag.constraint_name if isinstance(error.orig, Error) else None
