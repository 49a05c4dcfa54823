"""What becomes of a client's months when a friend is erased, or turns out to be another one."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update

from coachhub.habits.models import Choice, Cycle
from coachhub.habits.rules import Month, held_in
from coachhub.network.models import Log, Meetup, MeetupStatus
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def follow_merge(owner: Owner, kept_id: UUID, gone_id: UUID) -> None:
    """Whoever was chosen for a month is the friend who is kept."""
    rows = update(Choice).where(owned_by(owner, Choice), Choice.friend_id == gone_id)
    db.session.execute(rows.values(friend_id=kept_id), execution_options={"synchronize_session": False})


def keep_hours_of_past_months(owner: Owner, friend_id: UUID) -> None:
    """Before a friend is erased: months that are over keep the meetups held with them, and the minutes, as numbers.

    The running month counts anew without them.
    """
    current = Month.local(clock.now(), owner.zone)
    held, minutes = Counter[date](), Counter[date]()
    for month, spent in _hours_with(owner, friend_id):
        if month < current:
            held[month.first_day()] += 1
            minutes[month.first_day()] += spent
    for first_day, count in held.items():
        rows = update(Cycle).where(
            Cycle.practice_id == current_practice(), Cycle.client_id == owner.client_id, Cycle.month == first_day
        )
        kept = {
            "erased_held": Cycle.erased_held + count,
            "erased_minutes": Cycle.erased_minutes + minutes[first_day],
        }
        db.session.execute(rows.values(**kept), execution_options={"synchronize_session": False})


def _hours_with(owner: Owner, friend_id: UUID) -> Iterable[tuple[Month, int]]:
    is_log = (Log.practice_id == Meetup.practice_id) & (Log.meetup_id == Meetup.id)
    held_at, minutes = func.coalesce(Log.held_at, Meetup.starts_at), func.coalesce(Log.minutes, Meetup.minutes)
    query = select(held_at, minutes).select_from(Meetup).outerjoin(Log, is_log)
    theirs = (owned_by(owner, Meetup), Meetup.friend_id == friend_id, Meetup.status == MeetupStatus.HELD)
    for at, spent in db.session.execute(query.where(*theirs)):
        yield held_in(at, owner.zone), spent
