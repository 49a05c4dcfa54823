"""The inbox of what the gateway told: reading what is open, and writing down what became of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import or_, select, update

from coachhub.payments.models import StripeEvent
from coachhub.payments.rules.waiting import MOST_TRIES, wait_before_asking_again
from coachhub.platform import clock
from coachhub.platform.counts import WEBHOOKS_HANDLED
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

PROVIDER = "stripe"
BATCH = 200
_LONGEST_TROUBLE = 300


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event that nobody has handled yet."""

    event_id: str
    account_id: str
    kind: str
    object_id: str
    tries: int


def open_events(now: datetime) -> list[EventRow]:
    """What is to be handled now, oldest first; what failed lately waits."""
    columns = [getattr(StripeEvent, name) for name in EventRow.__dataclass_fields__]
    due = or_(StripeEvent.next_try_at.is_(None), StripeEvent.next_try_at <= now)
    here = (StripeEvent.practice_id == current_practice(), StripeEvent.handled_at.is_(None), due)
    rows = db.session.execute(select(*columns).where(*here).order_by(StripeEvent.received_at).limit(BATCH))
    return [EventRow(**row._mapping) for row in rows]


def note_handled(event_ids: Sequence[str], outcome: Literal["handled", "ignored"] = "handled") -> None:
    """These are done with; the transaction is the one in which their effect is written."""
    if event_ids:
        _change(event_ids, handled_at=clock.now(), outcome=outcome, next_try_at=None, trouble="")


def note_trouble(events: Sequence[EventRow], trouble: str) -> None:
    """Try these again later, each time later; after the last time they stay failed, for somebody to look at."""
    now = clock.now()
    for event in events:
        tries, kept = event.tries + 1, trouble[:_LONGEST_TROUBLE]
        if tries >= MOST_TRIES:
            _change([event.event_id], handled_at=now, outcome="failed", tries=tries, trouble=kept)
            continue
        spread = sum(event.event_id.encode()) % 100 / 100
        again = now + wait_before_asking_again(tries, spread)
        _change([event.event_id], tries=tries, next_try_at=again, trouble=kept)


def _change(event_ids: Sequence[str], **values: object) -> None:
    """What is handled stays handled: somebody else may have been quicker."""
    these = (
        StripeEvent.practice_id == current_practice(),
        StripeEvent.event_id.in_(event_ids),
        StripeEvent.handled_at.is_(None),
    )
    change = update(StripeEvent).where(*these).values(**values).returning(StripeEvent.kind)
    for kind, times in Counter(db.session.scalars(change)).items():
        WEBHOOKS_HANDLED.happened(PROVIDER, kind, str(values.get("outcome", "put off")), times=times)
