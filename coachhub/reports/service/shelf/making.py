"""A worker makes the reports of a practice, one after the other: read the facts, set the document, keep it.

Setting takes long and asks nobody, so it stands between two short transactions. A report is ready in the transaction
that keeps its document, so there is no half one; a worker that died is followed by another when its lease ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import and_, insert, or_, select, text, update
from sqlalchemy.exc import OperationalError

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice
from coachhub.reports.documents import Printed, ReportRow, facts_of, print_report
from coachhub.reports.models import Report, ReportFile, ReportKind, ReportState
from coachhub.reports.rules.papers import MOST_RUNS, Why
from coachhub.reports.service.shelf.ringing import ring_again, ring_for_reports
from coachhub.reports.service.shelf.sharing import share

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
"""How long a worker's word counts: many times what one report takes."""
TURN = timedelta(seconds=5)
"""How long one job makes reports before others on the queue have their turn."""
_OPEN = text("select practice_id, reports from lookup.open_reports(:at)")


@dataclass(frozen=True)
class _Run:
    """One worker at one report."""

    run_id: UUID
    report: ReportRow
    attempts: int


def make_reports(practice_id: UUID, lane: int, turn: timedelta = TURN) -> int:
    """Make what waits in a practice, for one turn; returns how many were taken up. What is left is rung for again.

    Any number of workers may do this at once: each report is taken by one of them.
    """
    stop_at, taken = clock.machine_now() + turn, 0
    for run in _runs(practice_id):
        _make(practice_id, run)
        taken += 1
        if clock.machine_now() >= stop_at:
            _ring_again(practice_id, lane)
            break
    return taken


def _runs(practice_id: UUID) -> Iterator[_Run]:
    while True:
        with as_practice(practice_id):
            run = _claim()
        if run is None:
            return
        yield run


def _ring_again(practice_id: UUID, lane: int) -> None:
    with as_practice(practice_id):
        if db.session.scalar(select(Report.id).where(*_is_free()).limit(1)) is not None:
            ring_again(practice_id, lane)


def _is_free() -> tuple[Any, ...]:
    """Whether a report of the practice waits, or its worker has died."""
    is_left = and_(Report.state == ReportState.MAKING.value, Report.lease_until <= clock.machine_now())
    is_open = Report.state.in_((ReportState.WAITING.value, ReportState.MAKING.value))  # as the index says it
    return Report.practice_id == current_practice(), is_open, or_(Report.state == ReportState.WAITING.value, is_left)


def _claim() -> _Run | None:
    """Take up the next report: those asked for one by one first, somebody looks at them. None where nothing waits."""
    order = (Report.batch_id.is_not(None), Report.asked_at, Report.id)
    one = select(Report.id).where(*_is_free()).order_by(*order).limit(1).with_for_update(skip_locked=True)
    taken = {
        "state": ReportState.MAKING.value,
        "run_id": uuid4(),
        "lease_until": clock.machine_now() + LEASE,
        "attempts": Report.attempts + 1,
    }
    this = (Report.practice_id == current_practice(), Report.id == one.scalar_subquery())
    row = db.session.execute(update(Report).where(*this).values(**taken).returning(*_COLUMNS)).one_or_none()
    return _run(row) if row is not None else None


def _run(row: Any) -> _Run:
    columns = {name: value for name, value in row._mapping.items() if name not in ("run_id", "attempts")}
    return _Run(row.run_id, ReportRow(**{**columns, "kind": ReportKind(row.kind)}), row.attempts)


_COLUMNS = (
    Report.id,
    Report.kind,
    Report.client_id,
    Report.session_id,
    Report.first_month,
    Report.last_month,
    Report.version,
    Report.asked_at,
    Report.run_id,
    Report.attempts,
)


def _make(practice_id: UUID, run: _Run) -> None:
    """Make one, or write down why it could not be made. A database that is away is no fault of the report's."""
    if run.attempts > MOST_RUNS:
        return _give_up(practice_id, run, Why.WORKER_DIED)
    try:
        with as_practice(practice_id):
            facts = facts_of(run.report)
        printed = print_report(facts)
    except OperationalError:
        raise
    except NotFound:
        return _give_up(practice_id, run, Why.GONE)
    except Exception as error:  # its text may hold what stands in the report, which belongs in no log
        log.error("report_not_made", report_id=str(run.report.id), error=type(error).__name__)
        return _give_up(practice_id, run, Why.NOT_SET)
    return _keep(practice_id, run, printed)


def _keep(practice_id: UUID, run: _Run, printed: Printed) -> None:
    done = {
        "state": ReportState.READY.value,
        "ready_at": clock.now(),
        "size": len(printed.pdf),
        "is_accessible": printed.is_accessible,
    }
    with as_practice(practice_id):
        if not _ended(run, done):
            return
        file = {"practice_id": practice_id, "report_id": run.report.id, "pdf": printed.pdf}
        db.session.execute(insert(ReportFile).values(**file))
        share(and_(_is_this(run), Report.sends))


def _give_up(practice_id: UUID, run: _Run, why: Why) -> None:
    with as_practice(practice_id):
        _ended(run, {"state": ReportState.FAILED.value, "why": why.value})


def _ended(run: _Run, values: dict[str, Any]) -> bool:
    """Whether this run still counted, and has now ended: it may have been thrown away, or be another worker's."""
    mine = (_is_this(run), Report.run_id == run.run_id)
    query = update(Report).where(*mine).values(run_id=None, lease_until=None, **values)
    if db.session.execute(query.returning(Report.id)).scalar_one_or_none() is not None:
        return True
    log.info("report_taken_over", report_id=str(run.report.id))
    return False


def _is_this(run: _Run) -> Any:
    return and_(Report.practice_id == current_practice(), Report.id == run.report.id)


def tend_reports() -> None:
    """Ring for each practice in which reports wait or were left by a worker that died."""
    with as_visitor():
        for practice_id, count in db.session.execute(_OPEN, {"at": clock.machine_now()}).all():
            ring_for_reports(practice_id, count)
