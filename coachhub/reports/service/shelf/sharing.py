"""A report goes to its client when the coach says so: it stands in the portal, and a mail leads there."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, update

from coachhub.accounts.service import audit
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.service.report_letters import forget_letter, tell_of_report
from coachhub.reports.models import Report, ReportState
from coachhub.reports.service.shelf.reading import ShelvedReport, report_of


def send_report(client_id: UUID, report_id: UUID) -> ShelvedReport:
    """Share a report with its client and tell them by mail; done before, there is nothing to do.

    Raises NotFound, or Refused where there is no document yet.
    """
    if not report_of(client_id, report_id).is_ready:
        raise Refused(409, _("This report is not ready yet. Send it once it is."))
    if share(client_id, report_id):
        audit.note("report_sent", report_id)
    return report_of(client_id, report_id)


def share(client_id: UUID, report_id: UUID) -> bool:
    """Share a report that is ready, and have the mail written. Whether it was not shared before."""
    ready = (_is_this(report_id), Report.state == ReportState.READY.value, Report.shared_at.is_(None))
    query = update(Report).where(*ready).values(shared_at=clock.now()).returning(Report.id)
    if db.session.execute(query).scalar_one_or_none() is None:
        return False
    report = report_of(client_id, report_id)
    about: dict[str, Any] = {"first_month": report.first_month, "last_month": report.last_month}
    tell_of_report(client_id, report_id, kind=report.kind.value, session_at=report.session_at, **about)
    return True


def take_back(client_id: UUID, report_id: UUID) -> None:
    """The client sees it no more; a mail that has not gone out yet stays here. Raises NotFound."""
    report_of(client_id, report_id)
    db.session.execute(update(Report).where(_is_this(report_id)).values(shared_at=None))
    forget_letter(report_id)
    audit.note("report_taken_back", report_id)


def note_opened(report_id: UUID) -> None:
    """The client has opened it; only the first time counts."""
    query = update(Report).where(_is_this(report_id), Report.opened_at.is_(None)).values(opened_at=clock.now())
    db.session.execute(query)


def _is_this(report_id: UUID) -> ColumnElement[bool]:
    return and_(Report.practice_id == current_practice(), Report.id == report_id)
