"""A worker is killed in the middle of a batch: no half report is left, and another takes up what it left."""

from collections import Counter

import psycopg
import pytest
from flask import Flask
from redis import Redis

from coachhub.platform.jobs import BULK, Ring, RqQueue
from tests.cast import Cast
from tests.reports.conftest import (
    AddMany,
    add_many,  # noqa: F401 (a fixture)
)
from tests.reports.shelf.desk import Desk
from tests.workers.processes import Processes, eventually
from tests.workers.report_worker import STAGES

pytestmark = pytest.mark.lengthy

REPORTS = 12


@pytest.fixture
def desk(cast: Cast, worker_app: Flask, add_many: AddMany) -> Desk:  # noqa: F811
    """A report for each of twelve clients waits, to be sent as soon as it is ready."""
    add_many(REPORTS - 1)
    desk = Desk(cast, worker_app)
    desk.ask_for_all(sends=True)
    return desk


def states(admin: psycopg.Connection) -> Counter[str]:
    return Counter(dict(admin.execute("select state, count(*) from reports group by state").fetchall()))


def ring(processes: Processes, job: str = "tend_reports", *arguments: str) -> None:
    bell = RqQueue(processes.settings.redis_url.get_secret_value())
    bell.put(Ring(f"workers.jobs.{job}", arguments, BULK))


def check(admin: psycopg.Connection, processes: Processes) -> None:
    """Every report is ready, with one whole document and one letter each."""

    def shown() -> object:
        return states(admin), processes.log.read_text()[-3000:]

    eventually(lambda: states(admin) == {"ready": REPORTS}, shown, 30)
    pdfs = [bytes(row[0]) for row in admin.execute("select pdf from report_files").fetchall()]
    assert len(pdfs) == REPORTS
    assert all(pdf.startswith(b"%PDF") and pdf.rstrip().endswith(b"%%EOF") for pdf in pdfs)
    assert admin.execute("select count(*) from report_letters").fetchone() == (REPORTS,)


@pytest.mark.parametrize("stage", STAGES)
def test_it_takes_up_what_a_killed_worker_left(
    desk: Desk, processes: Processes, valkey: Redis, admin: psycopg.Connection, stage: str
) -> None:
    worker = processes.fork("tests.workers.report_worker", stage)
    ring(processes)
    worker.wait(30)
    left = states(admin)
    assert left["ready"] in (1, 2)
    assert admin.execute("select count(*) from report_files").fetchone() == (left["ready"],)
    admin.execute("update reports set lease_until = now() where state = 'making'")  # a minute passes
    processes.fork("tests.workers.report_worker")
    ring(processes)
    check(admin, processes)
    assert admin.execute("select max(attempts) from reports").fetchone() == (1 if stage == "noted" else 2,)


def test_it_shares_a_batch_among_two_workers(
    desk: Desk, processes: Processes, valkey: Redis, admin: psycopg.Connection
) -> None:
    for _worker in range(2):
        processes.fork("tests.workers.report_worker")
    ring(processes)
    check(admin, processes)
    assert admin.execute("select max(attempts) from reports").fetchone() == (1,)


def test_it_loses_no_report_with_a_valkey_that_was_emptied(
    desk: Desk, processes: Processes, valkey: Redis, admin: psycopg.Connection
) -> None:
    ring(processes, "make_reports", str(desk.cast.ana.practice_id), "0")
    valkey.flushdb()
    processes.fork("tests.workers.report_worker")
    ring(processes)
    check(admin, processes)
