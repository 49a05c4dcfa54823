"""How many clients stand, in how many statements."""

import pytest

from coachhub.habits.rules import Month, NextStep, Reason, Status
from coachhub.habits.service.assignments import assign_habit, assignments_of, end_assignment
from coachhub.habits.service.habits import HabitEntry, add_habit, ensure_default_habit
from coachhub.habits.service.progress import months_of, progress_of
from coachhub.habits.service.starter import starter_steps, starter_templates
from tests.cast import Cast
from tests.factories import a_client
from tests.habits.facts import APRIL, MARCH, acting, give_habit, how_is, meet, owning, utc
from tests.statements import asked


@pytest.mark.parametrize("clients", [1, 12])
def test_it_asks_the_database_once_whatever_the_number(cast: Cast, clients: int) -> None:
    people = [a_client(cast.app, cast.ana, f"C{n}", f"c{n}@example.com") for n in range(clients)]
    with acting(cast, cast.ana):
        assign_habit([person.client_id for person in people], ensure_default_habit(), MARCH)
        with asked(cast.app) as statements:
            assert len(progress_of(None, utc(3, 5))) == clients
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("day", "status", "reason", "step"),
    [
        (10, Status.ON_TRACK, Reason.JUST_BEGUN, NextStep.PLAN),
        (11, Status.AT_RISK, Reason.NOTHING_CHOSEN, NextStep.CHOOSE),
    ],
)
def test_it_says_who_is_late_with_the_reason_and_one_step(
    cast: Cast, day: int, status: Status, reason: Reason, step: NextStep
) -> None:
    give_habit(cast)
    verdict = how_is(cast, utc(3, day)).verdict
    assert (verdict.status, verdict.reason, verdict.next_step) == (status, reason, step)


def test_it_is_off_track_after_two_missed_months(cast: Cast) -> None:
    give_habit(cast, Month(2026, 1))
    assert how_is(cast).verdict.reason is Reason.TWO_MONTHS_MISSED


def test_it_asks_minutes_for_every_meetup_of_the_month(cast: Cast) -> None:
    with acting(cast, cast.ana):
        habit_id = add_habit(HabitEntry("Twice a month", starter_steps(), 2, 30, starter_templates()))
        assign_habit([cast.ben.client_id], habit_id, MARCH)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 2), agreed_at=utc(3, 1), status="held", minutes=25)
    ben = how_is(cast)
    assert (ben.target, ben.minutes_asked, ben.hour.left, ben.year.asked) == (2, 60, 35, 720)


def test_it_remembers_months_of_a_habit_that_ended(cast: Cast) -> None:
    give_habit(cast, Month(2026, 1))
    with acting(cast, cast.ana):
        end_assignment(assignments_of(cast.ben.client_id)[0].id, APRIL)
        months = months_of(cast.ben.client_id, utc(4, 9))
    assert [(str(each.month), each.has_habit) for each in months] == [
        ("2026-01", True),
        ("2026-02", True),
        ("2026-03", True),
        ("2026-04", False),
    ]
