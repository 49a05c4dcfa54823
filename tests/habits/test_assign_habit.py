"""Giving clients a habit, pausing months of it, ending it."""

import pytest

from coachhub.habits.rules import CycleResult, Month, Stage
from coachhub.habits.service.assignments import (
    assign_habit,
    assignment_of,
    assignments_of,
    end_assignment,
    pause_month,
    resume_month,
)
from coachhub.habits.service.habits import HabitEntry, add_habit, ensure_default_habit, list_habits
from coachhub.habits.service.progress import progress_of
from coachhub.habits.service.starter import starter_steps, starter_templates
from coachhub.platform import clock
from coachhub.platform.errors import NotFound, Refused
from tests.cast import Cast
from tests.factories import a_client
from tests.habits.facts import APRIL, MARCH, acting, give_habit, how_is, owning, send, utc


def twice_a_month() -> HabitEntry:
    return HabitEntry("Twice a month", starter_steps(), 2, 30, starter_templates())


def test_it_makes_the_default_habit_once(cast: Cast) -> None:
    with acting(cast, cast.ana):
        first, second = ensure_default_habit(), ensure_default_habit()
        assert first == second
        [habit] = list_habits()
    assert (habit.name, habit.meetups_a_month, habit.minutes_a_meetup) == ("One hour a month", 1, 60)
    assert len(habit.steps) == 5


def test_it_gives_each_practice_a_default_habit_of_its_own(cast: Cast) -> None:
    ids = set()
    for coach in (cast.ana, cast.cleo):
        with acting(cast, coach):
            ids.add(ensure_default_habit())
            assert len(list_habits()) == 1
    assert len(ids) == 2


def test_it_assigns_to_many_at_once(cast: Cast) -> None:
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com")
    with acting(cast, cast.ana):
        assigned = assign_habit([cast.ben.client_id, eve.client_id], ensure_default_habit(), MARCH)
        assert set(assigned.started) == {cast.ben.client_id, eve.client_id}
        assert progress_of(None, clock.now()).keys() == set(assigned.started)


def test_it_leaves_the_same_habit_unchanged(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        assigned = assign_habit([cast.ben.client_id], ensure_default_habit(), APRIL)
        assert assigned.unchanged == (cast.ben.client_id,)
        assert [row.id for row in assignments_of(cast.ben.client_id)] == [assignment_id]


def test_it_ends_the_old_habit_where_the_new_one_begins(cast: Cast) -> None:
    old = give_habit(cast)
    with acting(cast, cast.ana):
        assigned = assign_habit([cast.ben.client_id], add_habit(twice_a_month()), APRIL)
        assert assigned.replaced == (cast.ben.client_id,)
        new, ended = assignments_of(cast.ben.client_id)
    assert (ended.id, ended.ended_from, new.from_month, new.target) == (old, APRIL, APRIL, 2)


def test_it_takes_along_what_the_month_has_reached(cast: Cast) -> None:
    give_habit(cast, Month(2026, 1))
    with owning(cast, cast.ben) as ben:
        send(ben, cast.dan_id, utc(3, 4))
    with acting(cast, cast.ana):
        assign_habit([cast.ben.client_id], add_habit(twice_a_month()), MARCH)
    assert how_is(cast).stage is Stage.INVITED


def test_it_replaces_in_place_what_has_not_begun(cast: Cast) -> None:
    assignment_id = give_habit(cast, APRIL)
    with acting(cast, cast.ana):
        assign_habit([cast.ben.client_id], add_habit(twice_a_month()), MARCH)
        [row] = assignments_of(cast.ben.client_id)
    assert (row.id, row.from_month, row.target, row.ended_from) == (assignment_id, MARCH, 2, None)


def test_it_goes_on_with_a_habit_that_was_to_end(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        end_assignment(assignment_id, APRIL.next())
        assigned = assign_habit([cast.ben.client_id], ensure_default_habit(), APRIL)
        assert assigned.started == (cast.ben.client_id,)
        assert assignment_of(assignment_id).ended_from is None


def test_it_leaves_archived_clients_out_and_says_so(cast: Cast) -> None:
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com", status="archived")
    with acting(cast, cast.ana):
        assigned = assign_habit([cast.ben.client_id, eve.client_id], ensure_default_habit(), MARCH)
    assert (assigned.started, assigned.archived) == ((cast.ben.client_id,), (eve.client_id,))


def test_it_refuses_a_client_of_another_practice(cast: Cast) -> None:
    with acting(cast, cast.cleo), pytest.raises(NotFound):
        assign_habit([cast.ben.client_id], ensure_default_habit(), MARCH)


def test_it_refuses_a_habit_of_another_practice(cast: Cast) -> None:
    with acting(cast, cast.cleo):
        theirs = ensure_default_habit()
    with acting(cast, cast.ana), pytest.raises(NotFound):
        assign_habit([cast.ben.client_id], theirs, MARCH)


def test_it_hides_assignments_from_another_practice(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    for act in (pause_month, resume_month, end_assignment):
        with acting(cast, cast.cleo), pytest.raises(NotFound):
            act(assignment_id, MARCH)


def test_it_pauses_a_whole_month_and_takes_it_back(cast: Cast) -> None:
    assignment_id = give_habit(cast, Month(2026, 1))
    with acting(cast, cast.ana):
        for _ in range(2):
            pause_month(assignment_id, Month(2026, 2))
    assert [month.result for month in how_is(cast).results] == [
        CycleResult.MISSED,
        CycleResult.PAUSED,
        CycleResult.CURRENT,
    ]
    with acting(cast, cast.ana):
        resume_month(assignment_id, Month(2026, 2))
    assert how_is(cast).results[1].result is CycleResult.MISSED


def test_it_refuses_to_pause_a_month_the_habit_does_not_run_in(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana), pytest.raises(Refused):
        pause_month(assignment_id, Month(2026, 2))


def test_it_ends_from_a_month_on(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        end_assignment(assignment_id, APRIL)
        assert cast.ben.client_id in progress_of([cast.ben.client_id], utc(3, 31))
        assert cast.ben.client_id not in progress_of([cast.ben.client_id], utc(4, 2))


def test_it_never_runs_when_ended_before_it_begins(cast: Cast) -> None:
    assignment_id = give_habit(cast, APRIL)
    with acting(cast, cast.ana):
        end_assignment(assignment_id, MARCH)
        assert assignments_of(cast.ben.client_id) == []
