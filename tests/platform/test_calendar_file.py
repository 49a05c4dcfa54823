"""Calendar files, read back by two libraries that know nothing of each other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from coachhub.platform.calendar_file import CalendarEvent, calendar_file, content_type
from coachhub.platform.clock import FixedClock
from coachhub.platform.ports import ports
from coachhub.platform.texts import one_line
from tests.conftest import NOW
from tests.properties import instants

COFFEE = CalendarEvent(
    name="0197-meetup",
    sequence=2,
    starts_at=datetime(2026, 3, 12, 12, 30, tzinfo=UTC),
    minutes=45,
    title="Meeting Dan Dorsey",
    place="Café Zürich; corner, 2nd floor",
    words="Ben and Dan\nMove it: https://example.com/r/abc?x=1&y=2",
    address="https://example.com/r/abc?x=1&y=2",
)
texts = st.text(max_size=200)


@pytest.fixture(autouse=True)
def _in_app(app: Flask, clock: FixedClock) -> Iterator[None]:
    clock.instant = NOW
    with app.app_context():
        yield


def _read(file: bytes) -> Any:
    [event] = Calendar.from_ical(file).walk("VEVENT")
    return event


def test_it_writes_what_a_calendar_needs_to_know_the_event_again() -> None:
    file = calendar_file(COFFEE)
    calendar, event = Calendar.from_ical(file), _read(file)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert "CoachHub" in calendar["PRODID"]
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("0197-meetup@localhost", 2, "CONFIRMED")
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (NOW, NOW)
    assert event["DTSTART"].dt == COFFEE.starts_at
    assert event["DTEND"].dt == COFFEE.starts_at + timedelta(minutes=45)
    assert (event["SUMMARY"], event["LOCATION"]) == (COFFEE.title, COFFEE.place)
    assert (event["DESCRIPTION"], event["URL"]) == (COFFEE.words, COFFEE.address)
    assert event["CLASS"] == "PRIVATE"
    assert event.subcomponents == []


def test_it_says_who_organizes_it_by_the_address_that_mail_comes_from() -> None:
    event = _read(calendar_file(COFFEE))
    assert event["ORGANIZER"] == "mailto:hello@coachhub.example"
    assert event["ORGANIZER"].params["CN"] == "CoachHub"
    assert "ATTENDEE" not in event  # nobody may be asked to answer a published event


def test_it_takes_the_same_event_out_again() -> None:
    file = calendar_file(replace(COFFEE, sequence=3, is_cancelled=True))
    event, before = _read(file), _read(calendar_file(COFFEE))
    assert Calendar.from_ical(file)["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"
    assert (event["UID"], event["ORGANIZER"]) == (before["UID"], before["ORGANIZER"])
    assert event["SEQUENCE"] > before["SEQUENCE"]
    assert event["TRANSP"] == "TRANSPARENT"


def test_it_stamps_each_file_anew(clock: FixedClock) -> None:
    before = _read(calendar_file(COFFEE))
    clock.advance(timedelta(minutes=1))
    after = _read(calendar_file(replace(COFFEE, sequence=3)))
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_it_tells_a_second_library_the_same() -> None:
    calendar = vobject.readOne(calendar_file(COFFEE).decode())
    event = calendar.vevent
    assert (calendar.method.value, event.uid.value) == ("PUBLISH", "0197-meetup@localhost")
    assert (event.summary.value, event.location.value) == (COFFEE.title, COFFEE.place)
    assert (event.description.value, event.url.value) == (COFFEE.words, COFFEE.address)
    assert event.dtstart.value == COFFEE.starts_at
    assert (event.sequence.value, event.status.value) == ("2", "CONFIRMED")
    calendar.validate(raiseException=True)


def test_it_rings_only_where_it_is_asked_to() -> None:
    event = _read(calendar_file(replace(COFFEE, alert=timedelta(0), is_busy=False)))
    [alarm] = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt, alarm["DESCRIPTION"]) == ("DISPLAY", timedelta(0), COFFEE.title)
    assert event["TRANSP"] == "TRANSPARENT"


def test_it_leaves_out_what_is_empty() -> None:
    event = _read(calendar_file(replace(COFFEE, place=" ", words="", address="")))
    assert not {"LOCATION", "DESCRIPTION", "URL"} & set(event)


def test_it_names_the_method_in_the_content_type_too() -> None:
    assert content_type() == "text/calendar; charset=utf-8; method=PUBLISH"
    assert content_type(is_cancelled=True).endswith("method=CANCEL")


@pytest.mark.parametrize(
    "mail_from", ['"Ana; “the” \\"coach\\"" <ana@us.example>', "مدربة <ana@us.example>", "a@b.example"]
)
def test_it_keeps_any_name_of_the_sender_apart_from_the_address(mail_from: str) -> None:
    usual = ports().settings
    ports().settings = usual.model_copy(update={"mail_from": mail_from})
    organizer = _read(calendar_file(COFFEE))["ORGANIZER"]
    ports().settings = usual
    assert organizer in ("mailto:ana@us.example", "mailto:a@b.example")
    assert ("CN" in organizer.params) == ("<" in mail_from)


@pytest.mark.parametrize(
    "text", ["مرحبا دان، قهوة؟", "☕️ with 👩‍👩‍👧 " * 12, 'a\\nb \\, ; : " ^n', "BEGIN:VALARM\r\nEND:VEVENT", "x" * 500]
)
def test_it_keeps_difficult_texts(text: str) -> None:
    file = calendar_file(replace(COFFEE, title=text, place=text, words=text))
    event, second = _read(file), vobject.readOne(file.decode()).vevent
    assert event["SUMMARY"] == second.summary.value == one_line(text)
    assert event["LOCATION"] == second.location.value == one_line(text)
    assert event["DESCRIPTION"] == second.description.value == text.replace("\r\n", "\n").strip()


@given(texts, texts, texts)
def test_it_brings_any_text_through(title: str, place: str, words: str) -> None:
    file = calendar_file(replace(COFFEE, title=title, place=place, words=words))
    event = _read(file)
    assert event["SUMMARY"] == one_line(title)
    assert event.get("LOCATION", "") == one_line(place)
    written = "".join(event.get("DESCRIPTION", "").split())
    assert (
        written == "".join(vobject.readOne(file.decode()).vevent.contents["description"][0].value.split())
        if written
        else True
    )
    kept = [letter for letter in words if letter.isprintable()]
    assert [letter for letter in written if letter.isprintable()] == [letter for letter in kept if not letter.isspace()]


@given(texts)
def test_it_folds_lines_at_75_bytes_that_end_with_crlf(text: str) -> None:
    file = calendar_file(replace(COFFEE, title=text, words=text))
    lines = file.split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()  # no letter is torn in two


@given(instants, st.integers(1, 1440), st.integers(0, 2**31 - 1))
def test_it_keeps_every_instant_and_every_sequence(starts_at: datetime, minutes: int, sequence: int) -> None:
    file = calendar_file(
        replace(COFFEE, starts_at=starts_at.replace(microsecond=0), minutes=minutes, sequence=sequence)
    )
    event, second = _read(file), vobject.readOne(file.decode()).vevent
    assert event["DTSTART"].dt == second.dtstart.value == starts_at.replace(microsecond=0)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=minutes)
    assert event["SEQUENCE"] == int(second.sequence.value) == sequence
