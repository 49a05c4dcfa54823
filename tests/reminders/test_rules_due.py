"""When reminders are due, in the recipient's local time, and never at night."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coachhub.habits.rules import Month
from coachhub.reminders.rules import (
    QuietHours,
    after_meetup_due,
    after_quiet_hours,
    in_quiet_hours,
    is_stale,
    new_month_due,
    wait_before_trying_again,
)
from coachhub.reminders.rules.due import first_working_day
from tests.properties import instants, zones

BERLIN, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
months = st.builds(Month, st.integers(1990, 2037), st.integers(1, 12))
nights = st.tuples(st.integers(18, 23), st.integers(0, 59), st.integers(0, 10), st.integers(0, 59)).map(
    lambda night: (time(night[0], night[1]), time(night[2], night[3]))
)


@given(month=months)
def test_it_finds_the_first_working_day(month: Month) -> None:
    found = first_working_day(month.first_day())
    assert found.strftime("%a") not in ("Sat", "Sun")
    skipped = [month.first_day() + timedelta(days=n) for n in range((found - month.first_day()).days)]
    assert all(day.strftime("%a") in ("Sat", "Sun") for day in skipped)


@pytest.mark.parametrize(("month", "day"), [(Month(2026, 12), 1), (Month(2026, 11), 2), (Month(2026, 8), 3)])
def test_it_skips_a_weekend_at_the_months_beginning(month: Month, day: int) -> None:
    assert first_working_day(month.first_day()).day == day


@given(month=months, zone=zones)
def test_it_announces_a_new_month_at_nine_in_the_morning_inside_it(month: Month, zone: ZoneInfo) -> None:
    due = new_month_due(month, zone)
    assert due.astimezone(zone).time() == time(9)
    assert month.starts_at(zone) <= due < month.starts_at(zone) + timedelta(days=4)


def test_it_announces_december_2026_when_ben_sits_down_to_work() -> None:
    assert new_month_due(Month(2026, 12), BERLIN) == datetime(2026, 12, 1, 8, tzinfo=UTC)


@given(starts_at=instants, zone=zones)
@example(starts_at=datetime(2011, 12, 29, 22, tzinfo=UTC), zone=APIA)
def test_it_asks_at_nine_on_the_day_after_a_meetup(starts_at: datetime, zone: ZoneInfo) -> None:
    due = after_meetup_due(starts_at, zone).astimezone(zone)
    assert due.time() == time(9)
    assert due > starts_at
    left_out = zone is APIA and due.date() == date(2011, 12, 31)
    assert (due.date() - starts_at.astimezone(zone).date()).days == (2 if left_out else 1)


def test_it_asks_the_next_morning_also_after_a_late_evening() -> None:
    late = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)
    assert after_meetup_due(late, BERLIN) == datetime(2026, 10, 25, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "is_quiet"),
    [(time(19, 59), False), (time(20), True), (time(0), True), (time(7, 59, 59), True), (time(8), False)],
)
def test_it_is_quiet_from_eight_to_eight(at: time, is_quiet: bool) -> None:
    instant = datetime.combine(date(2026, 11, 23), at, tzinfo=BERLIN)
    assert in_quiet_hours(instant, BERLIN) is is_quiet


def test_it_is_quiet_as_the_practice_says() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=BERLIN)
    assert in_quiet_hours(noon, BERLIN, QuietHours(time(11), time(13)))
    assert not in_quiet_hours(noon, BERLIN, QuietHours(time(12), time(12)))


@given(instant=instants, zone=zones, night=nights)
def test_it_waits_for_the_end_of_the_night_and_no_longer(
    instant: datetime, zone: ZoneInfo, night: tuple[time, time]
) -> None:
    quiet = QuietHours(*night)
    out = after_quiet_hours(instant, zone, quiet)
    assert out >= instant
    assert not in_quiet_hours(out, zone, quiet)
    assert (out == instant) == (not in_quiet_hours(instant, zone, quiet))
    assert out - instant <= timedelta(hours=18)


@given(instant=instants, zone=zones)
def test_it_stays_quiet_all_the_while_it_waits(instant: datetime, zone: ZoneInfo) -> None:
    out = after_quiet_hours(instant, zone)
    steps = int((out - instant) / timedelta(minutes=15))
    assert all(in_quiet_hours(instant + timedelta(minutes=15) * n, zone) for n in range(steps))


def test_it_waits_for_the_second_end_where_it_comes_twice() -> None:
    back = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # the second 02:10 in Berlin
    assert after_quiet_hours(back, BERLIN, QuietHours(time(20), time(2, 30))) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


@given(instant=instants, zone=zones)
def test_it_never_sends_what_is_due_at_nine_in_the_night(instant: datetime, zone: ZoneInfo) -> None:
    for due in (after_meetup_due(instant, zone), new_month_due(Month.local(instant, zone), zone)):
        assert after_quiet_hours(due, zone) == due


def test_it_lets_the_past_rest_after_the_grace() -> None:
    due, grace = datetime(2026, 12, 1, 8, tzinfo=UTC), timedelta(days=2)
    assert not is_stale(due, due - timedelta(days=9), grace)
    assert not is_stale(due, due + grace, grace)
    assert is_stale(due, due + grace + timedelta(seconds=1), grace)


def test_it_lets_a_busy_provider_rest_longer_each_time_up_to_an_hour() -> None:
    waits = [wait_before_trying_again(attempts, spread=0) for attempts in range(1, 12)]
    assert [wait / timedelta(minutes=1) for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]


@given(attempts=st.integers(1, 500), spread=st.floats(0, 1))
def test_it_spreads_tries_by_a_quarter_at_most(attempts: int, spread: float) -> None:
    plain, spread_out = wait_before_trying_again(attempts, 0), wait_before_trying_again(attempts, spread)
    assert plain <= spread_out <= plain * 1.25
