"""The next free times out of a weekly grid, in every zone and over each change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules.free_times import AROUND, HORIZON_DAYS, NOTICE_DAYS, next_free_times
from coachhub.platform.local_time import local_day
from tests.properties import instants, zones

LONDON = ZoneInfo("Europe/London")
THURSDAY = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
LUNCH = [(day, time(12, 30)) for day in range(5)]
SLOTS = st.tuples(st.integers(0, 6), st.sampled_from([time(hour, minute) for hour in range(24) for minute in (0, 30)]))
GRIDS = st.sets(SLOTS, max_size=20)


def local(instants: tuple[datetime, ...], zone: ZoneInfo = LONDON) -> list[str]:
    return [f"{at.astimezone(zone):%a %d %b %H:%M}" for at in instants]


def test_it_takes_days_of_their_own_from_the_day_after_tomorrow_on() -> None:
    found = next_free_times(LUNCH, THURSDAY, LONDON)
    assert local(found) == ["Mon 09 Mar 12:30", "Wed 11 Mar 12:30", "Fri 13 Mar 12:30"]


def test_it_knows_no_times_without_a_grid() -> None:
    assert next_free_times([], THURSDAY, LONDON) == ()


def test_it_goes_on_week_by_week_where_the_week_has_one_hour() -> None:
    found = next_free_times([(3, time(17, 30))], THURSDAY, LONDON)
    assert local(found) == ["Thu 12 Mar 17:30", "Thu 19 Mar 17:30", "Thu 26 Mar 17:30"]


def test_it_takes_two_days_running_rather_than_none_for_weeks() -> None:
    found = next_free_times([(0, time(8)), (1, time(8))], THURSDAY, LONDON)
    assert local(found) == ["Mon 09 Mar 08:00", "Tue 10 Mar 08:00", "Mon 16 Mar 08:00"]


def test_it_varies_the_hour() -> None:
    grid = [(day, at) for day in range(7) for at in (time(12, 30), time(8), time(17, 30))]
    assert [words[-5:] for words in local(next_free_times(grid, THURSDAY, LONDON))] == ["08:00", "12:30", "17:30"]


@pytest.mark.parametrize(("begins", "is_free"), [(10, True), (11, False), (12, False), (13, False), (14, True)])
def test_it_keeps_an_hour_free_around_a_meetup(begins: int, is_free: bool) -> None:
    busy = datetime(2026, 3, 9, begins, 30, tzinfo=UTC)
    found = next_free_times(LUNCH, THURSDAY, LONDON, [(busy, busy + timedelta(hours=1))], count=1)
    assert (local_day(found[0], LONDON) == date(2026, 3, 9)) is is_free


def test_it_goes_on_after_an_instant() -> None:
    found = next_free_times(LUNCH, THURSDAY, LONDON, count=1, after=datetime(2026, 3, 9, 12, 30, tzinfo=UTC))
    assert local(found) == ["Tue 10 Mar 12:30"]


def test_it_skips_an_hour_that_the_clocks_leave_out() -> None:
    """In New York the clocks go from 2:00 to 3:00 on Sunday 8 March 2026."""
    zone = ZoneInfo("America/New_York")
    found = next_free_times([(6, time(2, 30))], THURSDAY, zone, count=1)
    assert local(found, zone) == ["Sun 15 Mar 02:30"]


def test_it_means_the_first_of_an_hour_that_comes_twice() -> None:
    zone = ZoneInfo("America/New_York")
    [found] = next_free_times([(6, time(1, 30))], datetime(2026, 10, 29, 12, tzinfo=UTC), zone, count=1)
    assert found == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@given(GRIDS, instants, zones, st.integers(0, 5), st.lists(instants, max_size=3))
def test_it_offers_only_what_the_grid_and_the_diary_allow(
    grid: set[tuple[int, time]], now: datetime, zone: ZoneInfo, count: int, meetups: list[datetime]
) -> None:
    busy = [(begin, begin + timedelta(hours=1)) for begin in meetups]
    found = next_free_times(grid, now, zone, busy, count)
    shown = [at.astimezone(zone) for at in found]
    days = [each.date() for each in shown]
    first, today = local_day(now, zone) + timedelta(days=NOTICE_DAYS), local_day(now, zone)
    assert len(found) <= count
    assert list(found) == sorted(found)
    assert len(set(days)) == len(days)
    assert all((each.weekday(), each.time()) in grid for each in shown)
    assert all(first <= day < today + timedelta(days=NOTICE_DAYS + HORIZON_DAYS) for day in days)
    assert not any(
        at < end + AROUND and at + timedelta(hours=1) > begin - AROUND for at in found for begin, end in busy
    )


@given(GRIDS, instants, zones)
def test_it_finds_the_same_whatever_the_order(grid: set[tuple[int, time]], now: datetime, zone: ZoneInfo) -> None:
    assert next_free_times(sorted(grid), now, zone) == next_free_times(sorted(grid, reverse=True), now, zone)
