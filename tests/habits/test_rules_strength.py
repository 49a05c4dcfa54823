"""Habit strength, streak, the hour: what the months add up to."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coachhub.habits.rules import (
    CycleResult,
    Hours,
    Month,
    MonthResult,
    Streak,
    shown_strength,
    streak,
    strength,
    strength_series,
    the_hour,
    the_year,
)

D, M, P = CycleResult.DONE, CycleResult.MISSED, CycleResult.PAUSED
CARRIED, CURRENT = CycleResult.CARRIED, CycleResult.CURRENT
FIRST = Month(2025, 1)
histories = st.lists(st.sampled_from([D, D, D, M, P, CARRIED]), max_size=40)


def months(*results: CycleResult) -> list[MonthResult]:
    return [MonthResult(FIRST.plus(n), result) for n, result in enumerate(results)]


def slow_strength(results: list[CycleResult]) -> float:
    """Each done month gives a quarter, and keeps three quarters of it at each month counted after it."""
    counted = [result for result in results if result in (D, M)]
    return sum(0.25 * 0.75 ** (len(counted) - 1 - n) for n, result in enumerate(counted) if result is D)


def slow_streak(history: list[MonthResult]) -> Streak:
    """Try every row that ends now, longest first, and look at every six of its months."""
    counted = [past for past in history if past.result in (D, M)]
    for begin in range(len(counted) + 1):
        row = [past.result for past in counted[begin:]]
        if all(row[n : n + 6].count(M) <= 1 for n in range(len(row))):
            done = [past.month for past in counted[begin:] if past.result is D]
            missed = [past.month for past in counted[begin:] if past.result is M]
            return Streak(len(done), tuple(month for month in missed if done and month > done[0]))
    raise AssertionError("the empty row is always one")


@given(results=histories)
def test_it_adds_up_to_the_published_formula(results: list[CycleResult]) -> None:
    assert strength(results) == pytest.approx(slow_strength(results))
    assert strength_series(results) == tuple(
        pytest.approx(slow_strength(results[: n + 1])) for n in range(len(results))
    )


def test_it_starts_at_nought_and_gains_a_quarter() -> None:
    assert strength([]) == 0.0
    assert strength_series([D, D, M]) == (0.25, 0.4375, 0.328125)


@given(results=histories)
def test_it_is_shown_from_0_to_100(results: list[CycleResult]) -> None:
    assert 0 <= shown_strength(strength(results)) <= 100
    assert shown_strength(strength([D] * 40)) == 100


@given(results=histories.filter(lambda results: D in results))
def test_it_bends_and_never_falls_to_nought_for_one_bad_month(results: list[CycleResult]) -> None:
    before, after = strength(results), strength([*results, M])
    assert 0 < after < before
    assert strength([*results, M, D]) > after


@given(before=histories, after=histories, unchanged=st.sampled_from([P, CARRIED, CURRENT]))
def test_it_is_unchanged_by_a_month_paused_carried_or_running(
    before: list[CycleResult], after: list[CycleResult], unchanged: CycleResult
) -> None:
    assert strength([*before, unchanged, *after]) == strength([*before, *after])


@given(results=histories, now=st.sampled_from([D, M, CURRENT]))
@example(results=[D, M, D, D, D, D, D, M], now=D)
@example(results=[M, D, D, M, M, D], now=CURRENT)
def test_it_finds_the_longest_row_in_which_any_six_months_hold_one_miss(
    results: list[CycleResult], now: CycleResult
) -> None:
    history = months(*results, now)
    assert streak(history) == slow_streak(history)


def test_it_bridges_one_missed_month_and_shows_the_bridge() -> None:
    assert streak(months(D, D, M, D)) == Streak(3, (FIRST.plus(2),))


def test_it_breaks_at_the_second_miss_in_six_months() -> None:
    assert streak(months(D, D, M, D, D, D, D, M, D)) == Streak(5, (FIRST.plus(7),))
    assert streak(months(D, D, M, D, D, D, D, D, M, D)) == Streak(8, (FIRST.plus(2), FIRST.plus(8)))


def test_it_breaks_at_two_misses_in_a_row() -> None:
    assert streak(months(D, D, D, M, M, D)) == Streak(1, ())


def test_it_does_not_begin_with_a_bridge() -> None:
    assert streak(months(M, D, D)) == Streak(2, ())
    assert streak(months(M)) == streak([]) == Streak(0, ())


@given(before=histories, after=histories, uncounted=st.sampled_from([P, CARRIED, CURRENT]))
def test_it_is_neither_broken_nor_lengthened_by_a_month_that_does_not_count(
    before: list[CycleResult], after: list[CycleResult], uncounted: CycleResult
) -> None:
    without, with_it = streak(months(*before, *after)), streak(months(*before, uncounted, *after))
    assert with_it.length == without.length
    assert len(with_it.bridged) == len(without.bridged)


def test_it_counts_the_running_month_only_when_done() -> None:
    assert streak(months(D, D, CURRENT)).length == 2
    assert streak(months(D, D, D)).length == 3


def test_it_holds_the_minutes_against_the_hour() -> None:
    assert the_hour(45, 60) == Hours(spent=45, asked=60)
    assert (the_hour(45, 60).left, the_hour(45, 60).share) == (15, 0.75)
    assert (the_hour(90, 60).left, the_hour(90, 60).share) == (0, 1.0)


def test_it_holds_the_year_against_twelve_hours() -> None:
    assert the_year([60, 0, 90], 60) == Hours(spent=150, asked=720)


@given(spent=st.integers(0, 600), asked=st.integers(15, 480))
def test_it_never_asks_more_of_a_month_than_the_habit_says(spent: int, asked: int) -> None:
    assert 0 <= the_hour(spent, asked).left <= asked
    assert 0 <= the_hour(spent, asked).share <= 1
