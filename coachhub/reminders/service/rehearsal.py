"""What a worker does before its first fork: everything once, for nobody, so that no fork has to learn it anew."""

from uuid import UUID

import structlog

from coachhub.platform import clock
from coachhub.platform.mailers import load_carrier
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.service import outbox
from coachhub.reminders.service.planning import plan_due
from coachhub.reminders.service.scripts import letter_for_nobody
from coachhub.reminders.service.suppressions import suppressed_among

log = structlog.get_logger(__name__)
_NOBODY = UUID(int=0)


def rehearse() -> None:
    """Compile every statement of planning and sending, and every template. A database that is not there waits."""
    load_carrier(ports().settings)
    try:
        now = clock.now()
        with as_practice(_NOBODY):
            plan_due(now)
            outbox.claim(now, 1, outbox.kinds_let_out(KINDS))
            for kind in KINDS.values():
                kind.read([], now)
            suppressed_among([])
            letter_for_nobody()
    except Exception as error:
        log.warning("rehearsal_failed", why=type(error).__name__)
