"""Which months a report may be about, and when one is made by itself."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from coachhub.habits.rules import Month
from coachhub.reports.rules.papers import MOST_MONTHS, MOST_OWED, Fault, fault_of, months_owed, newest_due

MARCH = Month(2026, 3)
FEBRUARY, JANUARY = MARCH.previous(), MARCH.plus(-2)


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (FEBRUARY, FEBRUARY, None),
        (FEBRUARY, MARCH, None),
        (MARCH, FEBRUARY, Fault.BACKWARDS),
        (MARCH, MARCH.next(), Fault.AHEAD),
        (MARCH.plus(1 - MOST_MONTHS), MARCH, None),
        (MARCH.plus(-MOST_MONTHS), MARCH, Fault.TOO_MANY),
    ],
)
def test_it_takes_months_that_have_begun_and_five_years_at_most(first: Month, last: Month, fault: Fault | None) -> None:
    assert fault_of(first, last, MARCH) is fault


@pytest.mark.parametrize(
    ("day", "hour", "month"),
    [(1, 0, JANUARY), (1, 23, JANUARY), (2, 5, JANUARY), (2, 6, FEBRUARY), (3, 12, FEBRUARY), (31, 23, FEBRUARY)],
)
def test_it_makes_a_months_report_from_the_morning_of_the_2nd(day: int, hour: int, month: Month) -> None:
    assert newest_due(datetime(2026, 3, day, hour, tzinfo=UTC), ZoneInfo("UTC")) == month


def test_it_makes_it_by_the_clients_own_clock() -> None:
    at = datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert newest_due(at, ZoneInfo("Pacific/Auckland")) == FEBRUARY
    assert newest_due(at, ZoneInfo("America/New_York")) == JANUARY


def test_it_owes_each_month_once() -> None:
    assert months_owed(JANUARY, None, FEBRUARY) == (JANUARY, FEBRUARY)
    assert months_owed(JANUARY, JANUARY, FEBRUARY) == (FEBRUARY,)
    assert months_owed(JANUARY, FEBRUARY, FEBRUARY) == ()
    assert months_owed(MARCH, None, FEBRUARY) == ()


def test_it_owes_a_year_at_most() -> None:
    assert len(months_owed(Month(2020, 1), None, FEBRUARY)) == MOST_OWED
