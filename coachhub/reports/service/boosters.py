"""Booster sessions: a conversation that helps somebody back into the habit."""

from collections.abc import Iterable
from uuid import UUID

from coachhub.coaching.service.reading import clients_with_session, open_sessions_of
from coachhub.habits.service.progress import Progress
from coachhub.platform import clock
from coachhub.reports.rules import is_booster_due
from coachhub.reports.service.listing import Listed


def booster_due(progress: Progress | None) -> bool:
    """Whether a booster session is proposed to, and for, the client whose month this is."""
    if progress is None or not _is_due(progress, has_session=False):
        return False
    now = clock.now()
    has_session = any(found.starts_at > now for found in open_sessions_of(progress.client_id))
    return _is_due(progress, has_session=has_session)


def boosters_among(clients: Iterable[Listed]) -> frozenset[UUID]:
    """Those of many clients for whom one is proposed, by one look at what is planned with them."""
    off = {each.id: each.progress for each in clients if each.progress and _is_due(each.progress, has_session=False)}
    if not off:
        return frozenset()
    return frozenset(off) - clients_with_session(list(off), clock.now())


def _is_due(progress: Progress, *, has_session: bool) -> bool:
    verdict = progress.verdict
    return is_booster_due(verdict.status, verdict.missed_in_a_row, has_session=has_session)
