"""Sessions from before there were bookings: nothing takes their time, so they are changed as rows."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update

from coachhub.booking.models import Side
from coachhub.clients.service.records import check_coach
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.service.entries import SessionEntry
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.coaching.service.telling import tell
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now


def change_unbooked(found: CoachingSessionRow, entry: SessionEntry) -> None:
    """Change a session that is held. Raises Refused: it has ended, the time has passed, or who is no coach."""
    _refuse_unless_open(found)
    now = clock.now()
    stands = SessionEntry(found.coach_id, found.starts_at, found.minutes, found.place, found.agenda)
    if entry == stands:
        return
    values: dict[str, object] = {"minutes": entry.minutes, "place": entry.place, "agenda": entry.agenda}
    if entry.coach_id != found.coach_id:
        check_coach(entry.coach_id)
        values["coach_id"] = entry.coach_id
    if entry.starts_at != found.starts_at:
        _refuse_past(entry.starts_at, now)
        values |= {"starts_at": entry.starts_at, "moved_from": found.starts_at, "changed_at": now}
    is_news = entry.without_agenda() != stands.without_agenda()
    _record(found, values, news_at=now if is_news else None)
    if is_news:
        tell(entry.starts_at, now)


def cancel_unbooked(found: CoachingSessionRow) -> None:
    """Call off a session that is held. Raises Refused once it has ended."""
    if found.status is CoachingSessionStatus.CANCELLED:
        return
    _refuse_unless_open(found)
    now = clock.now()
    _record(found, {"status": CoachingSessionStatus.CANCELLED.value, "cancelled_at": now}, news_at=now)
    mail_now(current_practice())


def end_unbooked(found: CoachingSessionRow, status: CoachingSessionStatus) -> None:
    """Note how a session that is held ended. Raises Refused where it is off or still ahead."""
    if found.status is status:
        return
    if not found.has_ended:
        _refuse_unless_open(found)
    if found.starts_at > clock.now():
        raise Refused(409, _("This session has not begun yet. If it took place earlier, move it first."))
    this = (CoachingSession.practice_id == current_practice(), CoachingSession.id == found.id)
    db.session.execute(update(CoachingSession).where(*this).values(status=status.value))


def _record(found: CoachingSessionRow, values: dict[str, object], news_at: datetime | None) -> None:
    """Change a session that is held: its calendar file grows newer; with `news_at` the client is told."""
    values["sequence"] = found.sequence + 1
    if news_at is not None:
        values |= {"news_sequence": found.sequence + 1, "news_at": news_at, "news_by": Side.COACH.value}
    this = (CoachingSession.practice_id == current_practice(), CoachingSession.id == found.id)
    db.session.execute(update(CoachingSession).where(*this).values(**values))


def _refuse_unless_open(found: CoachingSessionRow) -> None:
    if found.has_ended:
        raise Refused(409, _("This session is over: there is nothing to change any more."))
    if found.status is CoachingSessionStatus.CANCELLED:
        raise Refused(409, _("This session was cancelled. Plan a new one instead."))


def _refuse_past(starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise Refused(409, _("That time has already passed. Choose one that is still ahead."))
