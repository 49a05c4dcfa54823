"""Telling a client by mail of a report that is theirs to read."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now
from coachhub.reminders.models import ReportLetter


def tell_of_report(
    client_id: UUID,
    report_id: UUID,
    *,
    kind: str,
    session_at: datetime | None,
    first_month: date | None,
    last_month: date | None,
) -> None:
    """Have the mail written; told already, nothing is written twice."""
    letter = insert(ReportLetter).values(
        practice_id=current_practice(),
        report_id=report_id,
        client_id=client_id,
        kind=kind,
        session_at=session_at,
        first_month=first_month,
        last_month=last_month,
        told_at=clock.now(),
    )
    db.session.execute(letter.on_conflict_do_nothing())
    mail_now(current_practice())


def forget_letter(report_id: UUID) -> None:
    """The report was taken back: a mail that has not gone out is not sent."""
    here = (ReportLetter.practice_id == current_practice(), ReportLetter.report_id == report_id)
    db.session.execute(delete(ReportLetter).where(*here))
