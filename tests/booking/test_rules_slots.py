"""Which slots are free: the rules of product.md, each by its name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from coachhub.booking.rules.hours import Hours
from coachhub.booking.rules.slots import Diary, Terms, free_starts
from tests.booking.diaries import AN_HOUR, ANA, BEA, LONDON, busy, day_number, diary, hours, seconds, shown

MONDAY = date(2026, 1, 12)
TUESDAY = date(2026, 1, 13)
NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
MORNING = diary(LONDON, (9, 12))


def on_tuesday(number: int) -> tuple[int, int]:
    return day_number(TUESDAY), day_number(TUESDAY) + number - 1


def test_it_offers_what_lies_in_the_weekly_hours() -> None:
    week = Diary(ANA, Hours(LONDON, [(0, 9 * 60, 11 * 60), (0, 14 * 60, 15 * 60), (1, 600, 690)]))
    assert shown(MONDAY, AN_HOUR, week) == "09:00 10:00 14:00"
    assert shown(TUESDAY, AN_HOUR, week) == "10:00"
    assert shown(date(2026, 1, 14), AN_HOUR, week) == ""


def test_it_begins_each_step_from_the_beginning_of_a_range() -> None:
    assert shown(MONDAY, replace(AN_HOUR, step_minutes=45), diary(LONDON, (9.25, 12))) == "09:15 10:00 10:45"


def test_it_joins_ranges_that_touch_or_overlap() -> None:
    touching, overlapping = diary(LONDON, (9, 10.5), (10.5, 12)), diary(LONDON, (9, 11), (10, 12))
    assert shown(MONDAY, AN_HOUR, touching) == shown(MONDAY, AN_HOUR, overlapping) == "09:00 10:00 11:00"


def test_it_works_until_the_end_of_the_day_and_over_midnight() -> None:
    assert shown(MONDAY, AN_HOUR, diary(LONDON, (22, 24))) == "22:00 23:00"
    late = Diary(ANA, Hours(LONDON, [(0, 22 * 60 + 30, 1440), (1, 0, 60)]))
    assert shown(MONDAY, AN_HOUR, late) == "22:30 23:30"
    assert shown(TUESDAY, AN_HOUR, late) == "00:00"


def test_it_puts_dated_hours_in_the_place_of_the_week() -> None:
    day = (day_number(TUESDAY), day_number(TUESDAY))
    other = Diary(ANA, hours(LONDON, (9, 12), dated=[(*day, 14 * 60, 15 * 60), (*day, 18 * 60, 19 * 60)]))
    assert shown(MONDAY, AN_HOUR, other) == "09:00 10:00 11:00"
    assert shown(TUESDAY, AN_HOUR, other) == "14:00 18:00"


def test_it_offers_nothing_on_a_holiday_whatever_else_is_said_of_the_day() -> None:
    dated = [(*on_tuesday(3), None, None), (*on_tuesday(1), 600, 660)]
    away = Diary(ANA, hours(LONDON, (9, 12), dated=dated))
    worked = [shown(TUESDAY + timedelta(days=number), AN_HOUR, away) != "" for number in range(-1, 4)]
    assert worked == [True, False, False, False, True]


def test_it_leaves_alone_what_is_taken_and_may_touch_it() -> None:
    assert shown(MONDAY, AN_HOUR, busy(MORNING, NOON.replace(hour=10))) == "09:00 11:00"
    assert shown(MONDAY, AN_HOUR, busy(MORNING, NOON.replace(hour=10, minute=59), 2)) == "09:00"


def test_it_keeps_its_own_buffers_free_of_what_is_taken() -> None:
    taken = busy(diary(LONDON, (9, 14)), NOON.replace(hour=11))
    assert shown(MONDAY, replace(AN_HOUR, buffer_before=1), taken) == "09:00 10:00 13:00"
    assert shown(MONDAY, replace(AN_HOUR, buffer_after=1), taken) == "09:00 12:00 13:00"


def test_it_lets_buffers_reach_out_of_the_hours() -> None:
    assert shown(MONDAY, replace(AN_HOUR, buffer_before=90, buffer_after=90), MORNING) == "09:00 10:00 11:00"


def test_it_offers_nothing_in_the_past_or_within_the_notice() -> None:
    late = NOON.replace(hour=9, second=1)
    assert shown(MONDAY, AN_HOUR, MORNING, now=NOON.replace(hour=9)) == "09:00 10:00 11:00"
    assert shown(MONDAY, AN_HOUR, MORNING, now=late) == "10:00 11:00"
    assert shown(MONDAY, replace(AN_HOUR, notice_minutes=90), MORNING, now=late) == "11:00"
    assert shown(MONDAY, AN_HOUR, MORNING, now=NOON) == ""


def test_it_offers_the_whole_last_day_of_the_horizon_and_none_later() -> None:
    near = replace(AN_HOUR, horizon_days=1)
    assert shown(TUESDAY, near, MORNING, now=NOON.replace(hour=1)) == "09:00 10:00 11:00"
    assert shown(TUESDAY + timedelta(days=1), near, MORNING, now=NOON.replace(hour=23)) == ""


def test_it_closes_a_day_that_has_its_number_of_bookings() -> None:
    twice = busy(busy(MORNING, NOON.replace(hour=9)), NOON.replace(hour=10))
    assert shown(MONDAY, AN_HOUR, replace(twice, daily_limit=3)) == "11:00"
    assert shown(MONDAY, AN_HOUR, replace(twice, daily_limit=2)) == ""
    assert shown(TUESDAY, AN_HOUR, replace(twice, daily_limit=2)) == "09:00 10:00 11:00"


def test_it_counts_only_bookings_of_the_offering_for_its_own_limit() -> None:
    one = busy(MORNING, NOON.replace(hour=9))
    other = replace(one, begun=[(start, False) for start, _ in one.begun])
    assert shown(MONDAY, replace(AN_HOUR, daily_limit=1), one) == ""
    assert shown(MONDAY, replace(AN_HOUR, daily_limit=1), other) == "10:00 11:00"


def test_it_counts_a_day_by_the_clock_of_the_coach() -> None:
    """Half past eleven in the evening in London, the day before: in Sydney it is the next morning already."""

    sydney = busy(diary(ZoneInfo("Australia/Sydney"), (9, 12)), datetime(2026, 1, 11, 23, 30, tzinfo=UTC))
    assert shown(MONDAY, replace(AN_HOUR, daily_limit=1), sydney) == ""
    assert shown(date(2026, 1, 11), replace(AN_HOUR, daily_limit=1), sydney) != ""


def test_it_offers_any_free_coach_the_least_busy_of_the_day_first() -> None:
    ana = busy(diary(LONDON, (9, 12)), NOON.replace(hour=9))
    bea = diary(LONDON, (9, 11), coach_id=BEA)
    day = seconds(NOON.replace(hour=0)), seconds(NOON.replace(hour=23))
    found = free_starts(AN_HOUR, [ana, bea], *day, day[0])
    assert [coaches for _, coaches in found] == [(BEA,), (BEA, ANA), (ANA,)]


def test_it_keeps_the_order_of_coaches_who_are_equally_busy() -> None:
    both = [diary(LONDON, (9, 10)), diary(LONDON, (9, 10), coach_id=BEA)]
    day = seconds(NOON.replace(hour=0)), seconds(NOON.replace(hour=23))
    assert free_starts(AN_HOUR, both, *day, day[0])[0][1] == (ANA, BEA)
    assert free_starts(AN_HOUR, both[::-1], *day, day[0])[0][1] == (BEA, ANA)


def test_it_offers_nothing_where_nobody_has_hours_or_time_runs_backwards() -> None:
    assert shown(MONDAY, AN_HOUR, Diary(ANA, Hours(LONDON, []))) == ""
    assert free_starts(AN_HOUR, [MORNING], seconds(NOON), seconds(NOON) - 60, 0) == []
    assert free_starts(Terms(60), [], seconds(NOON), seconds(NOON) + 60, 0) == []
