"""The rules of money, by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.payments.rules.amounts import left_to_give_back, platform_fee, share_given_back
from coachhub.payments.rules.standing import Verdict, may_become, refund_stands_at, verdict_on
from coachhub.payments.rules.waiting import held_for_bank, wait_before_asking_again, wait_for_answer

_NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_it_takes_no_fee_of_half_a_step() -> None:
    assert platform_fee(12_340, 250, 10) == 300  # 308.5 fils: Stripe would make 310 of them


@pytest.mark.parametrize(("amount", "points", "fee"), [(9000, 250, 225), (999, 250, 24), (1, 5000, 0), (9000, 0, 0)])
def test_it_rounds_the_platforms_fee_down(amount: int, points: int, fee: int) -> None:
    assert platform_fee(amount, points) == fee


@given(st.integers(1, 10**7), st.integers(0, 100), st.sampled_from((1, 10, 100)))
def test_it_rounds_what_goes_back_in_favour_of_who_paid(steps: int, percent: int, step: int) -> None:
    amount = steps * step
    share = share_given_back(amount, percent, step)
    assert amount * percent <= share * 100 < amount * percent + 100 * step
    assert 0 <= share <= amount
    assert share % step == 0


def test_it_leaves_no_less_than_nothing() -> None:
    assert [left_to_give_back(9000, 4000), left_to_give_back(0, 500)] == [5000, 0]


@pytest.mark.parametrize(
    ("checkout", "is_paid", "payment", "verdict"),
    [
        ("open", False, None, Verdict.OPEN),
        ("open", False, "requires_payment_method", Verdict.OPEN),
        ("complete", True, "succeeded", Verdict.PAID),
        ("complete", False, "processing", Verdict.WAITING),
        ("complete", False, None, Verdict.WAITING),
        ("complete", False, "requires_payment_method", Verdict.FAILED),
        ("complete", False, "canceled", Verdict.FAILED),
        ("expired", False, None, Verdict.EXPIRED),
        ("expired", False, "succeeded", Verdict.PAID),
    ],
)
def test_it_says_what_has_become_of_a_purchase(
    checkout: str, is_paid: bool, payment: str | None, verdict: Verdict
) -> None:
    assert verdict_on(checkout, is_paid=is_paid, payment=payment) is verdict


@given(st.permutations([Verdict.OPEN, Verdict.WAITING, Verdict.FAILED, Verdict.PAID, Verdict.EXPIRED]))
def test_it_ends_paid_wherever_money_came(verdicts: list[Verdict]) -> None:
    stands = Verdict.OPEN
    for verdict in verdicts:
        stands = verdict if may_become(stands, verdict) else stands
    assert stands is Verdict.PAID


@given(st.permutations(["pending", "succeeded", "failed"]))
def test_it_moves_a_refund_on_and_never_back(told: list[str]) -> None:
    stands = "asked"
    for status in told:
        stands = refund_stands_at(stands, status)
    assert stands == "failed"


def test_it_waits_longer_after_each_failure_and_six_hours_at_most() -> None:
    waits = [wait_before_asking_again(tries, 0) for tries in range(1, 20)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=30), timedelta(hours=6))
    assert wait_before_asking_again(1, 1) == timedelta(seconds=37.5)


def test_it_asks_again_for_a_purchase_sooner_while_it_is_young() -> None:
    ages = [timedelta(minutes=5), timedelta(hours=2), timedelta(days=9)]
    assert [wait_for_answer(age) for age in ages] == [timedelta(minutes=minutes) for minutes in (1, 15, 60)]


def test_it_keeps_a_time_for_a_bank_a_week_and_never_past_its_beginning() -> None:
    assert held_for_bank(_NOON + timedelta(days=30), _NOON) == _NOON + timedelta(days=7)
    assert held_for_bank(_NOON + timedelta(days=2), _NOON) == _NOON + timedelta(days=2)
