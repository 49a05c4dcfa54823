"""The month's plan in the client's own calendar."""

from datetime import date, time, timedelta
from typing import Any

from icalendar import Calendar

from coachhub.habits.service.steps import commit_plan
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.habits.facts import give_habit, owning, utc

FILE = "/month/plan.ics"


def _plan(cast: Cast, day: int = 12, doing: str = "write to Dan", place: str = "at my desk") -> None:
    with owning(cast, cast.ben) as ben:
        commit_plan(ben, date(2026, 3, day), time(12, 30), doing, place)


def _event(cast: Cast) -> Any:
    answer = cast.browser(cast.ben).get(FILE)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.ics"'
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    return event


def test_it_puts_the_plan_into_the_calendar_in_bens_own_words(cast: Cast) -> None:
    give_habit(cast)
    _plan(cast)
    event = _event(cast)
    assert (event["SUMMARY"], event["LOCATION"]) == ("write to Dan", "at my desk")
    assert event["DTSTART"].dt == utc(3, 12).replace(hour=12, minute=30)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=15)
    assert event["URL"] == "http://localhost/month"
    assert event["TRANSP"] == "TRANSPARENT"
    [alarm] = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(0)


def test_it_moves_the_plan_in_the_calendar_when_it_changes(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast)
    _plan(cast)
    before = _event(cast)
    clock.advance(timedelta(seconds=30))
    _plan(cast, 13, "ring Dan ☎️ ; at last", "")
    after = _event(cast)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["SUMMARY"] == "ring Dan ☎️ ; at last"
    assert "LOCATION" not in after


def test_it_gives_each_month_an_event_of_its_own(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast)
    _plan(cast)
    march = _event(cast)
    clock.instant = utc(4, 1)
    assert cast.browser(cast.ben).get(FILE).status_code == 404
    with owning(cast, cast.ben) as ben:
        commit_plan(ben, date(2026, 4, 9), time(8, 30), "write")
    assert _event(cast)["UID"] != march["UID"]


def test_it_has_no_file_without_a_plan_and_none_for_others(cast: Cast) -> None:
    give_habit(cast)
    assert cast.browser(cast.ben).get(FILE).status_code == 404
    _plan(cast)
    assert cast.browser(cast.cleo).get(FILE).status_code == 404
    assert cast.browser().get(FILE).location.startswith("/sign-in")


def test_it_links_the_file_beside_the_plan(cast: Cast) -> None:
    give_habit(cast)
    assert FILE not in cast.browser(cast.ben).get("/month").text
    _plan(cast)
    assert FILE in cast.browser(cast.ben).get("/month?ask=choose").text
