"""Times that coaches keep free of bookings."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, delete, insert, select

from coachhub.booking.models import BlockedTime
from coachhub.booking.service.taking import taking
from coachhub.clients.service.records import check_coach
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A time that a coach keeps free; UTC instants."""

    id: UUID
    coach_id: UUID
    starts_at: datetime
    ends_at: datetime
    note: str


def block_time(coach_id: UUID, starts_at: datetime, ends_at: datetime, note: str = "") -> UUID:
    """Keep a coach's time free from now on; returns the block's id. What is booked there already stays.

    Asked twice, it is one block. Raises Refused for a time that is over, or ends before it begins, or no coach.
    """
    check_coach(coach_id)
    if ends_at <= starts_at:
        raise Refused(422, _("The time must end after it begins."))
    if ends_at <= clock.now():
        raise Refused(422, _("That time has already passed. Choose one that is still ahead."))
    with taking(coach_id):  # whoever books at this moment sees it
        same = _same_block(coach_id, starts_at, ends_at)
        return same or _add(coach_id, starts_at, ends_at, note)


def unblock_time(block_id: UUID) -> None:
    """Open a time for booking again. One that is open already stays so."""
    db.session.execute(delete(BlockedTime).where(_this(block_id)))


def block_of(block_id: UUID) -> BlockRow:
    """One blocked time of the practice. Raises NotFound."""
    row = db.session.execute(select(*_COLUMNS).where(_this(block_id))).one_or_none()
    if row is None:
        raise NotFound
    return BlockRow(*row)


def blocks_between(coach_id: UUID | None, start: datetime, end: datetime) -> tuple[BlockRow, ...]:
    """What a coach (None: each of all) keeps free of the time from `start` until before `end`, soonest first."""
    query = select(*_COLUMNS).where(
        BlockedTime.practice_id == current_practice(), BlockedTime.starts_at < end, BlockedTime.ends_at > start
    )
    if coach_id is not None:
        query = query.where(BlockedTime.coach_id == coach_id)
    return tuple(BlockRow(*row) for row in db.session.execute(query.order_by(BlockedTime.starts_at, BlockedTime.id)))


_COLUMNS = tuple(getattr(BlockedTime, name) for name in BlockRow.__dataclass_fields__)


def _this(block_id: UUID) -> ColumnElement[bool]:
    return and_(BlockedTime.practice_id == current_practice(), BlockedTime.id == block_id)


def _same_block(coach_id: UUID, starts_at: datetime, ends_at: datetime) -> UUID | None:
    same = (BlockedTime.coach_id == coach_id, BlockedTime.starts_at == starts_at, BlockedTime.ends_at == ends_at)
    return db.session.scalar(
        select(BlockedTime.id).where(BlockedTime.practice_id == current_practice(), *same).limit(1)
    )


def _add(coach_id: UUID, starts_at: datetime, ends_at: datetime, note: str) -> UUID:
    said = {"coach_id": coach_id, "starts_at": starts_at, "ends_at": ends_at, "note": note}
    row = insert(BlockedTime).values(practice_id=current_practice(), created_at=clock.now(), **said)
    block_id: UUID = db.session.execute(row.returning(BlockedTime.id)).scalar_one()
    return block_id
