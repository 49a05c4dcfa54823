"""A report about each month, made and sent by itself after the month's end, for the clients whose coach wants it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.service import audit
from coachhub.clients.models import Client, ClientStatus
from coachhub.clients.service.records import ClientRow
from coachhub.habits.rules import Month
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice, current_scope
from coachhub.reports.models import ReportKind, ReportWish
from coachhub.reports.rules.papers import months_owed, newest_due
from coachhub.reports.service.shelf.asking import Order, add_reports
from coachhub.reports.service.shelf.subjects import Subject

_EARLIEST_ZONE = timedelta(hours=14)
_WISHED = text("select lookup.practices_with_report_wishes(:month)")


def wish_of(client_id: UUID) -> ReportKind | None:
    """Which report is made of each month of a client by itself, if one is."""
    kind = db.session.scalar(select(ReportWish.kind).where(_of_client(client_id)))
    return ReportKind(kind) if kind else None


def wish_for(client: ClientRow, kind: ReportKind | None) -> None:
    """Have a report made of each month from the running one on, or of none any more (None).

    Wished for already, it goes on as it was.
    """
    others = ReportWish.kind != kind.value if kind else ReportWish.kind.is_not(None)
    db.session.execute(delete(ReportWish).where(_of_client(client.id), others))
    if kind is not None:
        wish = insert(ReportWish).values(
            practice_id=current_practice(),
            client_id=client.id,
            kind=kind.value,
            since=Month.local(clock.now(), ZoneInfo(client.time_zone)).first_day(),
            asked_by=current_scope().user_id,
            asked_at=clock.now(),
        )
        db.session.execute(wish.on_conflict_do_nothing())
    audit.note("monthly_report_changed", client.id)


def _of_client(client_id: UUID) -> ColumnElement[bool]:
    return and_(ReportWish.practice_id == current_practice(), ReportWish.client_id == client_id)


def ring_for_wishes() -> None:
    """Ring for each practice in which the report of a month is wished for that is over in the earliest zone."""
    month = Month.of((clock.now() + _EARLIEST_ZONE).date()).previous()
    with as_visitor():
        for practice_id in db.session.scalars(_WISHED, {"month": month.first_day()}).all():
            enqueue("workers.jobs.make_wished_reports", practice_id)


def make_wished_reports(practice_id: UUID) -> int:
    """Ask for what is due in a practice by each client's own clock; returns how many. Again, it asks for none."""
    with as_practice(practice_id):
        return sum(_ask(wish) for wish in _wishes())


def _wishes() -> Sequence[Any]:
    """Held until the transaction ends; what another worker holds it is seeing to."""
    query = (
        select(ReportWish.client_id, ReportWish.kind, ReportWish.since, ReportWish.made_month)
        .add_columns(Client.time_zone, Client.status)
        .join(Client, and_(Client.practice_id == ReportWish.practice_id, Client.id == ReportWish.client_id))
        .where(ReportWish.practice_id == current_practice())
        .with_for_update(of=ReportWish, skip_locked=True)
    )
    return db.session.execute(query).all()


def _ask(wish: Any) -> int:
    """Whoever is paused or put away gets none for these months, later either."""
    newest = newest_due(clock.now(), ZoneInfo(wish.time_zone))
    made = Month.of(wish.made_month) if wish.made_month else None
    months = months_owed(Month.of(wish.since), made, newest)
    if not months:
        return 0
    asked = 0
    if wish.status == ClientStatus.ACTIVE:
        kind, order = ReportKind(wish.kind), Order(sends=True)
        asked = sum(len(add_reports([wish.client_id], Subject.months(kind, month, month), order)) for month in months)
    this = (_of_client(wish.client_id), ReportWish.kind == wish.kind)
    db.session.execute(update(ReportWish).where(*this).values(made_month=newest.first_day()))
    return asked
