"""Booster sessions: a conversation that helps somebody back into the habit."""

from coachhub.coaching.service.reading import open_sessions_of
from coachhub.habits.service.progress import Progress
from coachhub.platform import clock
from coachhub.reports.rules import is_booster_due


def booster_due(progress: Progress | None) -> bool:
    """Whether a booster session is proposed to, and for, the client whose month this is."""
    if progress is None or not _is_due(progress, has_session=False):
        return False
    now = clock.now()
    has_session = any(found.starts_at > now for found in open_sessions_of(progress.client_id))
    return _is_due(progress, has_session=has_session)


def _is_due(progress: Progress, *, has_session: bool) -> bool:
    verdict = progress.verdict
    return is_booster_due(verdict.status, verdict.missed_in_a_row, has_session=has_session)
