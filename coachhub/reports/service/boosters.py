"""Booster sessions: a conversation that helps somebody back into the habit."""

from datetime import UTC, datetime, timedelta

from coachhub.coaching.models import CoachingSessionStatus
from coachhub.coaching.service.reading import CoachingSessionRow, sessions_since
from coachhub.habits.rules import Month
from coachhub.habits.service.progress import Progress
from coachhub.reports.rules import is_booster_due

_EVERY_ZONE = timedelta(days=1)
"""By so much at most a month begins earlier somewhere than by the clock of UTC."""


def booster_due(progress: Progress | None) -> bool:
    """Whether a booster session is proposed to, and for, the client whose month this is.

    Not while one is planned, and not again in the month in which they spoke: it was the conversation.
    """
    if progress is None or not _is_due(progress, has_session=False):
        return False
    begins = datetime.combine(progress.month.first_day(), datetime.min.time(), UTC) - _EVERY_ZONE
    found = sessions_since(begins, client_id=progress.client_id)
    return _is_due(progress, has_session=any(_is_of(progress.month, each) for each in found))


def _is_of(month: Month, found: CoachingSessionRow) -> bool:
    """Whether they spoke in this month, or shall; nobody has spoken where the client did not come."""
    begins = month.starts_at(found.client_zone)
    return found.status is not CoachingSessionStatus.MISSED and found.starts_at >= begins


def _is_due(progress: Progress, *, has_session: bool) -> bool:
    verdict = progress.verdict
    return is_booster_due(verdict.status, verdict.missed_in_a_row, has_session=has_session)
