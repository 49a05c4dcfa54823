"""Reports of many clients in one step."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from coachhub.platform.errors import NotFound, Refused
from coachhub.reports.models import ReportKind, ReportState
from coachhub.reports.service.shelf import making
from coachhub.reports.service.shelf.asking import throw_away, try_batch_again
from coachhub.reports.service.shelf.batches import NobodyThere, ask_for_batch, ask_for_chosen, batch_of
from coachhub.reports.service.shelf.ringing import LANES
from tests.conftest import NOW
from tests.factories import a_client, a_coach
from tests.fakes import KeptQueue
from tests.habits.facts import acting
from tests.reports.conftest import AddMany
from tests.reports.documents.papers import holds
from tests.reports.shelf.desk import Desk, progress
from tests.reports.shelf.test_making import break_setting


@pytest.fixture
def eva(desk: Desk) -> None:
    """A second client of Ana's."""
    a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")


def test_it_makes_one_for_each_client_who_has_started(desk: Desk, eva: None, admin: psycopg.Connection) -> None:
    for status in ("invited", "archived"):
        a_client(desk.cast.app, desk.cast.ana, status, f"{status}@example.com", status=status)
    bob = a_coach(desk.cast.app, desk.cast.ana, "Bob Bell", "bob@example.com")
    a_client(desk.cast.app, bob, "Fay Fox", "fay@example.com")
    batch_id = desk.ask_for_all()
    desk.make()
    rows = admin.execute(
        "select c.name from reports r join clients c on c.id = r.client_id where batch_id = %s order by 1", [batch_id]
    )
    assert [name for (name,) in rows] == ["Ben Berger", "Eva Ek"]


def test_it_says_how_far_it_is(desk: Desk, eva: None) -> None:
    batch_id = desk.ask_for_all()
    with desk.worker.app_context():
        making.make_reports(desk.cast.ana.practice_id, 0, turn=timedelta(0))
    with acting(desk.cast, desk.cast.ana):
        found = batch_of(batch_id)
    assert (found.done, found.total, found.is_at_work, found.coach_name) == (1, 2, True, "Ana Alvarez")
    desk.make()
    with acting(desk.cast, desk.cast.ana):
        assert not batch_of(batch_id).is_at_work


def test_it_is_one_batch_for_two_clicks(desk: Desk, eva: None) -> None:
    with ThreadPoolExecutor(2) as pool:
        ids = list(pool.map(lambda _: desk.ask_for_all(), range(2)))
    assert ids[0] == ids[1]
    desk.make()
    assert desk.ask_for_all() != ids[0]


def test_it_rings_for_several_workers(desk: Desk, add_many: AddMany, queue: KeptQueue) -> None:
    add_many(20)
    desk.ask_for_all()
    lanes = [ring.arguments[1] for ring in queue.rings if ring.job == "workers.jobs.make_reports"]
    assert lanes == [str(lane) for lane in range(LANES)]


def test_it_shares_the_work_without_making_any_twice(desk: Desk, add_many: AddMany, admin: psycopg.Connection) -> None:
    add_many(30)
    batch_id = desk.ask_for_all()

    def work(_lane: int) -> int:
        with desk.worker.app_context():
            return making.make_reports(desk.cast.ana.practice_id, _lane)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(work, range(4)))
    assert sum(made) == 31
    with acting(desk.cast, desk.cast.ana):
        assert batch_of(batch_id).ready == 31
    assert admin.execute("select max(attempts), count(*) from reports").fetchone() == (1, 31)


