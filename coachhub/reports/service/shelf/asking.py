"""Asking for a report: a row that a worker takes up. While it waits, asking again is the same wish."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, select, text, update

from coachhub.accounts.service import audit
from coachhub.clients.service.records import client_of
from coachhub.coaching.models import CoachingSessionStatus
from coachhub.coaching.service.reading import coaching_session_of
from coachhub.platform import clock
from coachhub.platform.db import Ids, db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice, current_scope
from coachhub.reports.models import Report, ReportState
from coachhub.reports.service.shelf.reading import ShelvedReport, report_of
from coachhub.reports.service.shelf.ringing import ring_for_reports
from coachhub.reports.service.shelf.subjects import Subject, is_about

_ADD = text(
    "insert into reports (practice_id, client_id, kind, session_id, first_month, last_month, version, batch_id, "
    "asked_by, asked_at, sends) select :practice, wanted.client_id, :kind, cast(:session_id as uuid), "
    "cast(:first_month as date), cast(:last_month as date), coalesce(kept.version, 0) + 1, cast(:batch as uuid), "
    "cast(:asked_by as uuid), :now, :sends from unnest(cast(:clients as uuid[])) as wanted(client_id) "
    "cross join lateral (select max(r.version) as version, bool_or(r.state in ('waiting', 'making')) as is_open "
    "from reports r where r.practice_id = :practice and r.client_id = wanted.client_id and r.kind = :kind "
    "and r.session_id is not distinct from cast(:session_id as uuid) "
    "and r.first_month is not distinct from cast(:first_month as date) "
    "and r.last_month is not distinct from cast(:last_month as date)) kept "
    "where kept.is_open is not true on conflict do nothing returning id"
)


@dataclass(frozen=True)
class Order:
    """How reports are asked for: as part of a batch or alone; `sends`: each goes to its client once it is ready."""

    batch_id: UUID | None = None
    sends: bool = False


def ask_for_session_report(client_id: UUID, session_id: UUID) -> UUID:
    """Have a report on a coaching session made; returns its id. Raises NotFound, or Refused: it was not held."""
    if coaching_session_of(client_id, session_id).status is not CoachingSessionStatus.HELD:
        raise Refused(409, _("A report is about a session that took place. Say first that this one did."))
    return _ask(client_id, Subject.session(session_id))


def ask_for_progress_report(client_id: UUID, subject: Subject, *, sends: bool = False) -> UUID:
    """Have a report on some months of a client made; returns its id. Raises NotFound."""
    return _ask(client_of(client_id).id, subject, Order(sends=sends))


def ask_anew(client_id: UUID, report_id: UUID) -> UUID:
    """Have the next version made, from what is known today; returns its id. Raises NotFound."""
    return _ask(client_id, report_of(client_id, report_id).subject)


def _ask(client_id: UUID, subject: Subject, order: Order | None = None) -> UUID:
    """A second click finds the report of the first, made or not."""
    added = add_reports([client_id], subject, order or Order())
    if added:
        audit.note("report_asked", added[0])
        return added[0]
    newest = select(Report.id).where(is_about(client_id, subject)).order_by(Report.version.desc()).limit(1)
    return db.session.execute(newest).scalar_one()


def add_reports(client_ids: Sequence[UUID], subject: Subject, order: Order) -> list[UUID]:
    """Add the next version for each of these clients, and ring; whose report waits or is being made is passed over.

    Returns the ids of those added. One statement, however many they are.
    """
    given = {
        "practice": current_practice(),
        "clients": Ids().bind_processor(db.engine.dialect)(sorted(client_ids)),
        "batch": order.batch_id,
        "asked_by": current_scope().user_id,
        "now": clock.now(),
        "sends": order.sends,
    }
    added = list(db.session.scalars(_ADD, given | subject.columns()))
    ring_for_reports(current_practice(), len(added))
    return added


def try_again(client_id: UUID, report_id: UUID) -> None:
    """Have a report made that has failed; any other is left alone. Raises NotFound."""
    report_of(client_id, report_id)
    ring_for_reports(current_practice(), _put_back(Report.id == report_id))


def try_batch_again(batch_id: UUID) -> None:
    """Have all those of a batch made that have failed."""
    ring_for_reports(current_practice(), _put_back(Report.batch_id == batch_id))


def _put_back(which: ColumnElement[bool]) -> int:
    failed = (Report.practice_id == current_practice(), which, Report.state == ReportState.FAILED.value)
    values = {"state": ReportState.WAITING.value, "why": "", "attempts": 0}
    query = update(Report).where(*failed).values(**values)
    return len(db.session.scalars(query.returning(Report.id)).all())


def throw_away(report: ShelvedReport) -> None:
    """Delete a version for good; of a report that is being made nothing will be kept."""
    db.session.execute(delete(Report).where(Report.practice_id == current_practice(), Report.id == report.id))
    audit.note("report_deleted", report.id)
