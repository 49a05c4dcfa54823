"""The rule against a slow and obvious one that asks every minute: the same slots, whatever the zone, hours and days."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given, settings
from hypothesis import strategies as st

from coachhub.bench.minute_by_minute import slow_starts
from coachhub.booking.rules.days import by_day
from coachhub.booking.rules.hours import Hours
from coachhub.booking.rules.slots import Diary, Terms, free_starts
from coachhub.platform.local_time import local_day
from tests.booking.diaries import ANA, seconds
from tests.properties import CLOCK_CHANGES

DAY = 86_400
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
quarters = st.integers(0, 96).map(lambda quarter: quarter * 15)
ranges = st.tuples(quarters, quarters).filter(lambda pair: pair[0] < pair[1])
weekly = st.lists(st.tuples(st.integers(0, 6), ranges).map(lambda row: (row[0], *row[1])), max_size=12)
terms = st.builds(
    Terms,
    minutes=st.integers(5, 200),
    buffer_before=st.sampled_from([0, 0, 5, 45]),
    buffer_after=st.sampled_from([0, 0, 10, 60]),
    notice_minutes=st.sampled_from([0, 1, 720]),
    horizon_days=st.sampled_from([1, 2, 60]),
    step_minutes=st.integers(5, 200),
    daily_limit=st.sampled_from([None, None, 1, 3]),
)
days_of_two_years = st.integers(0, 730).map(lambda number: BEGIN + timedelta(days=number))
changes = st.sampled_from(CLOCK_CHANGES)
moments = st.tuples(st.one_of(days_of_two_years, changes), st.integers(-40 * 3600, 40 * 3600)).map(
    lambda pair: seconds(pair[0]) + pair[1]
)


@st.composite
def diaries(draw: st.DrawFn, moment: int) -> Diary:
    today = moment // DAY
    days = st.tuples(st.integers(today - 2, today + 2), st.integers(0, 2)).map(lambda pair: (pair[0], sum(pair)))
    dated = st.lists(st.tuples(days, st.one_of(st.just((None, None)), ranges)).map(lambda row: (*row[0], *row[1])))
    taken = st.tuples(st.integers(moment - DAY, moment + 2 * DAY), st.integers(1, 5 * 3600), st.booleans())
    bookings = draw(st.lists(taken, max_size=6))
    hours = Hours(draw(zones), draw(weekly), draw(st.one_of(st.just([]), dated)))
    busy = [(begin, begin + length) for begin, length, _ in bookings]
    begun = [(begin, is_own) for begin, _, is_own in bookings]
    return Diary(ANA, hours, busy, begun, draw(st.sampled_from([None, None, 2])))


@settings(max_examples=150)
@given(st.data(), moments, terms)
def test_it_finds_what_asking_every_minute_finds(data: st.DataObject, moment: int, asked: Terms) -> None:
    diary = data.draw(diaries(moment))
    first = moment + data.draw(st.integers(-DAY, DAY))
    last = first + data.draw(st.integers(0, 2 * DAY))
    fast = [start for start, _ in free_starts(asked, [diary], first, last, moment)]
    assert fast == slow_starts(asked, diary, first, last, moment)


@given(zones, moments, terms)
def test_it_never_offers_the_past_or_what_is_within_the_notice(zone: ZoneInfo, now: int, asked: Terms) -> None:
    always = Diary(ANA, Hours(zone, [(day, 0, 1440) for day in range(7)]))
    found = free_starts(asked, [always], now - DAY, now + DAY, now)
    assert all(start >= now + asked.notice_minutes * 60 for start, _ in found)


@given(zones, days_of_two_years, st.integers(5, 120))
@example(ZoneInfo("Antarctica/Troll"), datetime(2026, 10, 25, tzinfo=UTC), 90)
@example(ZoneInfo("Australia/Lord_Howe"), datetime(2026, 4, 4, 12, tzinfo=UTC), 60)
def test_it_never_offers_two_that_overlap_where_the_step_is_the_length(
    zone: ZoneInfo, day: datetime, minutes: int
) -> None:
    waking = Diary(ANA, Hours(zone, [(day, 0, 1430) for day in range(7)]))
    found = free_starts(
        Terms(minutes, step_minutes=minutes), [waking], seconds(day), seconds(day) + 3 * DAY, seconds(day)
    )
    starts = [start for start, _ in found]
    assert all(later - start >= minutes * 60 for start, later in pairwise(starts))


@given(zones, moments, moments)
def test_it_finds_the_same_slots_however_the_time_is_cut(zone: ZoneInfo, now: int, cut: int) -> None:
    hours = Hours(zone, [(day, 30, 1440) for day in range(7)])
    first, last = now, now + 3 * DAY
    middle = first + cut % (3 * DAY)
    asked, diary = Terms(50, step_minutes=35), [Diary(ANA, hours)]
    parts = [free_starts(asked, diary, *part, now) for part in ((first, middle), (middle, last))]
    assert parts[0] + parts[1] == free_starts(asked, diary, first, last, now)


@given(zones, days_of_two_years, st.integers(5, 90))
def test_it_puts_each_slot_under_the_day_that_the_readers_clock_shows(
    zone: ZoneInfo, begin: datetime, minutes: int
) -> None:
    starts = [begin + timedelta(minutes=minutes * number) for number in range(200)]
    days = by_day([int(at.timestamp()) for at in starts], zone)
    assert [(day, start) for day, found in days.items() for start in found] == [
        (local_day(at, zone), int(at.timestamp())) for at in starts
    ]
