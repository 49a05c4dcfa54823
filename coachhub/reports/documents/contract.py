"""What goes into the making of a document, and what comes out."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from coachhub.reports.models import ReportKind


@dataclass(frozen=True)
class ReportRow:
    """A report to be made: of whom, about what. Months are given by their firsts, both included."""

    id: UUID
    kind: ReportKind
    client_id: UUID
    session_id: UUID | None
    first_month: date | None
    last_month: date | None
    version: int
    asked_at: datetime


@dataclass(frozen=True)
class Printed:
    """A document. `is_accessible`: it keeps to PDF/UA-1; a sign that is in none of our fonts is against that."""

    pdf: bytes
    is_accessible: bool
