"""Many reports asked for in one step, about the same months: of all of a coach's clients, or of some chosen ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, Uuid, and_, any_, cast, delete, exists, func, insert, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from coachhub.accounts.models import User
from coachhub.accounts.service import audit
from coachhub.clients.models import Client, ClientStatus
from coachhub.clients.service.records import check_clients
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice, current_scope
from coachhub.reports.models import Report, ReportBatch, ReportKind, ReportState
from coachhub.reports.service.shelf.asking import Order, add_reports
from coachhub.reports.service.shelf.subjects import Subject

LISTED = 20
_QUEUE = text("select pg_advisory_xact_lock(hashtextextended(:whom, 0))")
_OPEN = (ReportState.WAITING.value, ReportState.MAKING.value)
_WITH_REPORTS = (ClientStatus.ACTIVE.value, ClientStatus.PAUSED.value)
coach = aliased(User, name="coach_of_batch")


class NothingToMake(Refused):
    """There is no report that a batch could be of."""


class NobodyThere(NothingToMake):
    """There is no client for whom a report could be made."""

    def __init__(self) -> None:
        super().__init__(422, _("There is nobody to make a report for: no client of this coach has started yet."))


class UnderWay(NothingToMake):
    """Each of these reports is being made already, asked for otherwise."""

    def __init__(self) -> None:
        super().__init__(409, _("These reports are being made already. Each stands on its client’s page."))


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch and how far it is. `coach_name` is empty where it is about clients of several coaches.

    `total` counts what is there of it: a report that was deleted meanwhile is no part of it any more. `asked` counts
    the clients it was asked for: a report that was being made already is no part of it, either.
    """

    id: UUID
    kind: ReportKind
    first_month: date
    last_month: date
    sends: bool
    coach_name: str
    asked_at: datetime
    ready: int
    failed: int
    shared: int
    total: int
    asked: int

    @property
    def missing(self) -> int:
        """How many of the clients it was asked for have no report in it."""
        return max(0, self.asked - self.total)

    @property
    def done(self) -> int:
        """How many need no worker any more."""
        return self.ready + self.failed

    @property
    def is_at_work(self) -> bool:
        """Whether workers have something to do yet."""
        return self.done < self.total


def ask_for_batch(coach_id: UUID | None, subject: Subject, *, sends: bool) -> UUID:
    """Have a report made for each client of a coach (None: of all) who has started; returns the batch's id.

    Raises NothingToMake. The same batch, while it is being made, is the same wish.
    """
    here = (Client.practice_id == current_practice(), Client.status.in_(_WITH_REPORTS))
    query = select(Client.id).where(*here, *([Client.coach_id == coach_id] if coach_id else []))
    return _ask(list(db.session.scalars(query)), coach_id, subject, sends=sends)


def ask_for_chosen(client_ids: Sequence[UUID], subject: Subject, *, sends: bool = False) -> UUID:
    """Have a report made for each of these clients; returns the batch's id. Raises NotFound, NothingToMake."""
    check_clients(client_ids)
    return _ask(list(set(client_ids)), None, subject, sends=sends)


def names_of(client_ids: Sequence[UUID]) -> list[str]:
    """What these clients are called, in order. Raises NotFound where one of them is none of the practice's."""
    check_clients(client_ids)
    here = (Client.practice_id == current_practice(), Client.id.in_(client_ids))
    return list(db.session.scalars(select(Client.name).where(*here).order_by(Client.name)))


def _ask(client_ids: list[UUID], coach_id: UUID | None, subject: Subject, *, sends: bool) -> UUID:
    if not client_ids:
        raise NobodyThere
    db.session.execute(_QUEUE, {"whom": f"report_batches:{current_practice()}"})
    given = {"coach_id": coach_id, "sends": sends, **_months(subject)}
    under_way = _under_way(given, client_ids)
    if under_way is not None:
        return under_way
    batch_id = _added(given | {"total": len(client_ids)})
    if not add_reports(client_ids, subject, Order(batch_id, sends)):
        db.session.execute(delete(ReportBatch).where(_is_this(batch_id)))
        raise UnderWay
    audit.note("report_batch_asked", batch_id)
    return batch_id


def _added(given: Mapping[str, Any]) -> UUID:
    values = {"practice_id": current_practice(), "asked_by": current_scope().user_id, "asked_at": clock.now(), **given}
    return db.session.execute(insert(ReportBatch).values(values).returning(ReportBatch.id)).scalar_one()


def _months(subject: Subject) -> dict[str, Any]:
    return {name: value for name, value in subject.columns().items() if name != "session_id"}


def _under_way(given: Mapping[str, Any], client_ids: Sequence[UUID]) -> UUID | None:
    """The batch of the same clients that a first click has asked for, while anything of it is open."""
    same = [getattr(ReportBatch, name).is_not_distinct_from(value) for name, value in given.items()]
    of_batch = (Report.practice_id == ReportBatch.practice_id, Report.batch_id == ReportBatch.id)
    is_open = exists().where(*of_batch, Report.state.in_(_OPEN)).correlate(ReportBatch)
    is_theirs = Report.client_id == any_(cast(list(client_ids), ARRAY(Uuid)))
    are_all = (_count() == len(client_ids), _count(is_theirs) == len(client_ids))
    here = (ReportBatch.practice_id == current_practice(), *are_all)
    return db.session.scalar(select(ReportBatch.id).where(*here, *same, is_open).limit(1))


def batch_of(batch_id: UUID) -> BatchRow:
    """One batch. Raises NotFound."""
    row = db.session.execute(_batches(ReportBatch.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def latest_batches() -> list[BatchRow]:
    """The practice's latest batches, newest first."""
    newest = (ReportBatch.asked_at.desc(), ReportBatch.id.desc())
    return [_row(row) for row in db.session.execute(_batches().order_by(*newest).limit(LISTED))]


def _batches(*wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ReportBatch.id,
            ReportBatch.kind,
            ReportBatch.first_month,
            ReportBatch.last_month,
            ReportBatch.sends,
            func.coalesce(coach.name, "").label("coach_name"),
            ReportBatch.asked_at,
            _count(Report.state == ReportState.READY.value).label("ready"),
            _count(Report.state == ReportState.FAILED.value).label("failed"),
            _count(Report.shared_at.is_not(None)).label("shared"),
            _count().label("total"),
            ReportBatch.total.label("asked"),
        )
        .outerjoin(coach, coach.id == ReportBatch.coach_id)
        .where(ReportBatch.practice_id == current_practice(), *wanted)
    )


def _count(*which: ColumnElement[bool]) -> Any:
    of_batch = (Report.practice_id == ReportBatch.practice_id, Report.batch_id == ReportBatch.id)
    return select(func.count()).select_from(Report).where(*of_batch, *which).correlate(ReportBatch).scalar_subquery()


def _row(row: Any) -> BatchRow:
    return BatchRow(**{**row._mapping, "kind": ReportKind(row.kind)})


def _is_this(batch_id: UUID) -> ColumnElement[bool]:
    return and_(ReportBatch.practice_id == current_practice(), ReportBatch.id == batch_id)
