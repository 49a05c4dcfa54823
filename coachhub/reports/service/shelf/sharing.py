"""A report goes to its client when the coach says so: it stands in the portal, and a mail leads there."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select, update

from coachhub.accounts.service import audit
from coachhub.coaching.models import CoachingSession
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.service.report_letters import ToldReport, forget_letter, tell_of_reports
from coachhub.reports.models import Report, ReportState
from coachhub.reports.service.shelf.reading import ShelvedReport, report_of

_BEGAN = (
    select(CoachingSession.starts_at)
    .where(CoachingSession.practice_id == Report.practice_id, CoachingSession.id == Report.session_id)
    .correlate(Report)
    .scalar_subquery()
)
_TOLD = (Report.id, Report.client_id, Report.kind, _BEGAN, Report.first_month, Report.last_month)


def send_report(client_id: UUID, report_id: UUID) -> ShelvedReport:
    """Share a report with its client and tell them by mail; done before, there is nothing to do.

    Raises NotFound, or Refused where there is no document yet.
    """
    if not report_of(client_id, report_id).is_ready:
        raise Refused(409, _("This report is not ready yet. Send it once it is."))
    if share(Report.id == report_id):
        audit.note("report_sent", report_id)
    return report_of(client_id, report_id)


def send_batch(batch_id: UUID) -> list[UUID]:
    """Share with its client each report of a batch that is ready; returns the clients with whom it was not yet."""
    sent = share(Report.batch_id == batch_id)
    if sent:
        audit.note("report_batch_sent", batch_id)
    return sent


def share(which: ColumnElement[bool]) -> list[UUID]:
    """Share those of these reports that are ready, and have the mails written; returns whose they are."""
    ready = (Report.practice_id == current_practice(), Report.state == ReportState.READY.value)
    query = update(Report).where(*ready, which, Report.shared_at.is_(None)).values(shared_at=clock.now())
    rows = db.session.execute(query.returning(*_TOLD)).all()
    tell_of_reports([ToldReport(*row) for row in rows])
    return [row.client_id for row in rows]


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
