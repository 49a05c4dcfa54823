"""Reports that wait for the coach: one that could not be made, or one that was made and nobody has been given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, case, exists, literal, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import Report, ReportKind, ReportState

WAITING_IS_NEWS = timedelta(days=14)
"""For so long a report that nobody was given is told of; one that failed until a newer one is asked for."""


class Unfinished(StrEnum):
    """What is left to be done with a report, most urgent first."""

    FAILED = "failed"
    UNSHARED = "unshared"


@dataclass(frozen=True, slots=True)
class UnfinishedReport:
    """A report that waits for the coach. `until` is when it is no news any more; None: as long as it stands."""

    report_id: UUID
    what: Unfinished
    since: datetime
    until: datetime | None


def unfinished_of(client_id: Any, now: datetime) -> LateralFromClause:
    """The most urgent such report of the client in another statement's column, for that statement to join to.

    Its columns: report_id, what, since. Only the newest version counts. What was made for a sponsor, or for many at
    once, waits for nobody.
    """
    newer = aliased(Report, name="newer")
    failed = Report.state == ReportState.FAILED
    unshared = and_(
        Report.state == ReportState.READY,
        Report.shared_at.is_(None),
        Report.kind != ReportKind.SPONSOR,
        Report.batch_id.is_(None),
        Report.asked_by.is_not(None),
        Report.ready_at > now - WAITING_IS_NEWS,
    )
    what = case((failed, literal(Unfinished.FAILED.value, Text)), else_=literal(Unfinished.UNSHARED.value, Text))
    since = case((failed, Report.asked_at), else_=Report.ready_at)
    return (
        select(Report.id.label("report_id"), what.label("what"), since.label("since"))
        .where(Report.practice_id == current_practice(), Report.client_id == client_id, or_(failed, unshared))
        .where(~exists().where(*_is_newer(newer)))
        .order_by(what, Report.asked_at.desc())
        .limit(1)
        .correlate(client_id.table)
        .lateral("unfinished")
    )


def _is_newer(newer: Any) -> tuple[Any, ...]:
    """Another version about the same."""
    same = (newer.practice_id == Report.practice_id, newer.client_id == Report.client_id, newer.kind == Report.kind)
    about = (
        getattr(newer, name).is_not_distinct_from(getattr(Report, name))
        for name in ("session_id", "first_month", "last_month")
    )
    return (*same, *about, newer.version > Report.version)


def unfinished(report_id: UUID | None, what: str | None, since: datetime | None) -> UnfinishedReport | None:
    """What such a join has found."""
    if report_id is None or what is None or since is None:
        return None
    until = None if what == Unfinished.FAILED else since + WAITING_IS_NEWS
    return UnfinishedReport(report_id, Unfinished(what), since, until)
