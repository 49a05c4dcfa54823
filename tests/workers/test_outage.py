"""The servers themselves die in the middle of 2,000 mails, and come back: the database restarted, Valkey lost."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from coachhub.app import create_app
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from tests.cast import Cast, make_cast
from tests.fakes import KeptQueue, OutboxMailer
from tests.servers.sendgrid import SendGridServer
from tests.workers.forks import Nursery
from tests.workers.own_servers import OwnServers, own_servers
from tests.workers.post_office import BATCH, NOON, PostOffice, make_due
from tests.workers.processes import Processes, eventually

pytestmark = pytest.mark.lengthy

MAILS = 2_000


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[OwnServers]:
    folder = tmp_path / "own"
    folder.mkdir()
    with own_servers(folder) as running:
        yield running


@pytest.fixture
def office(servers: OwnServers, tmp_path: Path, nursery: Nursery) -> Iterator[PostOffice]:
    """As in the crash tests, on servers that may be killed."""
    processes = Processes(servers.settings(), tmp_path / "processes.log", nursery)
    with servers.look() as admin, SendGridServer(judge_every=10) as sendgrid:
        cast = _cast(servers)
        make_due(admin, cast.ana, MAILS)
        admin.execute("insert into wakes select id, '2026-03-01', false from practices on conflict do nothing")
        try:
            yield PostOffice(admin, processes, sendgrid, cast.ana, MAILS)
        finally:
            processes.close()


def _cast(servers: OwnServers) -> Cast:
    app = create_app(servers.settings(), clock=FixedClock(NOON), mailer=OutboxMailer(), queue=KeptQueue())
    cast = make_cast(app)
    with app.app_context():
        db.engine.dispose()
    return cast


def _wait_for_batches(office: PostOffice, batches: int) -> None:
    def are_there() -> bool:
        return len(office.sendgrid.deliveries) >= batches * BATCH

    eventually(are_there, lambda: office.processes.log.read_text()[-3000:], 60)


def test_it_goes_on_after_the_database_was_restarted(office: PostOffice, servers: OwnServers) -> None:
    office.hire()
    office.ring()
    _wait_for_batches(office, 2)
    servers.kill("postgres")
    servers.start("postgres")
    office.admin = servers.look()
    eventually(lambda: _answers(office), lambda: "the database is back")
    office.end_leases()
    office.check(unknown_at_most=BATCH)
    office.admin.close()


def test_it_loses_nothing_with_valkey_and_all_it_kept(office: PostOffice, servers: OwnServers) -> None:
    worker = office.hire()
    office.ring()
    _wait_for_batches(office, 2)
    servers.kill("valkey")
    worker.wait(60)  # it is supervised: it ends, and is started again
    servers.forget("valkey")
    servers.start("valkey")
    office.hire()
    office.end_leases()
    office.check(unknown_at_most=BATCH)


def _answers(office: PostOffice) -> bool:
    try:
        return office.admin.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
