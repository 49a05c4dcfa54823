"""A coach's week, and days that are different."""

from datetime import date, timedelta

import pytest

from coachhub.booking.rules.day_ranges import DayRange
from coachhub.booking.service.availability import HoursClash, Week, WeekEntry, keep_week, weekly_hours
from coachhub.booking.service.other_days import (
    DaysClash,
    OtherDaysEntry,
    add_other_days,
    other_days,
    other_days_of,
    remove_other_days,
)
from coachhub.booking.service.profiles import coach_profile
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound
from tests.booking.office import working
from tests.cast import Cast

MORNING, AFTERNOON, ALL_DAY = DayRange(540, 720), DayRange(780, 1020), DayRange(0, 1440)
MAY = date(2026, 5, 1)


def _week(monday: tuple[DayRange, ...]) -> WeekEntry:
    week: Week = (monday, (), (), (), (), (), (ALL_DAY,))
    return WeekEntry("America/Vancouver", 4, week)


def _days(first: date, last: date, *hours: DayRange) -> OtherDaysEntry:
    return OtherDaysEntry(first, last, hours, "")


def test_it_keeps_several_ranges_a_day_and_a_day_to_its_end(cast: Cast) -> None:
    with working(cast):
        keep_week(cast.ana.user_id, _week((AFTERNOON, MORNING)))
        week = weekly_hours(cast.ana.user_id)
        assert (week[0], week[1], week[6]) == ((MORNING, AFTERNOON), (), (ALL_DAY,))
        profile = coach_profile(cast.ana.user_id)
        assert (profile.time_zone, profile.daily_limit) == ("America/Vancouver", 4)


def test_it_replaces_the_whole_week(cast: Cast) -> None:
    with working(cast):
        for week in (_week((MORNING,)), _week((AFTERNOON,)), _week((AFTERNOON,))):
            keep_week(cast.ana.user_id, week)
        assert weekly_hours(cast.ana.user_id)[0] == (AFTERNOON,)


def test_it_keeps_an_empty_week(cast: Cast) -> None:
    with working(cast):
        keep_week(cast.ana.user_id, WeekEntry("UTC", None, ((),) * 7))
        assert weekly_hours(cast.ana.user_id) == ((),) * 7


@pytest.mark.parametrize("wrong", [(MORNING, DayRange(700, 800)), (DayRange(720, 540),), (DayRange(540, 1500),)])
def test_it_refuses_ranges_that_overlap_or_end_before_they_begin(cast: Cast, wrong: tuple[DayRange, ...]) -> None:
    with working(cast), pytest.raises(HoursClash):
        keep_week(cast.ana.user_id, _week(wrong))


def test_it_joins_ranges_that_touch_when_it_keeps_them(cast: Cast) -> None:
    with working(cast):
        keep_week(cast.ana.user_id, _week((MORNING, DayRange(720, 780))))
        assert weekly_hours(cast.ana.user_id)[0] == (DayRange(540, 780),)


def test_it_keeps_holidays_and_days_with_other_hours(cast: Cast) -> None:
    with working(cast):
        add_other_days(cast.ana.user_id, _days(MAY, MAY + timedelta(days=9)))
        add_other_days(cast.ana.user_id, _days(date(2026, 4, 4), date(2026, 4, 4), AFTERNOON, MORNING))
        days = other_days(cast.ana.user_id)
        assert [(each.first_day.isoformat(), each.hours) for each in days] == [
            ("2026-04-04", (MORNING, AFTERNOON)),
            ("2026-05-01", ()),
        ]


def test_it_takes_the_same_days_again_for_a_second_click(cast: Cast) -> None:
    with working(cast):
        for _click in range(2):
            add_other_days(cast.ana.user_id, _days(MAY, MAY, MORNING, AFTERNOON))
        assert len(other_days(cast.ana.user_id)) == 1


def test_it_refuses_a_day_that_is_different_already(cast: Cast) -> None:
    with working(cast):
        add_other_days(cast.ana.user_id, _days(MAY, MAY + timedelta(days=3)))
        with pytest.raises(DaysClash):
            add_other_days(cast.ana.user_id, _days(MAY + timedelta(days=3), MAY + timedelta(days=5), MORNING))


def test_it_lets_two_coaches_be_away_on_one_day(cast: Cast) -> None:
    for person in (cast.ana, cast.cleo):
        with working(cast, person):
            add_other_days(person.user_id, _days(MAY, MAY))
            assert len(other_days(person.user_id)) == 1


def test_it_removes_all_hours_of_such_a_day(cast: Cast) -> None:
    with working(cast):
        add_other_days(cast.ana.user_id, _days(MAY, MAY, MORNING, AFTERNOON))
        found = other_days(cast.ana.user_id)[0]
        assert other_days_of(found.id) == (cast.ana.user_id, found)
        remove_other_days(found.id)
        assert other_days(cast.ana.user_id) == ()


def test_it_lists_no_days_that_have_passed(cast: Cast, clock: FixedClock) -> None:
    with working(cast):
        add_other_days(cast.ana.user_id, _days(MAY, MAY))
        clock.advance(timedelta(days=90))
        assert other_days(cast.ana.user_id) == ()


def test_it_keeps_the_other_practice_out_of_hours_and_days(cast: Cast) -> None:
    with working(cast):
        add_other_days(cast.ana.user_id, _days(MAY, MAY))
        days_id = other_days(cast.ana.user_id)[0].id
    with working(cast, cast.cleo):
        with pytest.raises(NotFound):
            remove_other_days(days_id)
        with pytest.raises(NotFound):
            keep_week(cast.ana.user_id, _week((MORNING,)))