def test_it_takes_up_those_that_failed(desk: Desk, eva: None, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = desk.ask_for_all()
    with monkeypatch.context() as broken:
        break_setting(broken, ValueError())
        desk.make()
    with acting(desk.cast, desk.cast.ana):
        assert batch_of(batch_id).failed == 2
        try_batch_again(batch_id)
    assert desk.make() == 2


def test_it_counts_what_is_there(desk: Desk, eva: None) -> None:
    batch_id = desk.ask_for_all()
    desk.make()
    with acting(desk.cast, desk.cast.ana):
        throw_away(desk_report(desk, batch_id))
        assert (batch_of(batch_id).ready, batch_of(batch_id).total) == (1, 1)


def desk_report(desk: Desk, batch_id: object):  # type: ignore[no-untyped-def]
    from coachhub.reports.service.shelf.reading import reports_of_batch

    return reports_of_batch(batch_id, ReportState.READY, 1)[0]  # type: ignore[arg-type]


def test_it_takes_chosen_clients(desk: Desk, eva: None) -> None:
    with acting(desk.cast, desk.cast.ana):
        batch_id = ask_for_chosen([desk.cast.ben.client_id], progress())
        assert batch_of(batch_id).total == 1
        with pytest.raises(NotFound):
            ask_for_chosen([uuid4()], progress())


def test_it_refuses_a_batch_of_nobody(desk: Desk) -> None:
    bob = a_coach(desk.cast.app, desk.cast.ana, "Bob Bell", "bob@example.com")
    with acting(desk.cast, desk.cast.ana), pytest.raises(NobodyThere):
        ask_for_batch(bob.user_id, progress(), sends=False)


def test_it_refuses_a_batch_that_is_being_made_one_by_one(desk: Desk) -> None:
    desk.ask()
    with pytest.raises(Refused, match="being made already"):
        desk.ask_for_all()


def test_it_leaves_no_batch_of_nothing(desk: Desk, admin: psycopg.Connection) -> None:
    desk.ask()
    months = {"kind": "progress", "first": "2026-02", "last": "2026-02", "coach_id": "all"}
    answer = desk.cast.browser(desk.cast.ana).post("/documents", data=months)
    assert (answer.status_code, "being made already" in answer.text) == (409, True)
    assert admin.execute("select count(*) from report_batches").fetchone() == (0,)


def test_it_is_another_batch_for_other_clients(desk: Desk) -> None:
    eva = a_client(desk.cast.app, desk.cast.ana, "Eva Ek", "eva@example.com")
    with acting(desk.cast, desk.cast.ana):
        ids = [ask_for_chosen([each], progress()) for each in (desk.cast.ben.client_id, eva.client_id, eva.client_id)]
    assert ids[0] != ids[1] == ids[2]
    assert desk.make() == 2


def test_it_says_how_many_it_leaves_out(desk: Desk, eva: None) -> None:
    desk.ask()
    batch_id = desk.ask_for_all()
    desk.make()
    with acting(desk.cast, desk.cast.ana):
        assert (batch_of(batch_id).total, batch_of(batch_id).missing) == (1, 1)
    page = desk.cast.browser(desk.cast.ana).get(f"/documents/{batch_id}").text
    assert "1 client is not among them: their report was being made already" in page


def test_it_names_no_file_for_a_sponsor_after_a_client(desk: Desk, eva: None) -> None:
    with acting(desk.cast, desk.cast.ana):
        batch_id = ask_for_batch(desk.cast.ana.user_id, progress(kind=ReportKind.SPONSOR), sends=False)
    desk.make()
    answer = desk.cast.browser(desk.cast.ana).get(f"/documents/{batch_id}/reports.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == [
            "Progress report without names, February 2026.pdf",
            "Progress report without names, February 2026 (2).pdf",
        ]
        assert not any(holds(archive.read(name), said) for name in archive.namelist() for said in ("Ben", "Eva"))


def test_it_sends_each_as_soon_as_it_is_ready(desk: Desk, eva: None, admin: psycopg.Connection) -> None:
    desk.ask_for_all(sends=True)
    desk.make()
    assert admin.execute("select count(*) from reports where shared_at = %s", [NOW]).fetchone() == (2,)
    assert admin.execute("select count(*) from report_letters").fetchone() == (2,)


def test_it_puts_them_into_one_zip(desk: Desk) -> None:
    for number, name in enumerate(["नेहा शर्मा", "Ada/../Lovelace", "Ben Berger"]):
        a_client(desk.cast.app, desk.cast.ana, name, f"{number}@example.com")
    batch_id = desk.ask_for_all()
    desk.make()
    answer = desk.cast.browser(desk.cast.ana).get(f"/documents/{batch_id}/reports.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    assert "filename*=UTF-8''Progress%20report%2C%20February%202026.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "Ada .. Lovelace - Progress report, February 2026.pdf",
            "Ben Berger - Progress report, February 2026.pdf",
            "Ben Berger - Progress report, February 2026 (2).pdf",
            "नेहा शर्मा - Progress report, February 2026.pdf",
        ]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_it_has_no_zip_before_one_is_ready(desk: Desk) -> None:
    batch_id = desk.ask_for_all()
    assert desk.cast.browser(desk.cast.ana).get(f"/documents/{batch_id}/reports.zip").status_code == 404
