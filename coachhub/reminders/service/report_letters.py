"""Telling clients by mail of reports that are theirs to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now
from coachhub.reminders.models import ReportLetter


@dataclass(frozen=True)
class ToldReport:
    """A report, and what its mail says of it: on a session that began at `session_at`, or on some months."""

    report_id: UUID
    client_id: UUID
    kind: str
    session_at: datetime | None
    first_month: date | None
    last_month: date | None


def tell_of_reports(reports: Sequence[ToldReport]) -> None:
    """Have the mails written; told of already, nothing is written twice."""
    if not reports:
        return
    letters = [{"practice_id": current_practice(), "told_at": clock.now(), **vars(report)} for report in reports]
    db.session.execute(insert(ReportLetter).on_conflict_do_nothing(), letters)
    mail_now(current_practice())


def forget_letter(report_id: UUID) -> None:
    """The report was taken back: a mail that has not gone out is not sent."""
    here = (ReportLetter.practice_id == current_practice(), ReportLetter.report_id == report_id)
    db.session.execute(delete(ReportLetter).where(*here))
