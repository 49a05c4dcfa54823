"""A session that took place without having been planned here is written down; nobody is told."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.coaching.planned import IN_A_WEEK, planned
from tests.conftest import NOW
from tests.factories import a_client

TYPED = {"day": "2026-03-02", "at": "14:30", "minutes": "45", "place": "Café Central", "counts": "paid"}


def _record(cast: Cast, **typed: str) -> Any:
    return cast.browser(cast.ana).post(f"/clients/{cast.ben.client_id}/sessions/record", data=TYPED | typed)


def _rows(admin: psycopg.Connection) -> list[tuple[Any, ...]]:
    return admin.execute(
        "select status, minutes, is_paid, booking_id from coaching_sessions order by starts_at"
    ).fetchall()


def test_it_writes_down_a_session_that_took_place(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    assert (
        f"/clients/{cast.ben.client_id}/sessions/record" in browser.get(f"/clients/{cast.ben.client_id}/sessions").text
    )
    assert browser.get(f"/clients/{cast.ben.client_id}/sessions/record").status_code == 200
    answer = _record(cast)
    assert answer.status_code == 303
    shown = browser.get(answer.location).text
    assert "Monday 2 March, 14:30" in shown
    assert "Took place" in shown
    assert _rows(admin) == [("held", 45, True, None)]
    assert "Monday 2 March, 14:30" in cast.browser(cast.ben).get("/sessions").text


def test_it_takes_no_time_and_tells_nobody(cast: Cast, admin: psycopg.Connection) -> None:
    _record(cast)
    for table in ("bookings", "outbox", "wakes"):
        assert admin.execute(f"select count(*) from {table}").fetchone() == (0,), table


def test_it_writes_once_for_a_second_click(cast: Cast, admin: psycopg.Connection) -> None:
    assert _record(cast).location == _record(cast).location
    assert len(_rows(admin)) == 1


def test_it_notes_a_planned_session_as_held_instead(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    session_id = planned(cast)
    clock.instant = IN_A_WEEK + timedelta(days=1)
    answer = _record(cast, day="2026-03-12", at="12:00")
    assert answer.location.endswith(str(session_id))
    assert [row[0] for row in _rows(admin)] == ["held"]
    assert admin.execute("select status from bookings").fetchone() == ("completed",)


def test_it_refuses_what_is_still_ahead(cast: Cast, admin: psycopg.Connection) -> None:
    answer = _record(cast, day="2026-03-05", at="12:01")
    assert answer.status_code == 422
    assert "That time is still ahead." in answer.text
    assert 'value="Café Central"' in answer.text
    assert _rows(admin) == []


def test_it_refuses_a_time_at_which_the_coach_spoke_with_somebody_else(cast: Cast, admin: psycopg.Connection) -> None:
    nell = a_client(cast.app, cast.ana, "Nell Nyström", "nell@example.com")
    cast.browser(cast.ana).post(f"/clients/{nell.client_id}/sessions/record", data=TYPED)
    answer = _record(cast, at="15:00")
    assert answer.status_code == 422
    assert "Ana Alvarez had a session with Nell Nyström then" in answer.text
    assert _record(cast, at="15:15").status_code == 303


def test_it_writes_down_a_session_with_somebody_in_the_archive(cast: Cast, admin: psycopg.Connection) -> None:
    admin.execute("update clients set status = 'archived' where id = %s", [cast.ben.client_id])
    assert _record(cast).status_code == 303


def test_it_takes_a_session_back_that_never_was(cast: Cast, admin: psycopg.Connection) -> None:
    page, browser = _record(cast).location, cast.browser(cast.ana)
    assert [browser.post(f"{page}/unrecord").status_code for _twice in range(2)] == [303, 303]
    assert [row[0] for row in _rows(admin)] == ["cancelled"]
    assert _record(cast).location != page


def test_it_takes_no_planned_session_back(cast: Cast) -> None:
    path = f"/clients/{cast.ben.client_id}/sessions/{planned(cast, NOW + timedelta(days=1))}/unrecord"
    assert cast.browser(cast.ana).post(path).status_code == 409


@pytest.mark.parametrize("wrong", [{"day": ""}, {"minutes": "0"}, {"counts": "gold"}, {"day": "1900-01-01"}])
def test_it_says_what_is_wrong_and_keeps_what_was_typed(cast: Cast, wrong: dict[str, str]) -> None:
    answer = _record(cast, **wrong)
    assert answer.status_code == 422
    assert 'value="Café Central"' in answer.text
