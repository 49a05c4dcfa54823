"""Two months off track propose a booster session, to the coach and to the client, in words for each."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from coachhub.coaching.models import CoachingSession
from coachhub.platform.clock import FixedClock
from coachhub.reports.rules import is_booster_due
from tests.cast import Cast
from tests.coaching.planned import planned
from tests.conftest import NOW
from tests.factories import LONG_AGO
from tests.reminders.rows import a_cycle, a_habit_for, keep

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


def _is_proposed(cast: Cast) -> bool:
    said = {
        COACH in cast.browser(cast.ana).get("/today").text,
        COACH in cast.browser(cast.ana).get(f"/clients/{cast.ben.client_id}").text,
        CLIENT in cast.browser(cast.ben).get("/month").text,
    }
    assert len(said) == 1, "they do not agree"
    return said.pop()


def test_it_is_silent_in_the_month_in_which_they_spoke(cast: Cast, clock: FixedClock) -> None:
    _missed(cast, 2)
    session_id = planned(cast, NOW + timedelta(hours=1))
    clock.advance(timedelta(hours=3))
    assert not _is_proposed(cast), "nobody has said yet what came of it"
    cast.browser(cast.ana).post(f"/clients/{cast.ben.client_id}/sessions/{session_id}/held")
    clock.advance(timedelta(days=20))
    assert not _is_proposed(cast)
    clock.instant = datetime(2026, 4, 2, 12, tzinfo=UTC)
    assert _is_proposed(cast)


def test_it_proposes_another_where_the_client_did_not_come(cast: Cast, clock: FixedClock) -> None:
    _missed(cast, 2)
    session_id = planned(cast, NOW + timedelta(hours=1))
    clock.advance(timedelta(hours=3))
    cast.browser(cast.ana).post(f"/clients/{cast.ben.client_id}/sessions/{session_id}/missed")
    assert _is_proposed(cast)


def test_it_takes_the_month_by_the_clients_clock(cast: Cast, clock: FixedClock, admin: psycopg.Connection) -> None:
    """In Auckland March began on 28 February at 11:00 UTC."""
    admin.execute("update clients set time_zone = 'Pacific/Auckland' where id = %s", [cast.ben.client_id])
    _missed(cast, 2)
    for at, is_of_march in (
        (datetime(2026, 2, 28, 10, 59, tzinfo=UTC), False),
        (datetime(2026, 2, 28, 11, tzinfo=UTC), True),
    ):
        admin.execute("delete from coaching_sessions")
        _held(cast, at)
        assert _is_proposed(cast) is not is_of_march


def _held(cast: Cast, starts_at: datetime) -> None:
    """A session that took place."""
    times = {"created_at": LONG_AGO, "changed_at": LONG_AGO, "news_at": LONG_AGO, "starts_at": starts_at}
    whose = {"client_id": cast.ben.client_id, "coach_id": cast.ana.user_id}
    keep(cast.app, cast.ana, CoachingSession(**whose, **times, minutes=60, status="held"))
