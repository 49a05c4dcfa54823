"""What the client promised a friend at a meetup: open until it is kept, and told of on its day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, select, update

from coachhub.network.models import Friend, Log
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.told import day_told

MOST_SHOWN = 10


class PutOff(StrEnum):
    """To when a promise may be put off by one tap."""

    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"

    def day(self, today: date) -> date:
        """The local day that is meant on `today`."""
        return today + timedelta(days=1 if self is PutOff.TOMORROW else 7)


@dataclass(frozen=True)
class Promise:
    """An open promise: whom it was given at which meetup, its words, and its local day where it has one.

    `days` are those until that day: below 0 it has passed.
    """

    meetup_id: UUID
    friend_name: str
    words: str
    day: date | None
    days: int | None

    @property
    def first_name(self) -> str:
        """What to call the friend."""
        return first_name(self.friend_name)


def is_open() -> ColumnElement[bool]:
    """Whether a log holds a promise that is not kept yet."""
    return and_(Log.follow_up != "", Log.follow_up_done_at.is_(None))


def open_promises(owner: Owner, most: int = MOST_SHOWN) -> tuple[Promise, ...]:
    """The owner's open promises: those with a day first, the next one first; of the others the newest."""
    query = (
        select(Log.meetup_id, Friend.name, Log.follow_up, Log.follow_up_on)
        .join(Friend, and_(Friend.practice_id == Log.practice_id, Friend.id == Log.friend_id))
        .where(owned_by(owner, Log), is_open())
        .order_by(Log.follow_up_on.nulls_last(), Log.held_at.desc(), Log.id)
    )
    today = owner.today()
    return tuple(_promise(*row, today=today) for row in db.session.execute(query.limit(most)))


def promise_told(meetup_id: str, friend_name: str, words: str, day: str | None, today: date) -> Promise:
    """As a function of the database tells it, on a local day."""
    return _promise(UUID(meetup_id), friend_name, words, day_told(day), today)


def _promise(meetup_id: UUID, friend_name: str, words: str, day: date | None, today: date) -> Promise:
    return Promise(meetup_id, friend_name, words, day, (day - today).days if day else None)


def keep_promise(owner: Owner, meetup_id: UUID) -> None:
    """It is done. A second click changes nothing. Raises NotFound where the owner promised nothing there."""
    done = case((Log.follow_up_done_at.is_(None), clock.now()), else_=Log.follow_up_done_at)
    _change(owner, meetup_id, follow_up_done_at=done)


def reopen_promise(owner: Owner, meetup_id: UUID) -> None:
    """It is not done after all. Its day, where it has passed, is not told of again. Raises NotFound."""
    _change(owner, meetup_id, follow_up_done_at=None)


def put_promise_off(owner: Owner, meetup_id: UUID, to: PutOff) -> date:
    """Put a promise off, open as it is or open again; returns its new local day. Raises NotFound."""
    day = to.day(owner.today())
    _change(owner, meetup_id, follow_up_on=day, follow_up_set_at=clock.now(), follow_up_done_at=None)
    return day


def _change(owner: Owner, meetup_id: UUID, **columns: object) -> None:
    promised = update(Log).where(owned_by(owner, Log), Log.meetup_id == meetup_id, Log.follow_up != "")
    if db.session.execute(promised.values(**columns).returning(Log.id)).scalar_one_or_none() is None:
        raise NotFound
