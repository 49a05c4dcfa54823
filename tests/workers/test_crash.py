"""2,000 mails are due, and everything that can break breaks: nothing is lost, and nothing is delivered twice."""

from collections.abc import Iterator

import psycopg
import pytest
from redis import Redis

from tests.cast import Cast
from tests.servers.sendgrid import Fault, SendGridServer
from tests.workers.post_office import A_CALL, BATCH, PostOffice, make_due
from tests.workers.processes import Processes, eventually

pytestmark = pytest.mark.lengthy

MAILS = 2_000


@pytest.fixture
def sendgrid() -> Iterator[SendGridServer]:
    with SendGridServer(judge_every=10) as server:
        yield server


@pytest.fixture
def office(
    cast: Cast, admin: psycopg.Connection, processes: Processes, valkey: Redis, sendgrid: SendGridServer
) -> PostOffice:
    """Two thousand clients of Ana's are due a reminder."""
    make_due(admin, cast.ana, MAILS)
    admin.execute("insert into wakes select id, '2026-03-01', false from practices")
    return PostOffice(admin, processes, sendgrid, cast.ana, MAILS)


@pytest.mark.parametrize("stage", ["claimed", "handed", "called", "noted"])
def test_it_survives_a_worker_killed(office: PostOffice, stage: str) -> None:
    worker = office.hire(stage)
    office.ring()
    worker.wait(30)
    assert office.states()["due"] > 0
    office.end_leases()
    office.hire()
    states = office.check(unknown_at_most=BATCH)
    never_called = MAILS - len(office.sendgrid.deliveries)
    assert never_called <= states["unknown"]
    if stage == "handed":
        assert never_called >= A_CALL
    if stage == "called":
        assert states["unknown"] - never_called >= A_CALL


def test_it_sends_each_once_with_two_workers_and_two_schedulers(office: PostOffice) -> None:
    for _ in range(2):
        office.hire()
        office.processes.start("workers.boot", "scheduler")
    assert office.check()["sent"] == MAILS


def test_it_loses_nothing_with_a_valkey_that_is_emptied_again_and_again(office: PostOffice, valkey: Redis) -> None:
    office.hire()
    office.ring()
    for point in (1, 2, 3):
        eventually(lambda at=point: len(office.sendgrid.deliveries) >= at * BATCH, office.states, 30)
        valkey.flushdb()
    assert office.check()["sent"] == MAILS


@pytest.mark.parametrize("answers", [[429] * 12, [500, 503] * 6, [Fault.CUT] * 12], ids=["429", "500", "cut"])
def test_it_comes_back_to_a_provider_that_took_nothing(office: PostOffice, answers: list[int | Fault]) -> None:
    office.sendgrid.next(*answers)
    office.hire()
    assert office.check(unknown_at_most=len(answers) * A_CALL)["sent"] >= MAILS - len(answers) * A_CALL


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.SLOW, Fault.HANGS])
def test_it_holds_what_the_provider_did_not_answer_for(office: PostOffice, fault: Fault) -> None:
    office.sendgrid.next(fault)
    office.hire()
    states = office.check(unknown_at_most=A_CALL)
    assert states["unknown"] == A_CALL
    is_taken = fault is not Fault.HANGS
    assert len(office.sendgrid.deliveries) == (MAILS if is_taken else MAILS - A_CALL)
