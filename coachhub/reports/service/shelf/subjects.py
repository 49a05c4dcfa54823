"""What a report is about, and how the rows about the same are found."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlalchemy import ColumnElement, and_

from coachhub.habits.rules import Month
from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import Report, ReportKind


@dataclass(frozen=True)
class Subject:
    """One coaching session, or some months of a client, the first and the last included."""

    kind: ReportKind
    session_id: UUID | None = None
    first: Month | None = None
    last: Month | None = None

    @classmethod
    def session(cls, session_id: UUID) -> Self:
        """A coaching session."""
        return cls(ReportKind.SESSION, session_id)

    @classmethod
    def months(cls, kind: ReportKind, first: Month, last: Month) -> Self:
        """Some months, with names or without."""
        return cls(kind, None, first, last)

    def columns(self) -> dict[str, object]:
        """Its columns in a row."""
        return {
            "kind": self.kind.value,
            "session_id": self.session_id,
            "first_month": self.first.first_day() if self.first else None,
            "last_month": self.last.first_day() if self.last else None,
        }


def is_about(client_id: UUID, subject: Subject) -> ColumnElement[bool]:
    """Whether a report is a version of this one."""
    its = (getattr(Report, name).is_not_distinct_from(value) for name, value in subject.columns().items())
    return and_(Report.practice_id == current_practice(), Report.client_id == client_id, *its)
