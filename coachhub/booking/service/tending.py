"""What the clock does for bookings, in every practice: holds end, and what is over is completed."""

from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import text

from coachhub.booking.service.ending import COMPLETED_AFTER, complete_past, end_free_holds
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.retries import until_it_fits
from coachhub.platform.tenancy import as_practice, as_visitor

log = structlog.get_logger(__name__)
_TO_TEND = text(
    "select practices_to_settle from lookup.practices_to_settle(:at) "
    "union select practices_with_bookings_over from lookup.practices_with_bookings_over(:since)"
)


def tend_bookings() -> None:
    """Look after the bookings of every practice; one that fails does not stop the others."""
    now = clock.now()
    with as_visitor():
        found = list(db.session.scalars(_TO_TEND, {"at": now, "since": now - COMPLETED_AFTER}))
    for practice_id in found:
        try:
            until_it_fits(partial(_tend, practice_id))
        except Exception:
            log.exception("bookings_not_tended", practice_id=str(practice_id))


def _tend(practice_id: UUID) -> None:
    now = clock.now()
    with as_practice(practice_id):
        end_free_holds(now)
        complete_past(now)
