"""What the provider tells of mails afterwards: kept as it comes, in any order and twice, then taken in.

Where a mail stands is worked out from all that was ever told of it, so that no order of telling makes a difference.
An event that nobody has taken in is a row that says so: losing a ring loses nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import TextClause, select, text

from coachhub.clients.models import Client
from coachhub.platform import clock
from coachhub.platform.counts import WEBHOOKS, WEBHOOKS_HANDLED
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.mail_news import Fate, News
from coachhub.platform.tenancy import as_practice, as_visitor, bind, current_practice
from coachhub.reminders.models import MailEvent, Message, MessageState
from coachhub.reminders.service.suppressions import Complaint, suppress
from coachhub.reminders.service.switches import Reader, stop_all

PROVIDER = "sendgrid"
BATCH = 1_000
TURN = timedelta(seconds=40)
KEPT_FOR = timedelta(days=60)
_STANDING = (
    MessageState.SENT,
    MessageState.DELIVERED,
    MessageState.BOUNCED,
    MessageState.COMPLAINED,
    MessageState.FAILED,
)
"""From the weakest to the strongest: a message only moves on."""
_MEANS = {
    Fate.TAKEN: MessageState.SENT,
    Fate.UNSUBSCRIBED: MessageState.SENT,
    Fate.DELAYED: MessageState.SENT,
    Fate.BLOCKED: MessageState.SENT,
    Fate.DELIVERED: MessageState.DELIVERED,
    Fate.BOUNCED: MessageState.BOUNCED,
    Fate.COMPLAINED: MessageState.COMPLAINED,
    Fate.DROPPED: MessageState.FAILED,
    Fate.DROPPED_BOUNCED: MessageState.FAILED,
    Fate.DROPPED_COMPLAINED: MessageState.FAILED,
}
"""From the weakest to the strongest, too: the strongest that was told of a mail is what counts."""
_CAUSES = {
    Fate.BOUNCED: "bounced",
    Fate.DROPPED_BOUNCED: "bounced",
    Fate.COMPLAINED: "complained",
    Fate.DROPPED_COMPLAINED: "complained",
}
_KEEP = text(
    "insert into mail_events (practice_id, id, delivery_id, event, reason, address, happened_at, received_at) "
    "select p.id, n.id, n.delivery_id, n.event, n.reason, n.address, n.happened_at, :now from practices p, "
    "unnest(cast(:ids as text[]), cast(:deliveries as uuid[]), cast(:events as text[]), cast(:reasons as text[]), "
    "cast(:addresses as text[]), cast(:instants as timestamptz[])) "
    "as n(id, delivery_id, event, reason, address, happened_at) where p.id = :practice_id on conflict do nothing "
    "returning event"
)
_COVERED = text(
    "select id, delivery_id from outbox where practice_id = :practice_id and id = any(:deliveries) union all "
    "select id, delivery_id from outbox where practice_id = :practice_id and delivery_id = any(:deliveries) "
    "and delivery_id <> id"
)
_LOCKED = text(
    "select id from outbox where practice_id = :practice_id and id = any(:messages) order by id for update skip locked"
)
_SETTLE = text(
    "with told as ("
    "select distinct on (e.delivery_id) e.delivery_id, m.strength, m.state, e.reason, e.happened_at, e.id "
    "from mail_events e join unnest(cast(:fates as text[]), cast(:states as text[])) with ordinality "
    "as m(fate, state, strength) on m.fate = e.event "
    "where e.practice_id = :practice_id and e.delivery_id = any(:deliveries) "
    "order by e.delivery_id, m.strength desc, e.happened_at desc, e.id desc"
    "), ends as ("
    "select distinct on (c.message_id) c.message_id, t.state, nullif(t.reason, '') as reason "
    "from unnest(cast(:messages as uuid[]), cast(:of as uuid[])) as c(message_id, delivery_id) "
    "join told t on t.delivery_id = c.delivery_id "
    "order by c.message_id, t.strength desc, t.happened_at desc, t.id desc"
    ") "
    "update outbox o set state = ends.state, reason = ends.reason, leased_until = null, "
    "settled_at = coalesce(o.settled_at, :now), "
    "is_trouble = case when o.state = ends.state then o.is_trouble else ends.state = any(:troubles) end "
    "from ends where o.practice_id = :practice_id and o.id = ends.message_id and o.state <> all(:final) "
    "and array_position(cast(:standing as text[]), ends.state) >= "
    "coalesce(array_position(cast(:standing as text[]), o.state), 0)"
)
_TAKEN_IN = text(
    "update mail_events set handled_at = :now, address = '' where practice_id = :practice_id and id = any(:ids)"
)
_FORGET = text("delete from mail_events where practice_id = :practice_id and handled_at < :before")
_TO_HEAR = text("select practice_id, has_events from lookup.practices_to_hear()")


@dataclass(frozen=True, slots=True)
class _Event:
    id: str
    delivery_id: UUID
    fate: Fate
    reason: str
    address: str
    happened_at: datetime


def keep_news(news: Iterable[News]) -> None:
    """Keep what was told in a visitor's transaction, each practice's as that practice; the rest comes later.

    Nothing is kept for a practice that does not exist.
    """
    ordered = sorted(news, key=lambda each: (each.practice_id, each.id))
    for practice_id, group in groupby(ordered, key=lambda each: each.practice_id):
        bind(practice_id, None)
        _keep(practice_id, list(group))
    bind(None, None)


def _keep(practice_id: UUID, news: Sequence[News]) -> None:
    columns = {
        "ids": [each.id for each in news],
        "deliveries": [each.delivery_id for each in news],
        "events": [each.fate.value for each in news],
        "reasons": [each.reason for each in news],
        "addresses": [each.address for each in news],
        "instants": [each.happened_at for each in news],
    }
    new = Counter(db.session.scalars(_KEEP, {"practice_id": practice_id, "now": clock.now(), **columns}))
    for fate, told in Counter(each.fate.value for each in news).items():
        WEBHOOKS.happened(PROVIDER, fate, "kept", times=new[fate])
        WEBHOOKS.happened(PROVIDER, fate, "known", times=told - new[fate])
    if new:
        enqueue("workers.jobs.take_in_events", practice_id)


def take_in(practice_id: UUID) -> int:
    """Act on what was told of a practice's mails, for one turn; returns on how many events.

    Of a mail that is just being sent it is acted on later: this waits for nobody, so that nobody can wait for it in a
    circle.
    """
    stop_at, handled = clock.machine_now() + TURN, 0
    while True:
        with as_practice(practice_id):
            now = clock.now()
            done = _take_in_batch(now)
            handled += done
            is_over = done == 0 or clock.machine_now() >= stop_at
            if is_over:
                _run(_FORGET, before=now - KEPT_FOR)
                if done:
                    enqueue("workers.jobs.take_in_events", practice_id)
        if is_over:
            return handled


def _take_in_batch(now: datetime) -> int:
    events = _untaken()
    if not events:
        return 0
    covered = _covered({event.delivery_id for event in events})
    locked = _ids(_LOCKED, messages=list(covered))
    busy = {delivery for message, deliveries in covered.items() if message not in locked for delivery in deliveries}
    free = [event for event in events if event.delivery_id not in busy]
    _settle({event.delivery_id for event in free}, [(each, of) for each in locked for of in covered[each]], now)
    suppress(
        Complaint(event.address, _CAUSES[event.fate], event.reason, event.happened_at)
        for event in free
        if event.fate in _CAUSES and event.address
    )
    _switch_off([event.delivery_id for event in free if event.fate is Fate.UNSUBSCRIBED])
    _run(_TAKEN_IN, ids=[event.id for event in free], now=now)
    for fate, times in Counter(event.fate.value for event in free).items():
        WEBHOOKS_HANDLED.happened(PROVIDER, fate, "handled", times=times)
    return len(free)


def _untaken() -> list[_Event]:
    columns = (
        MailEvent.id,
        MailEvent.delivery_id,
        MailEvent.event,
        MailEvent.reason,
        MailEvent.address,
        MailEvent.happened_at,
    )
    here = (MailEvent.practice_id == current_practice(), MailEvent.handled_at.is_(None))
    oldest = select(*columns).where(*here).order_by(MailEvent.received_at).limit(BATCH)
    rows = db.session.execute(oldest.with_for_update(skip_locked=True))
    return [_Event(row.id, row.delivery_id, Fate(row.event), row.reason, row.address, row.happened_at) for row in rows]


def _covered(deliveries: set[UUID]) -> dict[UUID, set[UUID]]:
    """The messages that went out with these deliveries, each with those of them that it belongs to."""
    rows = db.session.execute(_COVERED, {"practice_id": current_practice(), "deliveries": list(deliveries)})
    found: dict[UUID, set[UUID]] = {}
    for message, delivery in rows:
        found.setdefault(message, set()).update({message, delivery} & deliveries)
    return found


def _settle(deliveries: set[UUID], covered: list[tuple[UUID, UUID]], now: datetime) -> None:
    """Move each message on by what was told of these deliveries; `covered` says which belongs to which."""
    troubles = [MessageState.BOUNCED, MessageState.COMPLAINED, MessageState.FAILED]
    _run(
        _SETTLE,
        deliveries=list(deliveries),
        messages=[message for message, _ in covered],
        of=[delivery for _, delivery in covered],
        now=now,
        fates=[fate.value for fate in _MEANS],
        states=[state.value for state in _MEANS.values()],
        standing=[state.value for state in _STANDING],
        troubles=[state.value for state in troubles],
        final=[MessageState.DROPPED.value, MessageState.FAILED.value],
    )


def _switch_off(deliveries: list[UUID]) -> None:
    """Their readers want no reminders any more."""
    if not deliveries:
        return
    here = (Message.practice_id == current_practice(), Message.id.in_(deliveries))
    of_client = (Client.practice_id == Message.practice_id) & (Client.id == Message.client_id)
    readers = select(Client.id).join(Message, of_client).where(*here).distinct().order_by(Client.id)
    for client_id in db.session.scalars(readers).all():
        stop_all(Reader(client_id))


def _run(statement: TextClause, **given: object) -> None:
    db.session.execute(statement, {"practice_id": current_practice(), **given})


def _ids(statement: TextClause, **given: object) -> set[UUID]:
    return set(db.session.scalars(statement, {"practice_id": current_practice(), **given}))


def ring_where_something_was_told() -> None:
    """Ring for each practice with events that nobody has taken in, or with lifts that the provider has not heard of."""
    with as_visitor():
        for practice_id, has_events in db.session.execute(_TO_HEAR).all():
            enqueue("workers.jobs.take_in_events" if has_events else "workers.jobs.tell_lifted", practice_id)
