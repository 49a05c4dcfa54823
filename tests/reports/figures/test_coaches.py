"""Coaches side by side: the page and the file say what a small story comes to by hand."""

import csv
import io
import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from coachhub.booking.rules.day_ranges import DayRange
from coachhub.booking.service.availability import WeekEntry, keep_week
from tests.cast import Cast
from tests.coaching.test_hours import recorded
from tests.conftest import NOW
from tests.factories import Person, a_client, a_coach
from tests.habits.facts import acting, give_habit
from tests.payments.till import Till

MONDAY_MORNINGS = ((DayRange(540, 720),), (), (), (), (), (), ())
"""Three hours each Monday: March 2026 has five."""
_A_DAY = timedelta(days=1)


@pytest.fixture
def bob(till: Till) -> Person:
    """Ana works on Monday mornings, was booked for 90 pounds, held a session each month, and looks after Ben.

    Bob has no hours, held an hour, and looks after Hal, who has no habit; Gus is in the archive, Fay has not started.
    """
    cast = till.cast
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    for name, status in (("Hal Hill", "active"), ("Gus Gray", "archived"), ("Fay Fox", "invited")):
        a_client(cast.app, bob, name, f"{name[:3].lower()}@example.com", status=status)
    give_habit(cast)
    till.paid()
    with acting(cast, cast.ana):
        keep_week(cast.ana.user_id, WeekEntry("Europe/London", None, MONDAY_MORNINGS))
    _hold(cast, NOW - 2 * _A_DAY, cast.ana.user_id, 90)
    _hold(cast, NOW - 20 * _A_DAY, cast.ana.user_id, 45)
    _hold(cast, NOW - 3 * _A_DAY, bob.user_id, 60)
    return bob


def _hold(cast: Cast, at: datetime, coach_id: UUID, minutes: int) -> None:
    recorded(cast, at, coach_id=coach_id, minutes=minutes)


def _file(cast: Cast, query: str = "") -> dict[str, list[str]]:
    answer = cast.browser(cast.ana).get(f"/reports/coaches.csv{query}")
    return {row[0]: row[1:] for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))}


def _page(cast: Cast, query: str = "") -> dict[str, list[str]]:
    shown = cast.browser(cast.ana).get(f"/reports/coaches{query}").text
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', shown, re.DOTALL)
    return {_text(name)[0]: _text(cells) for name, cells in rows}


def _text(html: str) -> list[str]:
    return [words.strip() for words in re.sub(r"<[^>]+>", "\n", html).split("\n") if words.strip()]


def test_it_says_the_same_of_this_month_on_the_page_and_in_the_file(till: Till, bob: Person) -> None:
    heads, *_rows = _file(till.cast).values()
    assert heads == [
        *("Clients", "On track, percent", "Sessions held", "Hours held", "Revenue, GBP"),
        *("Booked hours", "Available hours", "Utilisation, percent"),
    ]
    assert _file(till.cast)["Ana Alvarez"] == ["1", "100", "1", "1.5", "90.00", "1.0", "15.0", "7"]
    assert _file(till.cast)["Bob Bell"] == ["1", "", "1", "1.0", "0.00", "0.0", "0.0", ""]
    assert _page(till.cast) == {
        "Ana Alvarez": ["1", "100%", "1 of 1", "1", "1.5 hours", "£90.00", "7%", "1 of 15 hours"],
        "Bob Bell": ["1", "–", "1", "1 hours", "–", "–", "no hours"],
        "Together": ["2", "100%", "1 of 1", "2", "2.5 hours", "£90.00", "7%", "1 of 15 hours"],
    }


def test_it_says_the_same_of_the_months_before(till: Till, bob: Person) -> None:
    last = _file(till.cast, "?period=last")["Ana Alvarez"]
    assert last == ["1", "100", "1", "0.75", "0.0", "12.0", "0"]
    assert _page(till.cast, "?period=last")["Ana Alvarez"][3:5] == ["1", "0.8 hours"]
    assert _page(till.cast, "?period=12")["Ana Alvarez"][-3:] == ["–", "0%", "0 of 156 hours"]
