"""Reports as pages show them. The database decides what a client sees: what is ready and shared with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import aliased

from coachhub.accounts.models import User
from coachhub.clients.models import Client
from coachhub.coaching.models import CoachingSession
from coachhub.habits.rules import Month
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import Report, ReportFile, ReportKind, ReportState
from coachhub.reports.service.shelf.subjects import Subject, is_about

A_PAGE = 50
asker = aliased(User, name="asker")


@dataclass(frozen=True, slots=True)
class ShelvedReport:
    """A version of a report. `asked_by` is a name, empty where it is made by itself; `size` is in bytes.

    Months are given by their firsts, both included; `session_at` is when the session it is about began.
    """

    id: UUID
    client_id: UUID
    client_name: str
    client_zone: str
    kind: ReportKind
    session_id: UUID | None
    session_at: datetime | None
    first_month: date | None
    last_month: date | None
    version: int
    state: ReportState
    why: str
    batch_id: UUID | None
    asked_by: str
    asked_at: datetime
    sends: bool
    ready_at: datetime | None
    size: int
    is_accessible: bool
    shared_at: datetime | None
    opened_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether a worker has something to do yet."""
        return self.state in (ReportState.WAITING, ReportState.MAKING)

    @property
    def is_ready(self) -> bool:
        """Whether there is a document."""
        return self.state is ReportState.READY

    @property
    def subject(self) -> Subject:
        """What it is about."""
        first, last = (Month.of(day) if day else None for day in (self.first_month, self.last_month))
        return Subject(self.kind, self.session_id, first, last)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of reports, newest first."""

    reports: tuple[ShelvedReport, ...]
    has_more: bool


def report_of(client_id: UUID, report_id: UUID) -> ShelvedReport:
    """One report of a client. Raises NotFound, also where whoever asks may not see it."""
    found = _read(_select(Report.client_id == client_id, Report.id == report_id))
    if not found:
        raise NotFound
    return found[0]


def file_of(report_id: UUID) -> bytes:
    """The document of a report that is ready. Raises NotFound."""
    here = (ReportFile.practice_id == current_practice(), ReportFile.report_id == report_id)
    pdf = db.session.scalar(select(ReportFile.pdf).where(*here))
    if pdf is None:
        raise NotFound
    return pdf


def reports_of(client_id: UUID, page: int = 1) -> Shelf:
    """Every report of a client that whoever asks may see."""
    return _page(_select(Report.client_id == client_id), page)


def latest_reports(page: int = 1) -> Shelf:
    """The practice's reports."""
    return _page(_select(), page)


def reports_of_batch(batch_id: UUID, state: ReportState, limit: int) -> tuple[ShelvedReport, ...]:
    """Those of a batch that stand there, by the client's name."""
    query = _select(Report.batch_id == batch_id, Report.state == state.value)
    return tuple(_read(query.order_by(Client.name, Report.id).limit(limit)))


def versions_of(report: ShelvedReport) -> tuple[ShelvedReport, ...]:
    """All versions of a report that are kept, the newest first."""
    return tuple(_read(_select(is_about(report.client_id, report.subject)).order_by(Report.version.desc())))


def versions_about(client_id: UUID, session_id: UUID) -> tuple[ShelvedReport, ...]:
    """The reports on a coaching session that whoever asks may see, the newest version first."""
    mine = _select(is_about(client_id, Subject.session(session_id)))
    return tuple(_read(mine.order_by(Report.version.desc())))


def _page(query: Select[*tuple[Any, ...]], page: int) -> Shelf:
    newest = query.order_by(Report.asked_at.desc(), Report.id.desc())
    found = _read(newest.limit(A_PAGE + 1).offset(A_PAGE * (page - 1)))
    return Shelf(tuple(found[:A_PAGE]), len(found) > A_PAGE)


def _select(*wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    session = and_(CoachingSession.practice_id == Report.practice_id, CoachingSession.id == Report.session_id)
    return (
        select(
            Report.id,
            Report.client_id,
            Client.name.label("client_name"),
            Client.time_zone.label("client_zone"),
            Report.kind,
            Report.session_id,
            CoachingSession.starts_at.label("session_at"),
            Report.first_month,
            Report.last_month,
            Report.version,
            Report.state,
            Report.why,
            Report.batch_id,
            asker.name.label("asked_by"),
            Report.asked_at,
            Report.sends,
            Report.ready_at,
            Report.size,
            Report.is_accessible,
            Report.shared_at,
            Report.opened_at,
        )
        .join(Client, and_(Client.practice_id == Report.practice_id, Client.id == Report.client_id))
        .outerjoin(CoachingSession, session)
        .outerjoin(asker, asker.id == Report.asked_by)
        .where(Report.practice_id == current_practice(), *wanted)
    )


def _read(query: Select[*tuple[Any, ...]]) -> Sequence[ShelvedReport]:
    return [_row(row) for row in db.session.execute(query)]


def _row(row: Row[Any]) -> ShelvedReport:
    known = {"kind": ReportKind(row.kind), "state": ReportState(row.state), "asked_by": row.asked_by or ""}
    return ShelvedReport(**{**row._mapping, **known})
