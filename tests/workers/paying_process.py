"""A real process that pays or settles, and may be told to die between two steps:
`python -m tests.workers.paying_process <instant> <what> <practice> <id> [<stage>]`.

`buy` is what the pay page's button does for a booking, `settle` what a worker's job does for the practice.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from coachhub.app import create_worker_app
from coachhub.payments.service import expiring, giving_back, inbox, paying, settling
from coachhub.payments.service.buying import buy_booking
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import load_settings
from coachhub.platform.tenancy import as_practice

STAGES: dict[str, tuple[Any, str, bool]] = {
    "purchase made": (paying, "open_payment", True),
    "about to ask for a page": (paying, "_page_of", True),
    "page made": (paying, "_page_of", False),
    "event read": (inbox, "_synced", True),
    "payment seen": (settling, "bring_in_line", True),
    "booking confirmed, not committed": (settling, "note_handled", True),
    "all written": (inbox, "_synced", False),
    "page about to end": (expiring, "_end", True),
    "page ended": (settling, "bring_in_line", True),
    "slot freed, not committed": (settling, "note_handled", True),
    "refund about to be asked for": (giving_back, "_give_back", True),
    "refund given": (giving_back, "take_in_refund", True),
    "refund written": (giving_back, "_give_back", False),
}
"""Where it dies: before (True) or after this function is called."""


def die_at(stage: str) -> None:
    """Have this process killed at the stage."""
    module, name, is_before = STAGES[stage]
    setattr(module, name, _deadly(getattr(module, name), is_before))


def _deadly(step: Callable[..., Any], is_before: bool) -> Callable[..., Any]:
    def last(*given: Any, **named: Any) -> Any:
        if not is_before:
            step(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return last


def _buy(practice_id: UUID, booking_id: UUID) -> None:
    with as_practice(practice_id):
        purchase_id = buy_booking(booking_id)
    sys.stdout.write(paying.open_payment(practice_id, purchase_id))


if __name__ == "__main__":
    instant, what, practice, named, *stage = sys.argv[1:]
    if stage:
        die_at(stage[0])
    with create_worker_app(load_settings(), clock=FixedClock(datetime.fromisoformat(instant))).app_context():
        if what == "buy":
            _buy(UUID(practice), UUID(named))
        else:
            expiring.settle(UUID(practice))
