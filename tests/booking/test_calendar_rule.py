"""How a coach's days lie on a page."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.booking.rules.calendar_days import Lane, days_of_week, hours_shown, lanes_of, minutes_on
from tests.properties import instants, zones

LONDON = ZoneInfo("Europe/London")
DAY = date(2026, 3, 9)
spans = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 12)).map(lambda s: (s[0] * 15, (s[0] + s[1]) * 15)))


def _at(hour: int, minute: int = 0, day: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(("first_weekday", "begins"), [(0, date(2026, 3, 9)), (6, date(2026, 3, 8))])
def test_it_begins_a_week_where_the_readers_weeks_begin(first_weekday: int, begins: date) -> None:
    week = days_of_week(date(2026, 3, 12), first_weekday)
    assert (week[0], len(week), week[6]) == (begins, 7, begins + timedelta(days=6))


def test_it_places_a_thing_by_the_readers_clock_to_the_quarter() -> None:
    assert minutes_on(DAY, _at(10), _at(10, 50), LONDON) == (600, 645)
    assert minutes_on(DAY, _at(10, 50), _at(11, 40), LONDON) == (645, 705)
    assert minutes_on(DAY, _at(10), _at(10, 5), ZoneInfo("America/New_York")) == (360, 375)


def test_it_shows_of_what_goes_over_midnight_the_part_of_the_day() -> None:
    assert minutes_on(DAY, _at(23, 30, day=8), _at(1), LONDON) == (0, 60)
    assert minutes_on(DAY, _at(23, 30), _at(1, day=10), LONDON) == (1410, 1440)
    assert minutes_on(DAY, _at(22, day=8), _at(0), LONDON) is None


@given(begin=instants, minutes=st.integers(1, 3000), zone=zones)
def test_it_stays_within_the_day_on_all_clocks(begin: datetime, minutes: int, zone: ZoneInfo) -> None:
    day = begin.astimezone(zone).date()
    found = minutes_on(day, begin, begin + timedelta(minutes=minutes), zone)
    assert found is not None
    assert 0 <= found[0] < found[1] <= 1440


def test_it_shows_office_hours_and_whatever_is_outside() -> None:
    assert hours_shown([]) == range(8, 18)
    assert hours_shown([(6 * 60 + 45, 8 * 60), (20 * 60, 20 * 60 + 15)]) == range(6, 21)


def test_it_lays_side_by_side_only_what_overlaps() -> None:
    assert lanes_of([(600, 660), (660, 720)]) == [Lane(0, 1), Lane(0, 1)]
    assert lanes_of([(600, 660), (630, 690), (660, 720)]) == [Lane(0, 2), Lane(1, 2), Lane(0, 2)]


@given(drawn=spans)
def test_it_never_lays_two_over_each_other_while_there_is_room(drawn: list[tuple[int, int]]) -> None:
    lanes = lanes_of(drawn)
    assert len(lanes) == len(drawn)
    for one, (span, lane) in enumerate(zip(drawn, lanes, strict=True)):
        assert 0 <= lane.number < lane.of <= 4
        for other, another in zip(drawn[:one], lanes, strict=False):
            overlap = span[0] < other[1] and other[0] < span[1]
            assert not overlap or lane.of == 4 or lane.number != another.number
