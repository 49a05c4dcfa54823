"""A secret address that a calendar follows: one's own sessions, meetups and blocked times, and nobody else's."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from coachhub.booking.models import BlockedTime
from coachhub.clients.models import Client
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.coaching.booked_rows import IN_A_WEEK, booked, call_off, move
from tests.conftest import NOW
from tests.factories import LONG_AGO, Person, a_client, a_coach
from tests.reminders.rows import a_meetup, change, keep

DAY = timedelta(days=1)


def _address(cast: Cast, person: Person) -> str:
    page = cast.browser(person).get("/account/calendar").text
    return urlsplit(page.split('id="feed" value="')[1].split('"')[0]).path


def _events(cast: Cast, path: str) -> dict[str, Any]:
    answer = cast.browser().get(path)
    assert answer.status_code == 200
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_it_follows_the_clients_sessions_and_meetups(cast: Cast) -> None:
    booking_id = booked(cast)
    meetup_id = a_meetup(cast.app, cast.ben, cast.dan_id, IN_A_WEEK + DAY)
    off = booked(cast, IN_A_WEEK + DAY)
    call_off(cast, off)
    events = _events(cast, _address(cast, cast.ben))
    assert set(events) == {"Coaching session with Ana Alvarez", "Meeting Dan Dorsey"}
    session = events["Coaching session with Ana Alvarez"]
    assert (session["UID"], session["SEQUENCE"]) == (f"{booking_id}@localhost", 0)
    assert session["URL"] == f"http://localhost/sessions/{booking_id}"
    assert events["Meeting Dan Dorsey"]["UID"] == f"{meetup_id}@localhost"


def test_it_follows_the_coachs_own_sessions_and_blocked_times(cast: Cast) -> None:
    sam = a_coach(cast.app, cast.ana, "Sam Okafor", "sam@example.com")
    booked(cast)
    booked(cast, IN_A_WEEK + DAY, coach_id=sam.user_id)
    until = IN_A_WEEK + 4 * DAY
    blocked = BlockedTime(coach_id=cast.ana.user_id, starts_at=IN_A_WEEK + 2 * DAY, ends_at=until, created_at=LONG_AGO)
    keep(cast.app, cast.ana, blocked)
    a_meetup(cast.app, cast.ben, cast.dan_id, IN_A_WEEK + DAY)
    events = _events(cast, _address(cast, cast.ana))
    assert set(events) == {"Coaching session with Ben Berger", "Not for booking"}
    assert events["Not for booking"]["DTEND"].dt == until


def test_it_keeps_the_event_and_counts_its_changes(cast: Cast, clock: FixedClock) -> None:
    booking_id, path = booked(cast), _address(cast, cast.ben)
    clock.advance(timedelta(hours=1))
    move(cast, booking_id, IN_A_WEEK + DAY)
    [event] = _events(cast, path).values()
    assert (event["UID"], event["SEQUENCE"]) == (f"{booking_id}@localhost", 1)
    assert event["DTSTART"].dt == IN_A_WEEK + DAY
    assert event["DTSTAMP"].dt == clock.now()


@pytest.mark.parametrize(("ago", "shown"), [(80, 1), (100, 0)])
def test_it_looks_back_three_months(cast: Cast, clock: FixedClock, ago: int, shown: int) -> None:
    booked(cast)
    clock.instant = IN_A_WEEK + timedelta(days=ago)
    assert len(_events(cast, _address(cast, cast.ben))) == shown


def test_it_says_when_to_look_again_and_that_nothing_has_changed(cast: Cast, clock: FixedClock) -> None:
    booking_id, path, browser = booked(cast), _address(cast, cast.ben), cast.browser()
    first = browser.get(path)
    assert first.content_type == "text/calendar; charset=utf-8; method=PUBLISH"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in first.data
    assert b"X-PUBLISHED-TTL:PT1H" in first.data
    clock.advance(timedelta(minutes=10))
    seen = {"If-None-Match": first.headers["ETag"]}
    again = browser.get(path, headers=seen)
    assert (again.status_code, again.data) == (304, b"")
    move(cast, booking_id, IN_A_WEEK + DAY)
    assert browser.get(path, headers=seen).status_code == 200


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_it_ends_the_address_before_when_there_is_a_new_one(cast: Cast, who: str) -> None:
    person: Person = getattr(cast, who)
    before = _address(cast, person)
    browser = cast.browser(person)
    for _ in range(2):
        assert browser.post("/account/calendar/renew").status_code == 303
    after = _address(cast, person)
    assert after != before
    assert [cast.browser().get(path).status_code for path in (before, after)] == [404, 200]


def test_it_opens_to_nobody_who_is_not_there_any_more(cast: Cast, admin: psycopg.Connection) -> None:
    his, hers = _address(cast, cast.ben), _address(cast, a_coach(cast.app, cast.ana, "Sam", "sam@example.com"))
    assert cast.ben.client_id is not None
    change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")
    admin.execute("update memberships set role = 'client' where role = 'coach'")
    assert [cast.browser().get(path).status_code for path in (his, hers)] == [404, 404]


def test_it_shows_nothing_of_others(cast: Cast) -> None:
    booked(cast)
    zoe = a_client(cast.app, cast.ana, "Zoe Ziegler", "zoe@example.com")
    assert _events(cast, _address(cast, zoe)) == {}
    assert _events(cast, _address(cast, cast.cleo)) == {}


def test_it_is_read_by_the_readers_clock_and_language(cast: Cast, clock: FixedClock) -> None:
    """Instants are UTC, which every calendar shows by its own clock; summer time changes nothing about them."""
    at = datetime(2026, 3, 29, 12, tzinfo=NOW.tzinfo)
    booked(cast, at)
    [event] = _events(cast, _address(cast, cast.ben)).values()
    assert event.to_ical().count(b"DTSTART:20260329T120000Z") == 1


def test_it_keeps_its_address_to_itself(cast: Cast) -> None:
    path = _address(cast, cast.ben)
    answer = cast.browser().get(path)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def _forged(path: str) -> list[str]:
    head, _, tail = path.removesuffix(".ics").rpartition(".")
    return [f"{head}.{tail[::-1]}.ics", f"{head[:-1]}B.{tail}.ics", "/feeds/none.ics", path.removesuffix(".ics")]


def test_it_opens_nothing_by_a_forged_address(cast: Cast) -> None:
    browser: FlaskClient = cast.browser()
    for path in _forged(_address(cast, cast.ben)):
        assert browser.get(path).status_code == 404
