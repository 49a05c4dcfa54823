"""The calendar file of a meetup: right for its reader, newer with each change, and nobody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from icalendar import Calendar

from coachhub.network.service.calendars import meetup_file
from coachhub.network.service.meetups import agree_meetup, cancel_meetup, meetup_of, move_meetup
from coachhub.platform.clock import FixedClock
from coachhub.platform.language import as_reader
from tests.cast import Cast
from tests.network.conftest import Acting

LUNCH = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)


def _agreed(acting: Acting, cast: Cast, place: str = "Café Zürich") -> UUID:
    with acting() as ben:
        return agree_meetup(ben, cast.dan_id, LUNCH, 45, place)


def _downloaded(cast: Cast, meetup_id: UUID) -> tuple[Any, Any]:
    answer = cast.browser(cast.ben).get(f"/meetups/{meetup_id}/calendar.ics")
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.data)
    assert f"method={calendar['METHOD']}" in answer.headers["Content-Type"]
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def test_it_gives_ben_the_meetup_as_a_file(cast: Cast, acting: Acting) -> None:
    meetup_id = _agreed(acting, cast)
    method, event = _downloaded(cast, meetup_id)
    assert (method, event["UID"]) == ("PUBLISH", f"{meetup_id}@localhost")
    assert event["SUMMARY"] == "Meeting Dan Dorsey"
    assert event["LOCATION"] == "Café Zürich"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (LUNCH, LUNCH + timedelta(minutes=45))
    assert event["URL"] == f"http://localhost/meetups/{meetup_id}"
    assert "Ben Berger and Dan Dorsey" in event["DESCRIPTION"]


def test_it_keeps_the_file_to_its_reader(cast: Cast, acting: Acting) -> None:
    answer = cast.browser(cast.ben).get(f"/meetups/{_agreed(acting, cast)}/calendar.ics")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="meetup.ics"'
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"


def test_it_gives_the_file_to_nobody_else(cast: Cast, acting: Acting) -> None:
    path = f"/meetups/{_agreed(acting, cast)}/calendar.ics"
    assert [cast.browser(who).get(path).status_code for who in (cast.cleo, cast.ana)] == [404, 404]
    assert cast.browser().get(path).location.startswith("/sign-in")


def test_it_changes_the_same_event_with_each_move_and_takes_it_out(
    cast: Cast, acting: Acting, clock: FixedClock
) -> None:
    meetup_id = _agreed(acting, cast)
    files = [_downloaded(cast, meetup_id)]
    for step in (1, 2):
        clock.advance(timedelta(minutes=5))
        with acting() as ben:
            move_meetup(ben, meetup_id, LUNCH + timedelta(days=step), "Park")
        files.append(_downloaded(cast, meetup_id))
    clock.advance(timedelta(minutes=5))
    with acting() as ben:
        cancel_meetup(ben, meetup_id)
    files.append(_downloaded(cast, meetup_id))
    events = [event for _method, event in files]
    assert len({event["UID"] for event in events}) == 1
    assert len({event["ORGANIZER"] for event in events}) == 1
    sequences = [event["SEQUENCE"] for event in events]
    assert sequences == sorted(set(sequences))
    stamps = [event["DTSTAMP"].dt for event in events]
    assert stamps == sorted(set(stamps))
    assert [method for method, _event in files] == ["PUBLISH", "PUBLISH", "PUBLISH", "CANCEL"]
    assert events[-1]["STATUS"] == "CANCELLED"
    assert events[2]["LOCATION"] == "Park"


def test_it_gives_both_sides_the_same_event_in_their_own_words(cast: Cast, acting: Acting) -> None:
    meetup_id = _agreed(acting, cast)
    with acting() as ben, as_reader("en", "UTC"):
        meetup = meetup_of(ben, meetup_id).meetup
        hers = Calendar.from_ical(meetup_file(meetup, "Dan Dorsey", "بن بيرغر", "http://localhost/r/token"))
    [event] = hers.walk("VEVENT")
    assert event["SUMMARY"] == "Meeting بن بيرغر"
    assert event["URL"] == "http://localhost/r/token"
    assert event["UID"] == _downloaded(cast, meetup_id)[1]["UID"]


def test_it_names_nobody_where_nobody_is_known(cast: Cast, acting: Acting) -> None:
    meetup_id = _agreed(acting, cast, place="")
    with acting() as ben, as_reader("en", "UTC"):
        [event] = Calendar.from_ical(meetup_file(meetup_of(ben, meetup_id).meetup, "Dan", "", "http://x")).walk(
            "VEVENT"
        )
    assert event["SUMMARY"] == "A meetup"
    assert "Dan" not in event["DESCRIPTION"]
    assert "LOCATION" not in event


def test_it_links_the_file_where_the_meetup_stands(cast: Cast, acting: Acting) -> None:
    meetup_id = _agreed(acting, cast)
    path = f"/meetups/{meetup_id}/calendar.ics"
    assert path in cast.browser(cast.ben).get(f"/meetups/{meetup_id}").text
    with acting() as ben:
        cancel_meetup(ben, meetup_id)
    page = cast.browser(cast.ben).get(f"/meetups/{meetup_id}").text
    assert "Take it out of your calendar" in page
    assert path in page
