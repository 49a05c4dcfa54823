"""Writing down a coaching session that took place without having been planned here."""

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coachhub.clients.models import Client
from coachhub.clients.service.records import check_coach
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.service.entries import SessionEntry
from coachhub.coaching.service.planning import note_held
from coachhub.coaching.service.reading import CoachingSessionRow, hold_coaching_session, sessions_between
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.language import moment_words, time_words
from coachhub.platform.tenancy import current_practice

_LONGEST = timedelta(days=1)


class StillAhead(Refused):
    """What has not begun cannot have taken place."""

    def __init__(self) -> None:
        super().__init__(409, _("That time is still ahead. Plan the session instead."))


class HadAnother(Refused):
    """The coach spoke with somebody else then, as far as we know."""

    def __init__(self, other: CoachingSessionRow) -> None:
        span = f"{moment_words(other.starts_at)} – {time_words(other.ends_at)}"
        said = {"name": other.coach_name, "other": other.client_name, "span": span}
        super().__init__(409, _("%(name)s had a session with %(other)s then: %(span)s.", **said))


def record_session(client_id: UUID, entry: SessionEntry, is_paid: bool | None = None) -> UUID:
    """Write down a session that took place; returns its id. Nobody is told and no time is taken.

    One that was planned for that very time is noted as held instead, and twice the same is one session. Raises
    NotFound, StillAhead, HadAnother, and Refused for who is no coach.
    """
    _hold_client(client_id)
    check_coach(entry.coach_id)
    if entry.starts_at > clock.now():
        raise StillAhead
    for there in _overlapping(entry):
        if (there.client_id, there.starts_at) != (client_id, entry.starts_at):
            raise HadAnother(there)
        note_held(client_id, there.id)
        return there.id
    return _insert(client_id, entry, is_paid)


def unrecord_session(client_id: UUID, coaching_session_id: UUID) -> None:
    """It did not take place after all: a session without a booking is called off; its notes stay.

    A second click changes nothing. Raises NotFound, and Refused where a booking stands behind it.
    """
    found = hold_coaching_session(client_id, coaching_session_id)
    if found.status is CoachingSessionStatus.CANCELLED:
        return
    if found.booking_id is not None or not found.has_ended:
        raise Refused(409, _("Only what was written down by hand can be taken back like this."))
    values = {"status": CoachingSessionStatus.CANCELLED.value, "cancelled_at": clock.now()}
    values |= {"sequence": found.sequence + 1}
    this = (CoachingSession.practice_id == current_practice(), CoachingSession.id == coaching_session_id)
    db.session.execute(update(CoachingSession).where(*this).values(**values))


def _hold_client(client_id: UUID) -> None:
    """Hold the client's record until the transaction ends, so that a second click waits; also one in the archive."""
    mine = select(Client.id).where(Client.practice_id == current_practice(), Client.id == client_id)
    if db.session.scalar(mine.with_for_update(key_share=True)) is None:
        raise NotFound


def _overlapping(entry: SessionEntry) -> list[CoachingSessionRow]:
    """What the coach had in that time, missed and cancelled sessions aside."""
    ends_at = entry.starts_at + timedelta(minutes=entry.minutes)
    near = sessions_between(entry.coach_id, entry.starts_at - _LONGEST, ends_at)
    return [each for each in near if each.ends_at > entry.starts_at and each.status is not CoachingSessionStatus.MISSED]


def _insert(client_id: UUID, entry: SessionEntry, is_paid: bool | None) -> UUID:
    now = clock.now()
    said = {"coach_id": entry.coach_id, "starts_at": entry.starts_at, "minutes": entry.minutes, "place": entry.place}
    row = insert(CoachingSession).values(
        practice_id=current_practice(),
        client_id=client_id,
        status=CoachingSessionStatus.HELD.value,
        is_paid=is_paid,
        created_at=now,
        changed_at=now,
        news_at=now,
        **said,
    )
    return db.session.execute(row.returning(CoachingSession.id)).scalar_one()
