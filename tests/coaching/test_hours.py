"""Coaching hours: what counts as what, and the log in the columns of the credential."""

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from coachhub.coaching.rules.hours import Counts, HourOfCoaching, as_hours, counts_as, sums_of
from coachhub.coaching.service.recording import record_session
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.coaching.planned import an_entry, planned
from tests.conftest import NOW
from tests.factories import Person, a_client, a_coach


def recorded(
    cast: Cast, starts_at: datetime, is_paid: bool | None = None, client: Person | None = None, **more: object
) -> UUID:
    """A session with Ben, or with the client named, written down by Ana."""
    who = client or cast.ben
    assert who.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        return record_session(who.client_id, an_entry(cast, starts_at, **more), is_paid)


def _csv(cast: Cast, query: str = "", person: Person | None = None) -> list[dict[str, str]]:
    answer = cast.browser(person or cast.ana).get(f"/hours.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("said", "is_settled", "is_intro", "counts"),
    [
        (None, True, False, Counts.PAID),
        (None, False, False, Counts.PRO_BONO),
        (None, None, False, Counts.UNSAID),
        (None, False, True, Counts.LEFT_OUT),
        (True, False, True, Counts.PAID),
        (False, True, False, Counts.PRO_BONO),
    ],
)
def test_it_knows_what_a_session_counts_as(
    said: bool | None, is_settled: bool | None, is_intro: bool, counts: Counts
) -> None:
    assert counts_as(said, is_settled, is_intro) is counts


def test_it_counts_what_is_unsaid_as_pro_bono_and_leaves_intro_calls_out() -> None:
    days = [date(2026, 1, day) for day in (1, 2, 3, 4)]
    kinds = [Counts.LEFT_OUT, Counts.PAID, Counts.UNSAID, Counts.PRO_BONO]
    sums = sums_of(HourOfCoaching(day, 60, kind) for day, kind in zip(days, kinds, strict=True))
    assert sums is not None
    assert (sums.first, sums.last, sums.sessions) == (days[1], days[3], 3)
    assert (sums.paid, sums.pro_bono, sums.unsaid_sessions) == (60, 120, 1)
    assert sums_of([HourOfCoaching(days[0], 30, Counts.LEFT_OUT)]) is None


@pytest.mark.parametrize(("minutes", "hours"), [(60, "1.00"), (30, "0.50"), (50, "0.83"), (0, "0.00"), (100, "1.67")])
def test_it_counts_hours_of_sixty_minutes(minutes: int, hours: str) -> None:
    assert as_hours(minutes) == Decimal(hours)


def test_it_writes_the_log_in_the_columns_of_the_credential(cast: Cast) -> None:
    recorded(cast, NOW - timedelta(days=30), True)
    recorded(cast, NOW - timedelta(days=10), True, minutes=90)
    recorded(cast, NOW - timedelta(days=2), False, minutes=45)
    [line] = _csv(cast)
    assert line == {
        "Client Name": "Ben Berger",
        "Client Contact Information": "ben@example.com",
        "Individual/Group": "Individual",
        "Number in Group": "1",
        "Start Date": "2026-02-03",
        "End Date": "2026-03-03",
        "Paid Hours": "2.50",
        "Pro Bono Hours": "0.75",
    }


def test_it_counts_only_what_took_place(cast: Cast) -> None:
    planned(cast)
    assert _csv(cast) == []
    assert "No hours yet" in cast.browser(cast.ana).get("/hours").text


def test_it_keeps_the_years_apart_by_the_coachs_clock(cast: Cast) -> None:
    recorded(cast, datetime.fromisoformat("2025-12-31T23:30:00+00:00"), True)
    recorded(cast, datetime.fromisoformat("2026-01-01T00:30:00+00:00"), True, minutes=30)
    assert [line["Paid Hours"] for line in _csv(cast, "?year=2025")] == ["1.00"]
    assert [line["Paid Hours"] for line in _csv(cast, "?year=2026")] == ["0.50"]
    assert [line["Paid Hours"] for line in _csv(cast)] == ["1.50"]
    page = cast.browser(cast.ana).get("/hours?year=2025").text
    assert "31 Dec 2025" in page


def test_it_takes_a_name_for_no_formula(cast: Cast) -> None:
    recorded(cast, NOW - timedelta(days=2), True, a_client(cast.app, cast.ana, "=1+1", "sum@example.com"))
    [line] = _csv(cast)
    assert line["Client Name"].startswith("'=")


def test_it_counts_paid_once_the_coach_says_so(cast: Cast) -> None:
    session_id = recorded(cast, NOW - timedelta(days=2))
    assert _csv(cast)[0]["Pro Bono Hours"] == "1.00"
    browser, path = cast.browser(cast.ana), f"/clients/{cast.ben.client_id}/sessions/{session_id}"
    assert "not said yet, so pro bono" in browser.get(path).text
    assert browser.post(f"{path}/counts", data={"counts": "paid"}).status_code == 303
    assert _csv(cast)[0]["Paid Hours"] == "1.00"
    assert browser.post(f"{path}/counts", data={"counts": ""}).status_code == 303
    assert _csv(cast)[0]["Paid Hours"] == "0.00"
    assert browser.post(f"{path}/counts", data={"counts": "gold"}).status_code == 404


def test_it_says_it_of_all_that_nobody_has_said_it_of(cast: Cast) -> None:
    recorded(cast, NOW - timedelta(days=400))
    recorded(cast, NOW - timedelta(days=3))
    recorded(cast, NOW - timedelta(days=2), False)
    said = {"client_id": str(cast.ben.client_id), "counts": "paid", "year": "2026"}
    assert cast.browser(cast.ana).post("/hours/said", data=said).status_code == 303
    [line] = _csv(cast)
    assert (line["Paid Hours"], line["Pro Bono Hours"]) == ("1.00", "2.00")


def test_it_takes_the_booking_at_its_word(cast: Cast, admin: psycopg.Connection) -> None:
    session_id = planned(cast)
    admin.execute("update bookings set status = 'completed', paid_with = 'money', price = 9000")
    admin.execute("update coaching_sessions set status = 'held' where id = %s", [session_id])
    assert _csv(cast)[0]["Paid Hours"] == "1.00"
    admin.execute("update bookings set paid_with = 'nothing', is_intro = true")
    assert _csv(cast) == []


def test_it_shows_a_coach_their_own_log_and_the_owner_every_log(cast: Cast) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com")
    recorded(cast, NOW - timedelta(days=2), True)
    recorded(cast, NOW - timedelta(days=3), True, coach_id=eve.user_id, minutes=30)
    assert _csv(cast, person=eve)[0]["Paid Hours"] == "0.50"
    assert _csv(cast, f"?coach={eve.user_id}")[0]["Paid Hours"] == "0.50"
    assert cast.browser(eve).get(f"/hours?coach={cast.ana.user_id}").status_code == 404
    assert cast.browser(cast.ana).get(f"/hours?coach={cast.cleo.user_id}").status_code == 404
