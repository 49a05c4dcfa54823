"""Planning: rows for what is due, in one practice or in all."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import text

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice
from coachhub.reminders.kinds import KINDS, Kind

log = structlog.get_logger(__name__)
_PRACTICES = text("select lookup.practice_ids()")
_WITH_MAIL_DUE = text("select lookup.practices_with_mail_due(:at)")


def plan_due(now: datetime) -> int:
    """Add the messages of the running practice that are due at `now`; returns how many. Again, it adds nothing.

    A kind that cannot be planned holds up no other: nobody waits for a code because a reminder is broken.
    """
    return sum(_planned(kind, now) for kind in KINDS.values())


def _planned(kind: Kind, now: datetime) -> int:
    try:
        with db.session.begin_nested():
            return kind.plan(now)
    except Exception:
        log.exception("kind_not_planned", kind=kind.name, practice_id=str(current_practice()))
        return 0


def practice_ids() -> list[UUID]:
    """Every practice, in a steady order."""
    with as_visitor():
        return list(db.session.scalars(_PRACTICES))


def ring_where_mail_is_due() -> None:
    """Plan in every practice, then ring for each that has a message due or a claim that has ended.

    It is what finds messages whose own ring was lost; a practice whose planning fails does not stop the others.
    """
    now = clock.now()
    for practice_id in practice_ids():
        try:
            with as_practice(practice_id):
                plan_due(now)
        except Exception:
            log.exception("planning_failed", practice_id=str(practice_id))
    with as_visitor():
        for practice_id in db.session.scalars(_WITH_MAIL_DUE, {"at": now}):
            enqueue("workers.jobs.deliver_mail", practice_id)
