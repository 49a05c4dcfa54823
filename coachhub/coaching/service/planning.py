"""Putting coaching sessions into the calendar: plan, change, cancel, note how one ended.

The time of a coach is taken by a booking, so that is what is made and changed, and the session follows it. A booking
is locked before its session, here and wherever else one is changed.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, func, update

from coachhub.booking.models import Side
from coachhub.booking.service.by_hand import book_by_hand, change_by_hand
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.counting import count_change
from coachhub.booking.service.ending import complete_booking, mark_no_show
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.service.entries import SessionEntry
from coachhub.coaching.service.reading import coaching_session_of, hold_coaching_session
from coachhub.coaching.service.unbooked import cancel_unbooked, change_unbooked, end_unbooked
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def plan_session(client_id: UUID, entry: SessionEntry) -> UUID:
    """Plan a coaching session with a client; returns its id. Planned twice for one time, it is one session.

    Raises NotFound, Overlap where the coach has something else then, and Refused for a client in the archive, a time
    that has passed, or who is no coach.
    """
    planned_id = book_by_hand(client_id, entry.coach_id, entry.starts_at, entry.minutes, entry.place)
    has_none = CoachingSession.agenda == ""  # planned twice, what was said first stands
    db.session.execute(update(CoachingSession).where(*_this(planned_id), has_none).values(agenda=entry.agenda))
    return planned_id


def change_session(client_id: UUID, coaching_session_id: UUID, entry: SessionEntry) -> None:
    """Move a coaching session, or change its length, place, agenda or coach. Where nothing changes, nothing is written.

    The client is told of everything but the agenda, which stands in the reminders. Raises NotFound, Overlap, and
    Refused where it has ended or was cancelled, or for a time that has passed.
    """
    found = coaching_session_of(client_id, coaching_session_id)
    if found.booking_id is None:
        change_unbooked(hold_coaching_session(client_id, coaching_session_id), entry)
        return
    change_by_hand(found.booking_id, entry.coach_id, entry.starts_at, entry.minutes, entry.place)
    if entry.agenda != found.agenda:
        sequence = func.greatest(CoachingSession.sequence + 1, count_change(found.booking_id))
        said = {"agenda": entry.agenda, "sequence": sequence}
        db.session.execute(update(CoachingSession).where(*_this(coaching_session_id)).values(**said))


def cancel_session(client_id: UUID, coaching_session_id: UUID) -> None:
    """It is off. A second click changes nothing. Raises NotFound, and Refused once it has ended."""
    found = coaching_session_of(client_id, coaching_session_id)
    if found.booking_id is None:
        cancel_unbooked(hold_coaching_session(client_id, coaching_session_id))
    else:
        cancel_booking(found.booking_id, Side.COACH)


def note_held(client_id: UUID, coaching_session_id: UUID) -> None:
    """It took place. A second click changes nothing. Raises NotFound, and Refused where it is off or still ahead."""
    found = coaching_session_of(client_id, coaching_session_id)
    if found.booking_id is None:
        end_unbooked(hold_coaching_session(client_id, coaching_session_id), CoachingSessionStatus.HELD)
    else:
        complete_booking(found.booking_id)


def note_missed(client_id: UUID, coaching_session_id: UUID) -> None:
    """The client did not come. A second click changes nothing. Raises as `note_held`."""
    found = coaching_session_of(client_id, coaching_session_id)
    if found.booking_id is None:
        end_unbooked(hold_coaching_session(client_id, coaching_session_id), CoachingSessionStatus.MISSED)
    else:
        mark_no_show(found.booking_id)


def _this(coaching_session_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (CoachingSession.practice_id == current_practice(), CoachingSession.id == coaching_session_id)
