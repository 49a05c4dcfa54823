"""Wakes: instants at which reminders look at a practice, as rows, so that no lost ring is a lost mail.

A use case after which something is to be mailed says when; the ring after its commit only makes it quick.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform import clock
from coachhub.platform.db import Base, TenantId, db
from coachhub.platform.jobs import URGENT, enqueue
from coachhub.platform.tenancy import current_practice

_WAKE = text(
    "insert into wakes (practice_id, at, is_urgent) select id, :at, :is_urgent from practices where id = :practice_id "
    "on conflict do nothing"
)
_COME = text("delete from wakes where practice_id = :practice_id and at <= :now")
_COME_URGENT = text("delete from wakes where practice_id = :practice_id and at <= :now and is_urgent")


class Wake(Base):
    """Reminders look at the practice at this instant or soon after; the look removes the row.

    An urgent one is about mail that somebody waits for, and about nothing else.
    """

    __tablename__ = "wakes"
    __table_args__ = (Index("ix_wakes_at", "at", "practice_id", "is_urgent"),)

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    at: Mapped[datetime] = mapped_column(primary_key=True)
    is_urgent: Mapped[bool] = mapped_column(primary_key=True)


def mail_now(practice_id: UUID) -> None:
    """Have the mail written that somebody waits for; the running transaction is bound to the practice."""
    _wake(practice_id, clock.now(), is_urgent=True)
    enqueue("workers.jobs.deliver_asked_for", practice_id, queue=URGENT)


def look_now() -> None:
    """Have reminders look at the running practice: something changed that decides when they are due."""
    _wake(current_practice(), clock.now())
    enqueue("workers.jobs.deliver_mail", current_practice())


def look_at(at: datetime) -> None:
    """Have reminders look at the running practice at an instant to come. Told again, it changes nothing."""
    _wake(current_practice(), at)


def _wake(practice_id: UUID, at: datetime, *, is_urgent: bool = False) -> None:
    """Where there is no such practice the statement runs all the same, and adds nothing."""
    db.session.execute(_WAKE, {"practice_id": practice_id, "at": at, "is_urgent": is_urgent})


def end_wakes(now: datetime, *, urgent_alone: bool = False) -> None:
    """Forget the wakes of the running practice that have come: whoever asks is looking."""
    db.session.execute(_COME_URGENT if urgent_alone else _COME, {"practice_id": current_practice(), "now": now})
