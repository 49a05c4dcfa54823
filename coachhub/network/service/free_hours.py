"""When the client is free for a coffee: a weekly grid, and the next times out of it."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from sqlalchemy import delete, insert, select

from coachhub.network.models import FreeHour, Meetup
from coachhub.network.rules import next_free_times
from coachhub.network.service.meetup_rows import scheduled
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

Slot = tuple[int, time]
"""A weekday (Monday is 0) and a local time of the client's."""

_LONGEST = timedelta(days=1)


def free_hours(owner: Owner) -> tuple[Slot, ...]:
    """The client's grid, from Monday on."""
    query = select(FreeHour.weekday, FreeHour.at).where(owned_by(owner, FreeHour))
    return tuple((weekday, at) for weekday, at in db.session.execute(query.order_by(FreeHour.weekday, FreeHour.at)))


def keep_free_hours(owner: Owner, slots: Iterable[Slot]) -> None:
    """Replace the whole grid. A second click changes nothing."""
    one_at_a_time(owner)
    wanted = sorted(set(slots))
    if wanted == list(free_hours(owner)):
        return
    db.session.execute(delete(FreeHour).where(owned_by(owner, FreeHour)))
    key = {"practice_id": current_practice(), "client_id": owner.client_id, "user_id": owner.user_id}
    if wanted:
        db.session.execute(insert(FreeHour), [{**key, "weekday": weekday, "at": at} for weekday, at in wanted])


def free_times(owner: Owner, count: int, minutes: int = 60, after: datetime | None = None) -> tuple[datetime, ...]:
    """The next times at which the client is free, as UTC instants, earliest first; none where the grid is empty.

    Two days ahead at the earliest, each on a day of its own, later than `after`, and an hour away from each agreed
    meetup.
    """
    grid = free_hours(owner)
    if not grid:
        return ()
    now = clock.now()
    return next_free_times(grid, now, owner.zone, _agreed(owner, now), count, minutes, after)


def _agreed(owner: Owner, now: datetime) -> list[tuple[datetime, datetime]]:
    query = select(Meetup.starts_at, Meetup.minutes).where(scheduled(owner), Meetup.starts_at > now - _LONGEST)
    return [(begin, begin + timedelta(minutes=minutes)) for begin, minutes in db.session.execute(query)]
