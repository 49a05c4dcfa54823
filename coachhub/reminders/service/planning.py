"""Planning: rows for what is due, in one practice; and when to look at it again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import text

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import URGENT, enqueue
from coachhub.platform.local_time import local_day, local_instant
from coachhub.platform.tenancy import as_hasty_practice, as_visitor, current_practice
from coachhub.platform.wakes import end_wakes, look_at
from coachhub.reminders.kinds import KINDS, Kind
from coachhub.reminders.kinds.zones import asked_once, zones_of_clients, zones_of_staff
from coachhub.reminders.rules import MORNING, monday_due

log = structlog.get_logger(__name__)
_PRACTICES = text("select lookup.practice_ids()")
_TO_LOOK_AT = text("select practice_id, is_urgent from lookup.practices_to_look_at(:at)")
_A_DAY = timedelta(days=1)
_MOST_ALONE = 16
"""So many practices with something due have a job each."""


def plan_practice(practice_id: UUID, *, asked_for_alone: bool = False) -> int:
    """Add the messages of a practice that are due now, in a transaction of its own; returns how many.

    Whatever a crash undoes of it is found again; the note that a mail is handed over takes it along to the disk.
    """
    with as_hasty_practice(practice_id):
        return plan_due(clock.now(), asked_for_alone=asked_for_alone)


def plan_due(now: datetime, *, asked_for_alone: bool = False) -> int:
    """Add the messages of the running practice that are due at `now`; returns how many. Again, it adds nothing.

    A kind that cannot be planned holds up no other: nobody waits for a code because a reminder is broken.
    """
    end_wakes(now, urgent_alone=asked_for_alone)
    kinds = [kind for kind in KINDS.values() if not (asked_for_alone and kind.is_reminder)]
    with asked_once():
        added = _planned_at_once(kinds, now)
        looks = () if asked_for_alone else set(_next_looks(now))
    for at in looks:
        look_at(at)
    return added


def _planned_at_once(kinds: Sequence[Kind], now: datetime) -> int:
    """All of them under one savepoint, which is two round trips less for each. Where one breaks, each has its own."""
    try:
        with db.session.begin_nested():
            return sum(kind.plan(now) for kind in kinds)
    except Exception:  # which one it is, and why, is found out and told by the second way
        return sum(_planned(kind, now) for kind in kinds)


def _planned(kind: Kind, now: datetime) -> int:
    try:
        with db.session.begin_nested():
            return kind.plan(now)
    except Exception:
        log.exception("kind_not_planned", kind=kind.name, practice_id=str(current_practice()))
        return 0


def _next_looks(now: datetime) -> Iterator[datetime]:
    """When a day's reminders are due next: nine o'clock of each client's zone, Monday morning of each coach's."""
    for zone in zones_of_clients():
        yield _next_morning(now, zone)
    for zone in zones_of_staff():
        yield min(at for at in (monday_due(now, zone), monday_due(now + 7 * _A_DAY, zone)) if at > now)


def _next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    today = local_day(now, zone)
    return min(at for n in range(3) if (at := local_instant(today + n * _A_DAY, MORNING, zone)) > now)


def practice_ids() -> list[UUID]:
    """Every practice, in a steady order."""
    with as_visitor():
        return list(db.session.scalars(_PRACTICES))


def ring_where_something_is_due() -> None:
    """Ring for each practice that has something due, by one look at all of them; where many have, for shares of them.

    It is what finds whatever lost its own ring: mails that somebody waits for, days that have come, claims that ended.
    """
    with as_visitor():
        found = _to_look_at()
        if shares := shares_of(len(found)):
            filled = Counter(_share_of(practice_id, shares) for practice_id in found)
            for number, _practices in filled.most_common():  # no worker is left with a full one when all else is done
                enqueue("workers.jobs.deliver_share", number, shares)
        for practice_id, is_urgent in found.items():
            if not shares:
                enqueue("workers.jobs.deliver_mail", practice_id)
            if is_urgent:
                enqueue("workers.jobs.deliver_asked_for", practice_id, queue=URGENT)


def shares_of(practices: int) -> int:
    """In how many shares so many practices with something due are gone through, a few of them in each; 0: in none.

    A job's process, and its connections, take as long to begin as hundreds of mails. A power of two, so that while the
    number falls the shares mostly stay what they were, and one that waits is not rung for again under another name.
    """
    return 0 if practices <= _MOST_ALONE else 1 << ((practices - 1) // 4).bit_length()


def practices_of_share(number: int, shares: int) -> list[UUID]:
    """The practices of one share in which something is due now."""
    with as_visitor():
        return [practice_id for practice_id in _to_look_at() if _share_of(practice_id, shares) == number]


def _share_of(practice_id: UUID, shares: int) -> int:
    """The end of an id is chance."""
    return practice_id.int % shares


def _to_look_at() -> dict[UUID, bool]:
    """Each practice with something due, and whether somebody waits for it."""
    return {row.practice_id: row.is_urgent for row in db.session.execute(_TO_LOOK_AT, {"at": clock.now()})}
