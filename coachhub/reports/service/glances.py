"""The brief of each session of a day in a line: what happened since the last one, read for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    ScalarSelect,
    Select,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import aliased

from coachhub.coaching.models import Action, CoachingSession, CoachingSessionStatus
from coachhub.coaching.service.reading import CoachingSessionRow, select_of_day, session_row
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
    here = (CoachingSession.practice_id == current_practice(), CoachingSession.id.in_(session_ids))
    query = _with_glances(select(CoachingSession.id).where(*here))
    return {row.id: _glance(row) for row in db.session.execute(query)}


def day_at_a_glance(coach_id: UUID | None, now: datetime, zone: ZoneInfo) -> list[tuple[CoachingSessionRow, Glance]]:
    """The coaching sessions of a coach (None: of all) in the local day in which `now` lies, in one statement."""
    query = _with_glances(select_of_day(coach_id, now, zone))
    return [(session_row(row), _glance(row)) for row in db.session.execute(query)]


def _with_glances(sessions: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    before = _before()
    since = func.coalesce(before.c.since, literal_column("timestamptz '-infinity'"))
    met = _met(since)
    still_open = (Action.done_at.is_(None), Action.dropped_at.is_(None))
    return (
        sessions.select_from(CoachingSession)
        .join(before, true())
        .join(met, true())
        .add_columns(before.c.since.label("last_held_at"), met.c.meetups, met.c.minutes.label("minutes_met"))
        .add_columns(_count(Action.done_at >= since).label("done"), _count(*still_open).label("still_open"))
        .add_columns(CoachingSession.topic.label("wish"))
    )


def _glance(row: Row[Any]) -> Glance:
    return Glance(row.last_held_at, row.meetups, row.minutes_met, row.done, row.still_open, row.wish)


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
