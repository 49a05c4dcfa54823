"""The rule of an offering, enforced: until when it is moved and cancelled, and what goes back."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coachhub.booking.models import Side
from coachhub.booking.rules.cancellation import free_until, may_cancel, may_move, refund_percent_for

BEGINS = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Booked:
    status: str = "confirmed"
    starts_at: datetime = BEGINS
    free_until_minutes: int = 1440
    late_percent: int = 30
    move_until_minutes: int = 120


@pytest.mark.parametrize(
    ("before", "percent"),
    [(timedelta(days=3), 100), (timedelta(days=1), 100), (timedelta(days=1) - A_MINUTE, 30), (A_MINUTE, 30)],
)
def test_it_gives_a_client_all_back_in_time_and_the_late_share_afterwards(before: timedelta, percent: int) -> None:
    assert refund_percent_for(Booked(), BEGINS - before, Side.CLIENT) == percent


def test_it_gives_a_client_nothing_back_once_it_has_begun() -> None:
    assert refund_percent_for(Booked(), BEGINS, Side.CLIENT) == 0


@pytest.mark.parametrize("by", [Side.COACH, Side.SYSTEM])
def test_it_gives_all_back_when_the_client_is_not_the_one_who_calls_it_off(by: Side) -> None:
    assert refund_percent_for(Booked(), BEGINS + A_MINUTE, by) == 100


def test_it_counts_minutes_that_pass_when_clocks_change() -> None:
    london = replace(Booked(), starts_at=datetime(2026, 3, 29, 9, 0, tzinfo=ZoneInfo("Europe/London")))
    assert free_until(london) == datetime(2026, 3, 28, 8, 0, tzinfo=UTC)


def test_it_lets_a_client_call_off_until_it_begins() -> None:
    assert may_cancel(Booked(), BEGINS - A_MINUTE)
    assert not may_cancel(Booked(), BEGINS)
    assert not may_cancel(replace(Booked(), status="held"), BEGINS - A_MINUTE)


def test_it_lets_a_client_move_until_the_rule_says() -> None:
    last = BEGINS - timedelta(minutes=120)
    assert may_move(Booked(), last)
    assert not may_move(Booked(), last + A_MINUTE)
    assert not may_move(replace(Booked(), move_until_minutes=0), BEGINS)
    assert not may_move(replace(Booked(), status="completed"), last)
