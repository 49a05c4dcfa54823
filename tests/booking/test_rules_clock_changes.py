"""Slots on the days on which clocks change: the coach's clock on the wall says when, the instants are the true ones."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from coachhub.booking.rules.slots import Terms, free_starts
from tests.booking.diaries import AN_HOUR, diary, seconds, shown, starts_on

VANCOUVER, LONDON = ZoneInfo("America/Vancouver"), ZoneInfo("Europe/London")
SYDNEY, LORD_HOWE = ZoneInfo("Australia/Sydney"), ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")
HALF_AN_HOUR = Terms(30, step_minutes=30)

FORWARD = [
    (VANCOUVER, date(2026, 3, 8), "00:00 01:00 03:00 04:00"),
    (LONDON, date(2026, 3, 29), "00:00 02:00 03:00 04:00"),
    (SYDNEY, date(2026, 10, 4), "00:00 01:00 03:00 04:00"),
    (APIA, date(2020, 9, 27), "00:00 01:00 02:00 04:00"),
]
BACK = [
    (VANCOUVER, date(2025, 11, 2), "00:00 01:00 01:00 02:00 03:00 04:00"),
    (LONDON, date(2026, 10, 25), "00:00 01:00 01:00 02:00 03:00 04:00"),
    (SYDNEY, date(2026, 4, 5), "00:00 01:00 02:00 02:00 03:00 04:00"),
    (APIA, date(2021, 4, 4), "00:00 01:00 02:00 03:00 03:00 04:00"),
]


@pytest.mark.parametrize(("zone", "day", "slots"), [*FORWARD, *BACK])
def test_it_works_through_the_night_in_which_clocks_change(zone: ZoneInfo, day: date, slots: str) -> None:
    night = diary(zone, (0, 5))
    assert shown(day, AN_HOUR, night) == slots
    instants = [at.astimezone(UTC) for at in starts_on(day, AN_HOUR, night)]
    assert all(later - earlier == timedelta(hours=1) for earlier, later in pairwise(instants))


@pytest.mark.parametrize(("zone", "day", "slots"), [*FORWARD, *BACK])
def test_it_keeps_the_hour_on_the_wall_when_the_night_before_was_longer_or_shorter(
    zone: ZoneInfo, day: date, slots: str
) -> None:
    for number in (-1, 0, 1):
        assert shown(day + timedelta(days=number), AN_HOUR, diary(zone, (9, 12))) == "09:00 10:00 11:00"


@pytest.mark.parametrize(
    ("day", "hour_in_utc"),
    [
        (date(2026, 3, 7), 17),
        (date(2026, 3, 8), 16),
        (date(2026, 10, 31), 16),
        (date(2026, 11, 1), 16),
        (date(2026, 11, 2), 16),
        (date(2027, 1, 15), 16),
        (date(2027, 3, 14), 16),
        (date(2027, 11, 7), 16),
    ],
)
def test_it_lets_vancouver_keep_its_summer_for_good(day: date, hour_in_utc: int) -> None:
    """British Columbia does not set its clocks back on 1 November 2026 any more: so the pinned tzdata has it."""
    nine = starts_on(day, AN_HOUR, diary(VANCOUVER, (9, 10)))
    assert nine == [datetime(day.year, day.month, day.day, hour_in_utc, tzinfo=UTC)]


def test_it_has_an_ordinary_night_in_vancouver_on_the_first_of_november_2026() -> None:
    assert shown(date(2026, 11, 1), AN_HOUR, diary(VANCOUVER, (0, 5))) == "00:00 01:00 02:00 03:00 04:00"


def test_it_changes_lord_howe_by_half_an_hour() -> None:
    night = diary(LORD_HOWE, (0, 4))
    assert shown(date(2026, 10, 4), HALF_AN_HOUR, night) == "00:00 00:30 01:00 01:30 02:30 03:00 03:30"
    assert shown(date(2026, 4, 5), HALF_AN_HOUR, night) == "00:00 00:30 01:00 01:30 01:30 02:00 02:30 03:00 03:30"


def test_it_counts_a_doubled_time_once_where_the_slots_would_overlap() -> None:
    night = diary(LORD_HOWE, (0.5, 4))
    assert shown(date(2026, 4, 5), AN_HOUR, night) == "00:30 01:30 02:30"
    long = Terms(90, step_minutes=90)
    assert shown(date(2026, 10, 25), long, diary(LONDON, (0, 6))) == "00:00 01:30 03:00 04:30"


def test_it_never_brings_starts_closer_than_a_step() -> None:
    """Going back, 01:50 is ten minutes before 01:00; going forward, 00:45 is half an hour before 02:15."""
    often = Terms(25, step_minutes=25)
    back = starts_on(date(2026, 10, 25), often, diary(LONDON, (1, 3)))
    forward = starts_on(date(2026, 3, 29), Terms(45, step_minutes=45), diary(LONDON, (0, 6)))
    for found, step in ((back, 25), (forward, 45)):
        assert min(seconds(later) - seconds(at) for at, later in pairwise(found)) >= step * 60
    assert f"{forward[1]:%H:%M}" == "00:45"
    assert f"{forward[2]:%H:%M}" == "03:00"


def test_it_gives_a_range_over_the_change_its_true_length() -> None:
    four_hours = Terms(240, step_minutes=240)
    assert shown(date(2026, 3, 29), four_hours, diary(LONDON, (0, 4))) == ""
    assert shown(date(2026, 3, 29), replace(four_hours, minutes=180), diary(LONDON, (0, 4))) == "00:00"
    assert shown(date(2026, 10, 25), replace(four_hours, minutes=300), diary(LONDON, (0, 4))) == "00:00"


def test_it_has_no_slot_in_hours_that_never_come() -> None:
    assert shown(date(2026, 3, 29), HALF_AN_HOUR, diary(LONDON, (1, 2))) == ""
    beirut = diary(ZoneInfo("Asia/Beirut"), (0, 2))
    assert shown(date(2026, 3, 29), HALF_AN_HOUR, beirut) == "01:00 01:30"


def test_it_leaves_out_the_day_that_apia_left_out() -> None:
    first, last = datetime(2011, 12, 28, 10, tzinfo=UTC), datetime(2012, 1, 1, 10, tzinfo=UTC)
    found = free_starts(AN_HOUR, [diary(APIA, (9, 10))], seconds(first), seconds(last), seconds(first))
    local = [f"{datetime.fromtimestamp(start, APIA):%d. %H:%M}" for start, _ in found]
    assert local == ["28. 09:00", "29. 09:00", "31. 09:00", "01. 09:00"]


def test_it_lets_a_slot_run_over_midnight_in_which_clocks_change() -> None:
    havana = diary(ZoneInfo("America/Havana"), (0, 2), (23.5, 24))
    assert shown(date(2025, 11, 1), AN_HOUR, havana) == "00:00 01:00 23:30"
    assert shown(date(2025, 11, 2), AN_HOUR, havana) == "00:00 00:00 01:00 23:30"
