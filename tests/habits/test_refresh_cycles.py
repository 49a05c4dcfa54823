"""The rules of the cycle with the real database: what happened becomes the month the coach sees."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Thread

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from coachhub.habits.models import Choice, Plan
from coachhub.habits.rules import CycleResult, Month, NextStep, Reason, Stage, Status
from coachhub.habits.service.assignments import pause_month
from coachhub.habits.service.cycles import refresh_cycles
from coachhub.habits.service.progress import progress_of
from coachhub.habits.service.steps import choose_friend, commit_plan
from coachhub.network.models import Meetup
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import Person, a_client, a_friend
from tests.habits.facts import APRIL, MARCH, acting, give_habit, how_is, meet, owning, send, utc


def test_it_reaches_the_furthest_step_whatever_was_left_out(cast: Cast) -> None:
    give_habit(cast)
    assert how_is(cast).stage is Stage.NONE
    with owning(cast, cast.ben) as ben:
        send(ben, cast.dan_id, utc(3, 4))
    assert how_is(cast).stage is Stage.INVITED


def test_it_counts_a_meetup_with_any_friend_planned_or_not(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 2), agreed_at=utc(3, 4), status="held", minutes=45)
    ben = how_is(cast)
    assert (ben.stage, ben.results[-1].result, ben.minutes_this_month) == (Stage.MET, CycleResult.DONE, 45)
    assert ben.last_held_at == utc(3, 2)


def test_it_never_goes_back_when_a_meetup_is_cancelled(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meetup_id = meet(ben, cast.dan_id, utc(3, 20), agreed_at=utc(3, 4))
        db.session.get_one(Meetup, (cast.ben.practice_id, meetup_id)).status = "cancelled"
        db.session.flush()
        refresh_cycles(ben, frozenset({utc(3, 20)}))
    assert how_is(cast).stage is Stage.AGREED


def test_it_owes_nothing_to_a_month_whose_meetup_was_called_off_before_it_began(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meetup_id = meet(ben, cast.dan_id, utc(4, 2), agreed_at=utc(3, 4))
        db.session.get_one(Meetup, (cast.ben.practice_id, meetup_id)).status = "cancelled"
        db.session.flush()
        refresh_cycles(ben, frozenset({utc(4, 2)}))
    assert (how_is(cast).stage, how_is(cast, utc(4, 1)).stage) == (Stage.AGREED, Stage.NONE)


def test_it_leaves_the_later_month_free_when_a_meetup_is_brought_forward(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(4, 2), utc(3, 30), agreed_at=utc(3, 4))
    assert how_is(cast, utc(4, 1)).stage is Stage.NONE


def test_it_counts_a_meetup_moved_over_the_month_end_where_it_is_held(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 30), utc(4, 2), agreed_at=utc(3, 4), status="held")
    in_april = how_is(cast, utc(4, 3))
    assert [month.result for month in in_april.results] == [CycleResult.CARRIED, CycleResult.DONE]


def test_it_keeps_the_month_a_meetup_left_on_track(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 30), utc(4, 2), agreed_at=utc(3, 4))
    ben = how_is(cast, utc(3, 31)).verdict
    assert (ben.status, ben.reason, ben.next_step) == (Status.ON_TRACK, Reason.MOVED, NextStep.MEET)
    assert how_is(cast, utc(4, 1)).stage is Stage.AGREED


def test_it_has_not_left_when_moved_back(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 30), utc(4, 2), utc(3, 31), agreed_at=utc(3, 4))
    assert how_is(cast, utc(3, 30)).verdict.reason is Reason.AGREED


def test_it_takes_no_past_month_back_when_the_moved_meetup_is_cancelled(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meetup_id = meet(ben, cast.dan_id, utc(3, 30), utc(4, 2), agreed_at=utc(3, 4))
    cast.app.extensions["coachhub"].clock.instant = utc(4, 1)
    with owning(cast, cast.ben) as ben:
        db.session.get_one(Meetup, (cast.ben.practice_id, meetup_id)).status = "cancelled"
        db.session.flush()
        refresh_cycles(ben, frozenset({utc(3, 30), utc(4, 2)}))
    assert how_is(cast, utc(4, 3)).results[0].result is CycleResult.CARRIED


def test_it_says_agreed_in_the_month_of_the_yes_and_in_the_month_it_stands(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(4, 7), agreed_at=utc(3, 28))
    assert how_is(cast, utc(3, 29)).stage is Stage.AGREED
    assert how_is(cast, utc(4, 1)).stage is Stage.AGREED


def test_it_agrees_nothing_in_the_month_a_past_meetup_is_written_down(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 30), agreed_at=utc(4, 2), status="held")
    in_april = how_is(cast, utc(4, 2))
    assert (in_april.stage, in_april.results[0].result) == (Stage.NONE, CycleResult.DONE)


def test_it_is_done_at_the_number_of_meetups_asked(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        for day in (2, 3):
            meet(ben, cast.dan_id, utc(3, day), agreed_at=utc(3, 1), status="held")
    march = how_is(cast).results[-1]
    assert (march.held, march.level, march.result) == (2, 3, CycleResult.DONE)


@pytest.mark.parametrize(
    ("zone", "months"),
    [
        ("Pacific/Kiritimati", [CycleResult.MISSED, CycleResult.DONE]),
        ("Pacific/Pago_Pago", [CycleResult.DONE]),
        ("Europe/London", [CycleResult.DONE]),
    ],
)
def test_it_counts_months_in_the_zone_of_the_client(cast: Cast, zone: str, months: list[CycleResult]) -> None:
    """At 20:00 UTC of 31 March it is April on Kiritimati and still March in London and Pago Pago."""
    eve, friend_id = _somebody_in(cast, zone)
    give_habit(cast, MARCH, client=eve)
    held_at = utc(3, 31, 20)
    with owning(cast, eve) as owner:
        meet(owner, friend_id, held_at, agreed_at=held_at - timedelta(hours=1), status="held")
    assert [month.result for month in how_is(cast, held_at + timedelta(hours=1), client=eve).results] == months


def _somebody_in(cast: Cast, zone: str) -> tuple[Person, object]:
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com", time_zone=zone)
    return eve, a_friend(cast.app, eve, "Fay")


def test_it_neither_counts_nor_misses_a_paused_month(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        pause_month(assignment_id, MARCH)
    ben = how_is(cast, utc(3, 30))
    assert (ben.is_paused, ben.verdict.status, ben.verdict.reason) == (True, Status.ON_TRACK, Reason.PAUSED)
    assert how_is(cast, utc(4, 2)).results[0].result is CycleResult.PAUSED


def test_it_writes_the_same_twice_and_nothing_doubles(cast: Cast, admin: psycopg.Connection) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 2), agreed_at=utc(3, 1), status="held")
        refresh_cycles(ben, frozenset({utc(3, 2)}))
        refresh_cycles(ben, frozenset({utc(3, 3)}))
    assert admin.execute("select count(*), sum(held), sum(minutes) from cycles").fetchone() == (1, 1, 60)


def test_it_leaves_months_without_a_habit_alone(cast: Cast, admin: psycopg.Connection) -> None:
    give_habit(cast, APRIL)
    with owning(cast, cast.ben) as ben:
        send(ben, cast.dan_id, utc(3, 4))
    assert admin.execute("select count(*) from cycles").fetchone() == (0,)


def test_it_loses_strength_slowly_and_bridges_one_missed_month(cast: Cast) -> None:
    give_habit(cast, Month(2025, 11))
    with owning(cast, cast.ben) as ben:
        for at in (_day(2025, 11), _day(2025, 12), _day(2026, 2)):
            meet(ben, cast.dan_id, at, agreed_at=at, status="held")
    progress = how_is(cast)
    assert [month.strength for month in progress.results] == [25, 44, 33, 50, 50]
    assert (progress.streak, [month.is_bridged for month in progress.results].index(True)) == (3, 2)
    assert progress.minutes_this_year == 60


def _day(year: int, month: int) -> datetime:
    return datetime(year, month, 10, 12, tzinfo=UTC)


def test_it_shows_how_clients_stand_to_nobody_of_another_practice(cast: Cast) -> None:
    give_habit(cast)
    with acting(cast, cast.cleo):
        assert progress_of([cast.ben.client_id], utc(3, 5)) == {}
        assert progress_of(None, utc(3, 5)) == {}


def test_it_counts_both_of_two_meetups_written_down_at_once(cast: Cast) -> None:
    give_habit(cast)

    def another() -> None:
        with owning(cast, cast.ben) as ben:
            meet(ben, cast.dan_id, utc(3, 3), agreed_at=utc(3, 1), status="held")

    second = Thread(target=another)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 2), agreed_at=utc(3, 1), status="held")
        second.start()
        second.join(0.3)
        assert second.is_alive()
    second.join()
    assert how_is(cast).results[-1].held == 2


def test_it_keeps_plans_and_choices_from_the_coach(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        commit_plan(ben, date(2026, 3, 12), time(12, 30), "write to Dan")
        choose_friend(ben, cast.dan_id)
    with acting(cast, cast.ana):
        assert db.session.execute(select(Plan.id).union_all(select(Choice.id))).all() == []
    assert how_is(cast).stage is Stage.CHOSEN


def test_it_shows_a_worker_what_the_coach_sees(cast: Cast, worker_app: Flask) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        send(ben, cast.dan_id, utc(3, 4))
    with worker_app.app_context(), as_practice(cast.ana.practice_id):
        assert progress_of(None, utc(3, 5))[cast.ben.client_id].stage is Stage.INVITED
