"""What came before a coaching session: when the last one took place, and when something was last shared of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from coachhub.coaching.models import CoachingSession, CoachingSessionStatus, NoteLevel, SessionNote
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def last_held_before(session_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """By session, when the last one with the same client began that took place before it. The first has none."""
    earlier = aliased(CoachingSession)
    query = (
        select(CoachingSession.id, func.max(earlier.starts_at))
        .join(
            earlier,
            (earlier.practice_id == CoachingSession.practice_id)
            & (earlier.client_id == CoachingSession.client_id)
            & (earlier.status == CoachingSessionStatus.HELD)
            & (earlier.starts_at < CoachingSession.starts_at),
        )
        .where(CoachingSession.practice_id == current_practice(), CoachingSession.id.in_(session_ids))
        .group_by(CoachingSession.id)
    )
    return dict(db.session.execute(query).all())


def last_shared(client_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """By client, when a note that they read, too, was last written of a session. Who has none is left out."""
    theirs = (SessionNote.practice_id == current_practice(), SessionNote.client_id.in_(client_ids))
    shared = select(SessionNote.client_id, func.max(SessionNote.changed_at)).where(
        *theirs, SessionNote.level == NoteLevel.CLIENT, SessionNote.text != ""
    )
    return dict(db.session.execute(shared.group_by(SessionNote.client_id)).all())
