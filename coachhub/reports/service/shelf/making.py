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
from sqlalchemy import and_, or_, select, text, update
from sqlalchemy.exc import OperationalError

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import as_hasty_practice, as_practice, as_visitor, current_practice
from coachhub.reports.documents import Printed, ReportRow, facts_of, print_report
from coachhub.reports.models import Report, ReportKind, ReportState
from coachhub.reports.rules.papers import MOST_RUNS, Why
from coachhub.reports.service.shelf.counting import REPORTS
from coachhub.reports.service.shelf.ringing import ring_again, ring_for_reports
from coachhub.reports.service.shelf.sharing import share

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
"""How long a worker's word counts: many times what one report takes."""
TURN = timedelta(seconds=5)
"""How long one job makes reports before others on the queue have their turn."""
_CLAIM = text(
    "update reports set state = 'making', run_id = :run, lease_until = :until, attempts = attempts + 1 "
    "where practice_id = :practice and id = (select id from reports where practice_id = :practice "
    "and state in ('waiting', 'making') and (state = 'waiting' or lease_until <= :now) "
    "order by batch_id is not null, asked_at, id limit 1 for update skip locked) "
    "returning id, kind, client_id, session_id, first_month, last_month, version, asked_at, run_id, attempts"
)
_KEEP = text(
    "with ended as (update reports set state = 'ready', run_id = null, lease_until = null, ready_at = :now, "
    "size = :size, is_accessible = :is_accessible where practice_id = :practice and id = :report and run_id = :run "
    "returning practice_id, id, sends), "
    "kept as (insert into report_files (practice_id, report_id, pdf) select practice_id, id, :pdf from ended) "
    "select sends from ended"
)
"""Report and document in one statement: a worker asks it for each of many. No row where the run no longer counts."""
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
        with as_hasty_practice(practice_id):  # a claim that is lost is made again
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
    now = clock.machine_now()
    claim = {"practice": current_practice(), "run": uuid4(), "now": now, "until": now + LEASE}
    row = db.session.execute(_CLAIM, claim).one_or_none()
    if row is None:
        return None
    columns = {name: value for name, value in row._mapping.items() if name not in ("run_id", "attempts")}
    return _Run(row.run_id, ReportRow(**{**columns, "kind": ReportKind(row.kind)}), row.attempts)


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
    done = {"practice": practice_id, "report": run.report.id, "run": run.run_id, "now": clock.now()}
    done |= {"size": len(printed.pdf), "is_accessible": printed.is_accessible, "pdf": printed.pdf}
    with as_hasty_practice(practice_id):  # with its claim lost as well, the report is made again
        sends = db.session.execute(_KEEP, done).scalar_one_or_none()
        if sends is None:
            _note_taken_over(run)
            return
        REPORTS.happened(run.report.kind.value, ReportState.READY.value)
        if sends:
            share(_is_this(run))


def _give_up(practice_id: UUID, run: _Run, why: Why) -> None:
    with as_practice(practice_id):
        if _is_ended(run, {"state": ReportState.FAILED.value, "why": why.value}):
            REPORTS.happened(run.report.kind.value, why.value)


def _is_ended(run: _Run, values: dict[str, Any]) -> bool:
    """End this run, where it still counts."""
    mine = (_is_this(run), Report.run_id == run.run_id)
    query = update(Report).where(*mine).values(run_id=None, lease_until=None, **values)
    is_ours = db.session.execute(query.returning(Report.id)).scalar_one_or_none() is not None
    if not is_ours:
        _note_taken_over(run)
    return is_ours


def _note_taken_over(run: _Run) -> None:
    """It was thrown away, or its lease had ended and it is another worker's now."""
    log.info("report_taken_over", report_id=str(run.report.id))


def _is_this(run: _Run) -> Any:
    return and_(Report.practice_id == current_practice(), Report.id == run.report.id)


def tend_reports() -> None:
    """Ring for each practice in which reports wait or were left by a worker that died."""
    with as_visitor():
        for practice_id, count in db.session.execute(_OPEN, {"at": clock.machine_now()}).all():
            ring_for_reports(practice_id, count)
