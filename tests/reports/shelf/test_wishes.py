"""A report of each month, made by itself."""

from datetime import UTC, datetime

import psycopg
import pytest

from coachhub.clients.service.records import client_of
from coachhub.platform.clock import FixedClock
from coachhub.reports.models import ReportKind
from coachhub.reports.service.shelf.wishes import make_wished_reports, ring_for_wishes, wish_for, wish_of
from tests.fakes import KeptQueue
from tests.habits.facts import acting
from tests.reports.shelf.desk import Desk

BY_ITSELF = "select first_month::text, version, asked_by, sends from reports order by first_month"


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def wish(desk: Desk, kind: ReportKind | None = ReportKind.PROGRESS) -> None:
    with acting(desk.cast, desk.cast.ana):
        wish_for(client_of(desk.cast.ben.client_id), kind)


def tick(desk: Desk) -> int:
    with desk.worker.app_context():
        return make_wished_reports(desk.cast.ana.practice_id)


def test_it_is_made_of_the_month_in_which_it_was_wished_for(
    desk: Desk, clock: FixedClock, admin: psycopg.Connection
) -> None:
    wish(desk)
    assert tick(desk) == 0
    clock.instant = at(4, 2)
    assert tick(desk) == 1
    assert admin.execute(BY_ITSELF).fetchall() == [("2026-03-01", 1, None, True)]


def test_it_is_made_once(desk: Desk, clock: FixedClock) -> None:
    wish(desk)
    clock.instant = at(4, 2)
    assert [tick(desk) for _ in range(3)] == [1, 0, 0]
    desk.make()
    assert tick(desk) == 0


def test_it_is_sent_as_soon_as_it_is_ready(desk: Desk, clock: FixedClock, admin: psycopg.Connection) -> None:
    wish(desk)
    clock.instant = at(4, 2)
    tick(desk)
    desk.make()
    assert admin.execute("select client_id, kind from report_letters").fetchone() == (
        desk.cast.ben.client_id,
        "progress",
    )


def test_it_makes_up_for_months_in_which_no_worker_was_there(
    desk: Desk, clock: FixedClock, admin: psycopg.Connection
) -> None:
    wish(desk)
    clock.instant = at(6, 10)
    assert tick(desk) == 3
    months = [row[0] for row in admin.execute(BY_ITSELF).fetchall()]
    assert months == ["2026-03-01", "2026-04-01", "2026-05-01"]


@pytest.mark.parametrize("status", ["paused", "archived"])
def test_it_leaves_out_whoever_rests_for_good(
    desk: Desk, clock: FixedClock, admin: psycopg.Connection, status: str
) -> None:
    wish(desk)
    clock.instant = at(4, 2)
    admin.execute("update clients set status = %s where id = %s", [status, desk.cast.ben.client_id])
    assert tick(desk) == 0
    admin.execute("update clients set status = 'active'")
    assert tick(desk) == 0


def test_it_stops_when_nobody_wants_it(desk: Desk, clock: FixedClock) -> None:
    wish(desk)
    wish(desk, None)
    clock.instant = at(4, 2)
    assert tick(desk) == 0


def test_it_is_one_kind_at_a_time(desk: Desk) -> None:
    wish(desk)
    wish(desk, ReportKind.SPONSOR)
    with acting(desk.cast, desk.cast.ana):
        assert wish_of(desk.cast.ben.client_id) is ReportKind.SPONSOR


def test_it_rings_where_a_month_is_over(desk: Desk, clock: FixedClock, queue: KeptQueue) -> None:
    wish(desk)
    for instant, rings in ((at(3, 31, 9), 0), (at(3, 31, 10), 1), (at(4, 2), 1)):
        clock.instant = instant
        queue.rings.clear()
        with desk.worker.app_context():
            ring_for_wishes()
        assert len(queue.rings) == rings, instant
    tick(desk)
    queue.rings.clear()
    with desk.worker.app_context():
        ring_for_wishes()
    assert queue.rings == []
