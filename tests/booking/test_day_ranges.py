"""Ranges of a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.booking.rules.day_ranges import DayRange, do_share_a_day, joined, overlap_in

MINUTES = st.integers(0, 1440)
RANGES = st.lists(
    st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] < pair[1]).map(lambda p: DayRange(*p)), max_size=6
)


@pytest.mark.parametrize(
    ("begin", "end", "is_right"),
    [(540, 1020, True), (0, 1440, True), (540, 540, False), (1020, 540, False), (-1, 60, False), (1380, 1441, False)],
)
def test_it_knows_a_range_of_one_day(begin: int, end: int, is_right: bool) -> None:
    assert DayRange(begin, end).is_right is is_right


def test_it_finds_the_ranges_that_overlap() -> None:
    assert overlap_in([DayRange(780, 1020), DayRange(540, 800)]) == (DayRange(540, 800), DayRange(780, 1020))
    assert overlap_in([DayRange(540, 720), DayRange(720, 1020)]) is None
    assert overlap_in([]) is None


def test_it_joins_ranges_that_touch() -> None:
    assert joined([DayRange(720, 1020), DayRange(540, 720), DayRange(1080, 1440)]) == (
        DayRange(540, 1020),
        DayRange(1080, 1440),
    )


@given(RANGES)
def test_it_joins_to_the_same_minutes(ranges: list[DayRange]) -> None:
    def minutes(of: object) -> set[int]:
        return {minute for each in of for minute in range(each.from_minute, each.until_minute)}  # type: ignore[attr-defined]

    assert minutes(joined(ranges)) == minutes(ranges)
    assert overlap_in(joined(ranges)) is None


@given(st.integers(0, 30), st.integers(0, 9), st.integers(0, 30), st.integers(0, 9))
def test_it_knows_spans_of_days_that_share_one(first: int, length: int, second: int, other: int) -> None:
    day = date(2026, 3, 1)
    spans = [
        (day + timedelta(begin), day + timedelta(begin + days)) for begin, days in ((first, length), (second, other))
    ]
    shared = set(range(first, first + length + 1)) & set(range(second, second + other + 1))
    assert do_share_a_day(*spans) is bool(shared)
