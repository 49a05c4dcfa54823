"""Putting coaching sessions into the calendar: plan, change, cancel, note that one took place."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coachhub.clients.models import Client, ClientStatus
from coachhub.clients.service.records import check_coach
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.service.reading import CoachingSessionRow, hold_coaching_session
from coachhub.coaching.service.telling import tell
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now


@dataclass(frozen=True)
class SessionEntry:
    """What a coach says of a coaching session. `starts_at` is a UTC instant."""

    coach_id: UUID
    starts_at: datetime
    minutes: int
    place: str
    agenda: str


def plan_session(client_id: UUID, entry: SessionEntry) -> UUID:
    """Plan a coaching session with a client; returns its id. Planned twice for one time, it is one session.

    Raises NotFound, and Refused for a client in the archive, a time that has passed, or who is no coach.
    """
    now = clock.now()
    _hold_client(client_id)
    check_coach(entry.coach_id)
    same = _same_session(client_id, entry)
    if same is not None:
        return same
    _refuse_past(entry.starts_at, now)
    made = insert(CoachingSession).values(
        practice_id=current_practice(),
        client_id=client_id,
        coach_id=entry.coach_id,
        starts_at=entry.starts_at,
        minutes=entry.minutes,
        place=entry.place,
        agenda=entry.agenda,
        created_at=now,
        changed_at=now,
        news_at=now,
    )
    planned_id = db.session.execute(made.returning(CoachingSession.id)).scalar_one()
    tell(entry.starts_at, now)
    return planned_id


def change_session(client_id: UUID, coaching_session_id: UUID, entry: SessionEntry) -> None:
    """Move a coaching session, or change its length, place, agenda or coach. Where nothing changes, nothing is written.

    The client is told of everything but the agenda, which stands in the reminders. Raises NotFound, and Refused where
    it was held or cancelled, or for a time that has passed.
    """
    found, now = hold_coaching_session(client_id, coaching_session_id), clock.now()
    _refuse_unless_open(found)
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
    is_news = (entry.coach_id, entry.starts_at, entry.minutes, entry.place) != (
        *(stands.coach_id, stands.starts_at, stands.minutes, stands.place),
    )
    _record(found, values, news_at=now if is_news else None)
    if is_news:
        tell(entry.starts_at, now)


def cancel_session(client_id: UUID, coaching_session_id: UUID) -> None:
    """It is off. A second click changes nothing. Raises NotFound, and Refused once it was held."""
    found, now = hold_coaching_session(client_id, coaching_session_id), clock.now()
    if found.status is CoachingSessionStatus.CANCELLED:
        return
    _refuse_unless_open(found)
    _record(found, {"status": CoachingSessionStatus.CANCELLED.value, "cancelled_at": now}, news_at=now)
    mail_now(current_practice())


def note_held(client_id: UUID, coaching_session_id: UUID) -> None:
    """It took place. A second click changes nothing. Raises NotFound, and Refused where it is off or still ahead."""
    found = hold_coaching_session(client_id, coaching_session_id)
    if found.status is CoachingSessionStatus.HELD:
        return
    _refuse_unless_open(found)
    if found.starts_at > clock.now():
        raise Refused(409, _("This session has not begun yet. If it took place earlier, move it first."))
    this = (CoachingSession.practice_id == current_practice(), CoachingSession.id == found.id)
    db.session.execute(update(CoachingSession).where(*this).values(status=CoachingSessionStatus.HELD.value))


def _hold_client(client_id: UUID) -> None:
    """Hold the client's record, so that a second click waits for the first."""
    mine = select(Client.status).where(Client.practice_id == current_practice(), Client.id == client_id)
    status = db.session.scalar(mine.with_for_update(key_share=True))
    if status is None:
        raise NotFound
    if status == ClientStatus.ARCHIVED:
        raise Refused(409, _("This client is in the archive. Bring them back first."))


def _same_session(client_id: UUID, entry: SessionEntry) -> UUID | None:
    same = select(CoachingSession.id).where(
        CoachingSession.practice_id == current_practice(),
        CoachingSession.client_id == client_id,
        CoachingSession.coach_id == entry.coach_id,
        CoachingSession.starts_at == entry.starts_at,
        CoachingSession.status == CoachingSessionStatus.SCHEDULED,
    )
    return db.session.scalar(same.limit(1))


def _record(found: CoachingSessionRow, values: dict[str, object], news_at: datetime | None) -> None:
    """Change a session that is held: its calendar file grows newer; with `news_at` the client is told."""
    values["sequence"] = found.sequence + 1
    if news_at is not None:
        values |= {"news_sequence": found.sequence + 1, "news_at": news_at}
    this = (CoachingSession.practice_id == current_practice(), CoachingSession.id == found.id)
    db.session.execute(update(CoachingSession).where(*this).values(**values))


def _refuse_unless_open(found: CoachingSessionRow) -> None:
    if found.status is CoachingSessionStatus.HELD:
        raise Refused(409, _("This session has taken place: there is nothing to change any more."))
    if found.status is CoachingSessionStatus.CANCELLED:
        raise Refused(409, _("This session was cancelled. Plan a new one instead."))


def _refuse_past(starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise Refused(409, _("That time has already passed. Choose one that is still ahead."))
