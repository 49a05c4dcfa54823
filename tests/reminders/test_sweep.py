"""The sweep finds what nobody rang for."""

from datetime import UTC, datetime

import psycopg
from flask import Flask

from coachhub.platform.clock import FixedClock
from coachhub.platform.jobs import Ring
from coachhub.reminders.service.planning import ring_where_mail_is_due
from tests.cast import Cast
from tests.fakes import KeptQueue
from tests.reminders.rows import a_habit_for, a_proof

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _rings(cast: Cast) -> dict[Ring, str]:
    return {
        Ring("workers.jobs.deliver_mail", (str(person.practice_id),), "default"): name
        for name, person in (("ana", cast.ana), ("cleo", cast.cleo))
    }


def _sweep(worker_app: Flask, cast: Cast, queue: KeptQueue) -> list[str]:
    queue.rings.clear()
    with worker_app.app_context():
        ring_where_mail_is_due()
    return [_rings(cast)[ring] for ring in queue.rings]


def test_it_rings_for_the_practice_in_which_something_is_due(
    cast: Cast, worker_app: Flask, queue: KeptQueue, clock: FixedClock
) -> None:
    clock.instant = MONDAY
    assert _sweep(worker_app, cast, queue) == []
    a_habit_for(cast.app, cast.ben)
    assert _sweep(worker_app, cast, queue) == ["ana"]
    assert _sweep(worker_app, cast, queue) == ["ana"]  # until somebody sends it


def test_it_finds_a_code_whose_ring_was_lost(
    cast: Cast, worker_app: Flask, queue: KeptQueue, clock: FixedClock
) -> None:
    a_proof(cast.app, cast.cleo, "sign_in", clock.now())
    assert _sweep(worker_app, cast, queue) == ["cleo"]


def test_it_rings_for_a_claim_that_has_ended(
    cast: Cast, worker_app: Flask, queue: KeptQueue, clock: FixedClock, admin: psycopg.Connection
) -> None:
    a_proof(cast.app, cast.ben, "sign_in", clock.now())
    _sweep(worker_app, cast, queue)
    admin.execute("update outbox set state = 'claimed', leased_until = %s", [clock.now()])
    assert _sweep(worker_app, cast, queue) == ["ana"]


def test_it_goes_on_where_a_zone_is_unknown(
    cast: Cast, worker_app: Flask, queue: KeptQueue, clock: FixedClock, admin: psycopg.Connection
) -> None:
    clock.instant = MONDAY
    a_habit_for(cast.app, cast.ben)
    a_proof(cast.app, cast.cleo, "sign_in", MONDAY)
    admin.execute("update clients set time_zone = 'Mars/Olympus'")
    assert _sweep(worker_app, cast, queue) == ["cleo"]


def test_it_goes_on_where_a_kind_cannot_be_planned(
    cast: Cast, worker_app: Flask, queue: KeptQueue, clock: FixedClock, admin: psycopg.Connection
) -> None:
    clock.instant = MONDAY
    a_proof(cast.app, cast.cleo, "sign_in", MONDAY)
    a_habit_for(cast.app, cast.ben)
    admin.execute("alter table assignments rename to assignments_away")
    try:
        assert _sweep(worker_app, cast, queue) == ["cleo"]
    finally:
        admin.execute("alter table assignments_away rename to assignments")
    assert sorted(_sweep(worker_app, cast, queue)) == ["ana", "cleo"]
