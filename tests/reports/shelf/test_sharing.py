"""A report goes to its client when the coach says so, and only then."""

from uuid import UUID

import psycopg
import pytest
from sqlalchemy import delete, text, update

from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.reports.models import Report
from coachhub.reports.service.shelf.reading import file_of, report_of, reports_of
from coachhub.reports.service.shelf.sharing import note_opened, send_report, take_back
from tests.conftest import NOW
from tests.factories import a_client
from tests.habits.facts import acting
from tests.reports.shelf.desk import Desk


def test_it_shows_the_client_what_was_sent(desk: Desk) -> None:
    report_id = desk.sent()
    with acting(desk.cast, desk.cast.ben):
        assert [each.id for each in reports_of(desk.cast.ben.client_id).reports] == [report_id]
        assert file_of(report_id).startswith(b"%PDF")


def test_it_shows_no_other_client_what_was_sent(desk: Desk) -> None:
    report_id = desk.sent()
    eva = a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")
    with acting(desk.cast, eva), pytest.raises(NotFound):
        file_of(report_id)


def test_it_refuses_to_send_what_is_not_ready(desk: Desk) -> None:
    report_id = desk.ask()
    with acting(desk.cast, desk.cast.ana), pytest.raises(Refused, match="not ready"):
        send_report(desk.cast.ben.client_id, report_id)


def test_it_is_told_of_once_by_two_clicks(desk: Desk, admin: psycopg.Connection) -> None:
    report_id = desk.sent()
    with acting(desk.cast, desk.cast.ana):
        send_report(desk.cast.ben.client_id, report_id)
    assert admin.execute("select count(*) from report_letters").fetchone() == (1,)
    assert desk.look(report_id).shared_at == NOW


def test_it_can_be_taken_back(desk: Desk, admin: psycopg.Connection) -> None:
    report_id = desk.sent()
    with acting(desk.cast, desk.cast.ana):
        take_back(desk.cast.ben.client_id, report_id)
    with acting(desk.cast, desk.cast.ben), pytest.raises(NotFound):
        report_of(desk.cast.ben.client_id, report_id)
    assert admin.execute("select count(*) from report_letters").fetchone() == (0,)


def test_it_notes_when_the_client_first_opened_it(desk: Desk, admin: psycopg.Connection) -> None:
    report_id = desk.sent()
    with acting(desk.cast, desk.cast.ben):
        note_opened(report_id)
    admin.execute("update reports set opened_at = '2026-01-01'")
    with acting(desk.cast, desk.cast.ben):
        note_opened(report_id)
    opened_at = desk.look(report_id).opened_at
    assert opened_at is not None
    assert opened_at.month == 1


def _try(desk: Desk, statement: object) -> int:
    with acting(desk.cast, desk.cast.ben):
        return int(db.session.execute(statement).rowcount)  # type: ignore[call-overload]


def test_it_lets_no_client_delete_or_withdraw_a_report(desk: Desk) -> None:
    report_id: UUID = desk.sent()
    this = Report.id == report_id
    assert _try(desk, delete(Report).where(this)) == 0
    with pytest.raises(Exception, match="row-level security"):
        _try(desk, update(Report).where(this).values(shared_at=None))


@pytest.mark.parametrize("table", ["report_batches", "report_wishes", "report_letters"])
def test_it_keeps_the_coachs_desk_from_clients(desk: Desk, table: str) -> None:
    desk.sent()
    desk.ask_for_all()
    with acting(desk.cast, desk.cast.ben):
        assert db.session.execute(text(f"select count(*) from {table}")).scalar_one() == 0
