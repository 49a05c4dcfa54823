"""Two months off track propose a booster session, to the coach and to the client, in words for each."""

from datetime import date, timedelta

import pytest

from coachhub.reports.rules import is_booster_due
from tests.cast import Cast
from tests.coaching.planned import planned
from tests.conftest import NOW
from tests.reminders.rows import a_cycle, a_habit_for

COACH, CLIENT = "A booster session", "A conversation with your coach often gets things moving again."


@pytest.mark.parametrize(
    ("status", "missed", "has_session", "is_due"),
    [
        ("off_track", 2, False, True),
        ("off_track", 5, False, True),
        ("off_track", 1, False, False),
        ("at_risk", 2, False, False),
        ("off_track", 2, True, False),
    ],
)
def test_two_months_off_track_propose_a_booster_session(
    status: str, missed: int, has_session: bool, is_due: bool
) -> None:
    assert is_booster_due(status, missed, has_session=has_session) is is_due


def _missed(cast: Cast, months: int) -> None:
    a_habit_for(cast.app, cast.ben, date(2026, 3 - months, 1))


def test_it_proposes_one_to_coach_and_client(cast: Cast) -> None:
    _missed(cast, 2)
    assert COACH in cast.browser(cast.ana).get("/today").text
    page = cast.browser(cast.ana).get(f"/clients/{cast.ben.client_id}").text
    assert COACH in page
    assert f"/clients/{cast.ben.client_id}/sessions/plan" in page
    month = cast.browser(cast.ben).get("/month").text
    assert CLIENT in month
    for word in ("booster", "off track", "missed"):
        assert word not in month.lower()


def test_it_is_silent_after_one_month(cast: Cast) -> None:
    _missed(cast, 1)
    assert COACH not in cast.browser(cast.ana).get("/today").text
    assert CLIENT not in cast.browser(cast.ben).get("/month").text


def test_it_is_silent_once_somebody_was_met(cast: Cast) -> None:
    assignment_id = a_habit_for(cast.app, cast.ben, date(2026, 1, 1))
    a_cycle(cast.app, cast.ben, assignment_id, date(2026, 3, 1), held=1)
    assert CLIENT not in cast.browser(cast.ben).get("/month").text


def test_it_is_silent_while_a_session_is_planned(cast: Cast) -> None:
    _missed(cast, 2)
    planned(cast, NOW + timedelta(days=3))
    assert COACH not in cast.browser(cast.ana).get("/today").text
    assert COACH not in cast.browser(cast.ana).get(f"/clients/{cast.ben.client_id}").text
    assert CLIENT not in cast.browser(cast.ben).get("/month").text
