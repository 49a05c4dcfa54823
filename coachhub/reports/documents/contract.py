"""What goes into the making of a document, and what comes out."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from coachhub.platform.typeset import Printed
from coachhub.reports.models import ReportKind

__all__ = ["Printed", "ReportRow"]


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
