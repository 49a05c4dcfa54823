"""The rules of the cycle: its stage, the month a meetup counts in, what a month counts as."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.habits.rules import (
    CycleFacts,
    CycleResult,
    Month,
    Stage,
    has_moved_out,
    heat_of,
    held_in,
    is_done,
    plan_instant,
    result_of,
    stage_of,
)
from tests.properties import instants, zones

NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)

steps = st.sampled_from(
    [{"committed_at": NOON}, {"chosen_at": NOON}, {"invited_at": NOON}, {"agreed_at": NOON}, {"held": 1}]
)


@given(happened=st.lists(steps))
def test_it_never_goes_back_whatever_order_things_happen_in(happened: list[dict[str, Any]]) -> None:
    facts, stages = CycleFacts(), [Stage.NONE]
    for step in happened:
        facts = replace(facts, **step)
        stages.append(stage_of(facts))
    assert all(later.reached(earlier) for earlier, later in pairwise(stages))


@given(happened=st.lists(steps))
def test_it_is_at_the_furthest_step_reached(happened: list[dict[str, Any]]) -> None:
    facts = CycleFacts()
    for step in happened:
        facts = replace(facts, **step)
    names = ["committed_at", "chosen_at", "invited_at", "agreed_at", "held"]
    furthest = max((1 + names.index(name) for step in happened for name in step), default=0)
    assert stage_of(facts).order == furthest


def test_it_is_met_by_a_meetup_nobody_planned() -> None:
    assert stage_of(CycleFacts(held=1)) is Stage.MET


def test_it_orders_the_stages_as_the_five_steps_do() -> None:
    assert [stage.order for stage in Stage] == [0, 1, 2, 3, 4, 5]
    assert Stage.AGREED.reached(Stage.INVITED)
    assert not Stage.CHOSEN.reached(Stage.INVITED)


@given(starts_at=instants, zone=zones)
def test_it_counts_a_meetup_in_the_one_month_in_which_it_is_held(starts_at: datetime, zone: ZoneInfo) -> None:
    month = held_in(starts_at, zone)
    assert month.starts_at(zone) <= starts_at < month.ends_at(zone)


def test_it_counts_a_meetup_at_midnight_in_the_new_month() -> None:
    midnight = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert held_in(midnight, BERLIN) == DECEMBER
    assert held_in(midnight, ZoneInfo("Europe/Lisbon")) == NOVEMBER


def test_it_has_left_a_month_when_moved_over_its_end() -> None:
    starts = [datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 12, 3, 12, tzinfo=UTC)]
    assert has_moved_out(NOVEMBER, starts, BERLIN)
    assert not has_moved_out(DECEMBER, starts, BERLIN)


def test_it_has_not_left_a_month_it_was_moved_within_or_back_into() -> None:
    starts = [datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 12, 3, 12, tzinfo=UTC), NOON]
    assert not has_moved_out(NOVEMBER, starts, BERLIN)
    assert not has_moved_out(DECEMBER, starts, BERLIN)


@given(starts=st.lists(instants, min_size=1, max_size=8), zone=zones)
def test_it_may_be_moved_any_number_of_times_and_counts_once(starts: list[datetime], zone: ZoneInfo) -> None:
    stood_in = {held_in(at, zone) for at in starts}
    in_force = held_in(starts[-1], zone)
    assert {month for month in stood_in if has_moved_out(month, starts, zone)} == {
        month for month in stood_in if month < in_force
    }


@given(held=st.integers(0, 9), target=st.integers(1, 8))
def test_it_is_done_at_the_number_of_meetups_asked(held: int, target: int) -> None:
    assert is_done(held, target) == (held >= target)
    assert result_of(held_count=held, target=target, is_over=True) is (
        CycleResult.DONE if held >= target else CycleResult.MISSED
    )


@given(held=st.integers(0, 9), target=st.integers(1, 8), is_over=st.booleans(), moved_out=st.booleans())
def test_it_is_neither_done_nor_missed_when_paused(held: int, target: int, is_over: bool, moved_out: bool) -> None:
    result = result_of(held_count=held, target=target, is_over=is_over, is_paused=True, moved_out=moved_out)
    assert result is CycleResult.PAUSED


@given(held=st.integers(0, 9), target=st.integers(1, 8), is_paused=st.booleans(), moved_out=st.booleans())
def test_it_is_never_missed_before_it_is_over(held: int, target: int, is_paused: bool, moved_out: bool) -> None:
    result = result_of(held_count=held, target=target, is_over=False, is_paused=is_paused, moved_out=moved_out)
    assert result not in (CycleResult.MISSED, CycleResult.CARRIED)


def test_it_is_not_missed_when_its_meetup_moved_over_the_months_end() -> None:
    assert result_of(held_count=0, target=1, is_over=True, moved_out=True) is CycleResult.CARRIED


def test_it_is_done_by_another_meetup_though_one_moved_out() -> None:
    assert result_of(held_count=1, target=1, is_over=True, moved_out=True) is CycleResult.DONE


@pytest.mark.parametrize(
    ("result", "held", "heat"),
    [
        (CycleResult.MISSED, 0, 0),
        (CycleResult.PAUSED, 0, 0),
        (CycleResult.CURRENT, 0, 0),
        (CycleResult.MISSED, 1, 1),
        (CycleResult.CARRIED, 0, 1),
        (CycleResult.DONE, 1, 2),
        (CycleResult.DONE, 2, 3),
        (CycleResult.DONE, 7, 3),
    ],
)
def test_it_warms_the_heat_map(result: CycleResult, held: int, heat: int) -> None:
    assert heat_of(result, held) == heat


def test_it_keeps_the_hour_of_a_plan_when_the_clock_changes() -> None:
    thursday, a_winter_thursday = date(2026, 10, 22), date(2026, 10, 29)
    assert plan_instant(thursday, time(12, 30), BERLIN) == datetime(2026, 10, 22, 10, 30, tzinfo=UTC)
    assert plan_instant(a_winter_thursday, time(12, 30), BERLIN) == datetime(2026, 10, 29, 11, 30, tzinfo=UTC)


def test_it_moves_a_plan_in_a_skipped_hour_forward_and_takes_the_first_of_a_doubled_one() -> None:
    assert plan_instant(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert plan_instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
