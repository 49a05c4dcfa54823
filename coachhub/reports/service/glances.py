"""The brief of each session of a day in a line: what happened since the last one, read for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Integer, ScalarSelect, column, func, literal_column, select, true
from sqlalchemy.orm import aliased

from coachhub.coaching.models import Action, CoachingSession, CoachingSessionStatus
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class Glance:
    """Since the last session that took place (None: this is the first): meetups held and their minutes, actions done;
    how many actions are open now; and what the client would like to talk about.
    """

    since: datetime | None
    meetups: int
    minutes: int
    done: int
    open: int
    topic: str


def glances_of(session_ids: Sequence[UUID]) -> dict[UUID, Glance]:
    """By session, however many, in one statement."""
    if not session_ids:
        return {}
    before = _before()
    since = func.coalesce(before.c.since, literal_column("timestamptz '-infinity'"))
    met = _met(since)
    still_open = (Action.done_at.is_(None), Action.dropped_at.is_(None))
    query = (
        select(CoachingSession.id, before.c.since, met.c.meetups, met.c.minutes)
        .add_columns(_count(Action.done_at >= since), _count(*still_open), CoachingSession.topic)
        .select_from(CoachingSession)
        .join(before, true())
        .join(met, true())
        .where(CoachingSession.practice_id == current_practice(), CoachingSession.id.in_(session_ids))
    )
    return {session_id: Glance(*seen) for session_id, *seen in db.session.execute(query)}


def _before() -> FromClause:
    """When the last session with the same client began that took place before the one in the row."""
    earlier = aliased(CoachingSession)
    last = select(func.max(earlier.starts_at).label("since")).where(
        earlier.practice_id == CoachingSession.practice_id,
        earlier.client_id == CoachingSession.client_id,
        earlier.status == CoachingSessionStatus.HELD,
        earlier.starts_at < CoachingSession.starts_at,
    )
    return last.correlate(CoachingSession).lateral("before")


def _met(since: Any) -> FromClause:
    """What the client did since then, in numbers; nothing where nobody has accepted the invitation."""
    counts = (column("meetups", Integer), column("minutes", Integer))
    tally = func.lookup.network_tally(CoachingSession.client_id, since).table_valued(*counts, name="tally")
    return (
        select(*(func.coalesce(func.sum(tally.c[each.name]), 0).label(each.name) for each in counts))
        .correlate(CoachingSession)
        .lateral("met")
    )


def _count(*wanted: ColumnElement[bool]) -> ScalarSelect[int]:
    theirs = (Action.practice_id == CoachingSession.practice_id, Action.client_id == CoachingSession.client_id)
    return select(func.count()).where(*theirs, *wanted).correlate(CoachingSession).scalar_subquery()
