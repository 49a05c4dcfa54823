"""From being asked for to a document that is kept: once, whole, or with a reason why not."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.jobs import BULK, Ring
from coachhub.reports.models import ReportState
from coachhub.reports.rules.papers import MOST_RUNS
from coachhub.reports.service.shelf import making
from coachhub.reports.service.shelf.asking import ask_anew, throw_away, try_again
from coachhub.reports.service.shelf.reading import file_of, report_of, versions_of
from tests.coaching.planned import planned
from tests.factories import a_client
from tests.fakes import KeptQueue
from tests.habits.facts import acting
from tests.reports.shelf.desk import Desk, progress


def rung(queue: KeptQueue) -> list[Ring]:
    return [ring for ring in queue.rings if ring.job == "workers.jobs.make_reports"]


def break_setting(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_facts: object) -> None:
        raise error

    monkeypatch.setattr(making, "print_report", fail)


def test_it_rings_a_worker_of_the_bulk_queue(desk: Desk, queue: KeptQueue) -> None:
    desk.ask()
    assert rung(queue) == [Ring("workers.jobs.make_reports", (str(desk.cast.ana.practice_id), "0"), BULK)]


def test_it_makes_a_report_and_keeps_its_document(desk: Desk) -> None:
    report_id = desk.ask()
    assert desk.look(report_id).state is ReportState.WAITING
    assert desk.make() == 1
    found = desk.look(report_id)
    assert (found.state, found.version, found.asked_by) == (ReportState.READY, 1, "Ana Alvarez")
    with acting(desk.cast, desk.cast.ana):
        pdf = file_of(report_id)
    assert pdf.startswith(b"%PDF")
    assert found.size == len(pdf)


def test_it_is_asked_for_once_by_two_clicks(desk: Desk) -> None:
    assert desk.ask() == desk.ask()
    assert desk.make() == 1


def test_it_makes_a_report_on_a_session_that_took_place(desk: Desk) -> None:
    session_id = desk.held()
    report_id = desk.ask_about(session_id)
    desk.make()
    found = desk.look(report_id)
    assert (found.is_ready, found.session_id, found.first_month) == (True, session_id, None)


def test_it_refuses_a_report_on_a_session_still_ahead(desk: Desk) -> None:
    with pytest.raises(Refused, match="took place"):
        desk.ask_about(planned(desk.cast))


def test_it_counts_versions_by_what_they_are_about(desk: Desk) -> None:
    first = desk.ready()
    with acting(desk.cast, desk.cast.ana):
        again = ask_anew(desk.cast.ben.client_id, first)
    other = desk.ask(progress(first=progress().first.previous()))
    desk.make()
    assert [desk.look(each).version for each in (first, again, other)] == [1, 2, 1]
    with acting(desk.cast, desk.cast.ana):
        assert [each.id for each in versions_of(report_of(desk.cast.ben.client_id, first))] == [again, first]


def test_it_says_why_one_failed_and_takes_it_up_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    report_id = desk.ask()
    with monkeypatch.context() as broken:
        break_setting(broken, ValueError("what stands in the report"))
        desk.make()
    found = desk.look(report_id)
    assert (found.state, found.why) == (ReportState.FAILED, "not_set")
    with acting(desk.cast, desk.cast.ana):
        try_again(desk.cast.ben.client_id, report_id)
    desk.make()
    assert desk.look(report_id).is_ready


def test_it_leaves_a_report_where_the_database_is_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    report_id = desk.ask()
    break_setting(monkeypatch, OperationalError("select", {}, Exception("away")))
    with pytest.raises(OperationalError):
        desk.make()
    assert desk.look(report_id).state is ReportState.MAKING


def end_lease(admin: psycopg.Connection, **more: Any) -> None:
    """A worker took the report and died."""
    admin.execute(
        "update reports set state = 'making', run_id = %(run)s, lease_until = now() - interval '1 second', "
        "attempts = %(attempts)s",
        {"run": uuid4(), "attempts": 1} | more,
    )


def test_it_takes_up_what_a_dead_worker_left(desk: Desk, admin: psycopg.Connection) -> None:
    report_id = desk.ask()
    end_lease(admin)
    assert desk.make() == 1
    assert desk.look(report_id).is_ready


def test_it_leaves_alone_what_a_living_worker_makes(desk: Desk, admin: psycopg.Connection) -> None:
    desk.ask()
    end_lease(admin)
    admin.execute("update reports set lease_until = now() + interval '1 minute'")
    assert desk.make() == 0


def test_it_gives_up_a_report_over_which_workers_die(desk: Desk, admin: psycopg.Connection) -> None:
    report_id = desk.ask()
    end_lease(admin, attempts=MOST_RUNS)
    desk.make()
    assert (desk.look(report_id).state, desk.look(report_id).why) == (ReportState.FAILED, "worker_died")


def slowly(desk: Desk, monkeypatch: pytest.MonkeyPatch, meanwhile: Any) -> None:
    """Something happens while the document is set."""
    print_report = making.print_report

    def slow(facts: Any) -> Any:
        meanwhile()
        return print_report(facts)

    monkeypatch.setattr(making, "print_report", slow)
    desk.make()


def test_it_keeps_nothing_of_a_report_thrown_away_meanwhile(
    desk: Desk, admin: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = desk.ask()

    def throw() -> None:
        with acting(desk.cast, desk.cast.ana):
            throw_away(report_of(desk.cast.ben.client_id, report_id))

    slowly(desk, monkeypatch, throw)
    assert admin.execute("select count(*) from report_files").fetchone() == (0,)
    with pytest.raises(NotFound):
        desk.look(report_id)


def test_it_keeps_one_document_where_two_workers_made_it(
    desk: Desk, admin: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = desk.ask()
    other = []

    def take_over() -> None:
        if not other:
            other.append(True)
            admin.execute("update reports set lease_until = now() - interval '1 second'")
            desk.make()

    slowly(desk, monkeypatch, take_over)
    assert desk.look(report_id).is_ready
    assert admin.execute("select count(*) from report_files").fetchone() == (1,)


def test_it_makes_single_reports_before_a_batch(desk: Desk, admin: psycopg.Connection) -> None:
    eva = a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")
    desk.ask_for_all()
    single = desk.ask(progress(first=progress().first.previous()), eva)
    with desk.worker.app_context():
        making.make_reports(desk.cast.ana.practice_id, 0, turn=timedelta(0))
    rows = admin.execute("select id from reports where state = 'ready'").fetchall()
    assert [row[0] for row in rows] == [single]


def test_it_rings_again_for_what_a_turn_left(desk: Desk, queue: KeptQueue) -> None:
    a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")
    desk.ask_for_all()
    queue.rings.clear()
    with desk.worker.app_context():
        making.make_reports(desk.cast.ana.practice_id, 5, turn=timedelta(0))
        assert [ring.arguments[1] for ring in rung(queue)] == ["5"]
        making.make_reports(desk.cast.ana.practice_id, 5, turn=timedelta(0))
    assert len(rung(queue)) == 1


def test_it_finds_reports_that_lost_their_ring(desk: Desk, queue: KeptQueue) -> None:
    desk.ask()
    queue.rings.clear()
    with desk.worker.app_context():
        making.tend_reports()
    assert [ring.arguments for ring in rung(queue)] == [(str(desk.cast.ana.practice_id), "0")]
    desk.make()
    queue.rings.clear()
    with desk.worker.app_context():
        making.tend_reports()
    assert rung(queue) == []


def test_it_is_gone_with_its_client(desk: Desk, admin: psycopg.Connection) -> None:
    desk.ready()
    admin.execute("delete from clients where id = %s", [desk.cast.ben.client_id])
    assert admin.execute("select count(*) from report_files").fetchone() == (0,)


@pytest.mark.parametrize("whose", ["cleo", "ben"])
def test_it_shows_a_report_to_nobody_else(desk: Desk, whose: str) -> None:
    report_id: UUID = desk.ready()
    with acting(desk.cast, getattr(desk.cast, whose)), pytest.raises(NotFound):
        file_of(report_id)
