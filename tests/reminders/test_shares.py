"""Many practices with something due at once: they are gone through in shares, and each is in one of them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from coachhub.platform.clock import FixedClock
from coachhub.platform.jobs import Ring
from coachhub.platform.mailer import MailDelayed
from coachhub.reminders.service import flight, planning, sending
from coachhub.reminders.service.planning import practices_of_share, shares_of
from tests.cast import Cast
from tests.factories import Person, a_practice
from tests.fakes import KeptQueue, OutboxMailer
from tests.reminders.rows import Office, a_proof
from tests.reminders.wakes import Sweeper, a_wake, an_urgent_wake

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CODES = {"ana@example.com", "cleo@example.com"}


@pytest.fixture
def due(cast: Cast, office: Office, clock: FixedClock, queue: KeptQueue, admin: psycopg.Connection) -> Cast:
    """Ana and Cleo each wait for a code; what was rung for is forgotten."""
    clock.instant = NOON
    admin.execute("delete from wakes")
    for who in (cast.ana, cast.cleo):
        a_proof(cast.app, who, "sign_in", NOON)
        an_urgent_wake(cast.app, who)
    queue.rings.clear()
    return cast


def _more_practices(cast: Cast, number: int) -> None:
    for n in range(number):
        a_wake(cast.app, a_practice(cast.app, f"Practice {n}", "Owner", f"owner{n}@example.com"), NOON)


def _sent_to(mailer: OutboxMailer) -> set[str]:
    return {mail.to_address for mail in mailer.mails}


def _ring_of(person: Person) -> Ring:
    return Ring("workers.jobs.deliver_mail", (str(person.practice_id),), "default")


def test_it_rings_for_each_alone_while_they_are_few(due: Cast, sweeper: Sweeper) -> None:
    _more_practices(due, 14)
    rung = sweeper.rings()
    assert [ring.job for ring in rung if ring.queue == "default"] == ["workers.jobs.deliver_mail"] * 16


def test_it_rings_for_shares_the_fullest_first_and_for_those_who_wait_besides(
    due: Cast, sweeper: Sweeper, worker_app: Flask
) -> None:
    _more_practices(due, 15)
    rung = sweeper.rings()
    shares = [ring for ring in rung if ring.queue == "default"]
    assert {(ring.job, ring.arguments[1]) for ring in shares} == {("workers.jobs.deliver_share", "8")}
    with worker_app.app_context():
        filled = [len(practices_of_share(int(ring.arguments[0]), 8)) for ring in shares]
    assert sum(filled) == 17
    assert filled == sorted(filled, reverse=True)
    assert filled[-1] > 0
    waiting = {str(due.ana.practice_id), str(due.cleo.practice_id)}
    assert {ring.arguments[0] for ring in rung if ring.queue == "urgent"} == waiting


@pytest.mark.parametrize("practices", [17, 100, 1_000, 12_345])
def test_it_has_shares_of_two_to_four_that_stay_while_the_backlog_shrinks(practices: int) -> None:
    shares = shares_of(practices)
    assert 1.9 < practices / shares <= 4
    assert shares.bit_count() == 1
    assert {shares_of(practices - n) for n in range(practices // 4)} <= {shares, shares // 2, 0}


def test_it_has_each_practice_in_exactly_one_share(due: Cast, worker_app: Flask) -> None:
    _more_practices(due, 20)
    with worker_app.app_context():
        found: list[UUID] = [each for number in range(8) for each in practices_of_share(number, 8)]
        (everybody,) = [practices_of_share(0, 1)]
    assert len(found) == 22
    assert sorted(found) == sorted(everybody)


def test_it_sends_what_is_due_in_every_practice_of_a_share(
    due: Cast, worker_app: Flask, mailer: OutboxMailer, sweeper: Sweeper
) -> None:
    with worker_app.app_context():
        tally = sending.deliver_share(0, 1)
    assert (tally.planned, tally.sent) == (2, 2)
    assert _sent_to(mailer) == CODES
    assert sweeper.rings() == []


def test_it_leaves_what_belongs_to_other_shares(due: Cast, worker_app: Flask, mailer: OutboxMailer) -> None:
    with worker_app.app_context():
        sent = [sending.deliver_share(number, 1 << 64).sent for number in (1, 2)]
    assert sent == [0, 0]
    assert mailer.mails == []


def test_it_gives_a_practice_that_breaks_a_job_of_its_own(
    due: Cast, worker_app: Flask, mailer: OutboxMailer, queue: KeptQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan(practice_id: UUID, *, asked_for_alone: bool = False) -> int:
        if practice_id == due.ana.practice_id:
            raise RuntimeError("broken")
        return planning.plan_practice(practice_id, asked_for_alone=asked_for_alone)

    monkeypatch.setattr(sending, "plan_practice", plan)
    with worker_app.app_context():
        sending.deliver_share(0, 1)
    assert _sent_to(mailer) == {"cleo@example.com"}
    assert queue.rings == [_ring_of(due.ana)]


def test_it_gives_those_jobs_of_their_own_for_whom_its_turn_is_too_short(
    due: Cast, worker_app: Flask, mailer: OutboxMailer, queue: KeptQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TURN", timedelta())
    with worker_app.app_context():
        sending.deliver_share(0, 1)
    assert mailer.mails == []
    assert set(queue.rings) == {_ring_of(due.ana), _ring_of(due.cleo)}


def test_it_goes_to_no_further_practice_while_the_provider_takes_nothing(
    due: Cast, worker_app: Flask, mailer: OutboxMailer, sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def refuse(_mailing: object) -> str:
        nonlocal calls
        calls += 1
        raise MailDelayed("busy")

    monkeypatch.setattr(mailer, "send", refuse)
    monkeypatch.setattr(flight, "TROUBLES_IN_A_ROW", 1)
    monkeypatch.setattr(sending, "IN_FLIGHT", 1)
    third = a_practice(due.app, "A third", "Owner", "owner@example.com")
    a_wake(due.app, third, NOON)
    in_order = [each.practice_id for each in (due.ana, due.cleo, third)]
    monkeypatch.setattr(sending, "practices_of_share", lambda *_share: in_order)
    with worker_app.app_context():
        sending.deliver_share(0, 1)
    assert calls == 1
    assert sweeper.finds(third)
