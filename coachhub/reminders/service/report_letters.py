"""Telling clients by mail of reports that are theirs to read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, cast, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from coachhub.clients.models import Client
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now
from coachhub.reminders.kinds.parties import is_switched_off, reader
from coachhub.reminders.kinds.report_ready import REPORT_READY
from coachhub.reminders.models import ReportLetter, Suppression
from coachhub.reminders.rules import Barrier, untold_because
from coachhub.reminders.service.suppressions import is_suppressed


@dataclass(frozen=True)
class ToldReport:
    """A report, and what its mail says of it: on a session that began at `session_at`, or on some months."""

    report_id: UUID
    client_id: UUID
    kind: str
    session_at: datetime | None
    first_month: date | None
    last_month: date | None


def untold_among(client_ids: Collection[UUID]) -> dict[UUID, Barrier]:
    """Those of these clients who get no mail about a report as things stand, and why. One statement."""
    address = func.coalesce(reader.email, Client.email)
    query = (
        select(Client.id, Client.status, Suppression.cause, is_switched_off(REPORT_READY.name).label("is_off"))
        .outerjoin(reader, reader.id == Client.user_id)
        .outerjoin(Suppression, is_suppressed(address))
        .where(Client.practice_id == current_practice(), Client.id == any_(cast(list(client_ids), ARRAY(Uuid))))
    )
    found = {row.id: untold_because(row.status, row.cause, is_off=row.is_off) for row in db.session.execute(query)}
    return {client_id: why for client_id, why in found.items() if why is not None}


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
