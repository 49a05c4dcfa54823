"""Reports that need their coach: one has failed, or nobody makes it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import Report, ReportState

WAITS_TOO_LONG = timedelta(minutes=10)


class ReportTrouble(StrEnum):
    """What is wrong with a client's reports, the worse first."""

    FAILED = "failed"
    WAITING = "waiting"


def reports_in_trouble() -> Mapping[UUID, ReportTrouble]:
    """By client, what is wrong with their reports; who is fine is left out. One statement for the practice."""
    has_failed = Report.state == ReportState.FAILED.value
    is_open = Report.state.in_((ReportState.WAITING.value, ReportState.MAKING.value))
    is_late = and_(is_open, Report.asked_at <= clock.now() - WAITS_TOO_LONG)
    query = (
        select(Report.client_id, func.bool_or(has_failed).label("has_failed"))
        .where(Report.practice_id == current_practice(), or_(has_failed, is_late))
        .group_by(Report.client_id)
    )
    return {
        client_id: ReportTrouble.FAILED if failed else ReportTrouble.WAITING
        for client_id, failed in db.session.execute(query)
    }
