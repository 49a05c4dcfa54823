"""Amounts as Stripe counts them, against its own table of currencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.payments.rules.currencies import chargeable, from_stripe, step_of, to_stripe
from coachhub.platform.money import charge_step

CURRENCIES = ("USD", "JPY", "KRW", "KWD", "BHD", "ISK", "UGX", "HUF", "TWD", "MGA", "CLP", "XPF", "EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "stripes"),
    [
        (9900, "USD", 9900),
        (9900, "JPY", 9900),  # 9,900 yen: no decimals in either
        (5, "UGX", 500),  # Stripe's own example: "to charge 5 UGX, provide an amount value of 500"
        (5, "ISK", 500),
        (1050, "HUF", 1050),  # 10.50 forint may be charged; only payouts are whole
        (1050, "TWD", 1050),
        (5000, "MGA", 50),  # ISO 4217 has hundredths of the ariary, Stripe has none
        (5124, "KWD", 5120),  # Stripe's own example: 5.124 dinars is 5120 or 5130
        (5125, "KWD", 5130),
    ],
)
def test_it_counts_as_stripe_does(amount: int, currency: str, stripes: int) -> None:
    assert to_stripe(amount, currency) == stripes
    assert to_stripe(amount, currency.lower()) == stripes


@pytest.mark.parametrize("currency", CURRENCIES)
def test_it_takes_no_typed_amount_that_stripe_could_not_charge(currency: str) -> None:
    assert charge_step(currency) == step_of(currency)
    assert chargeable(charge_step(currency), currency) == charge_step(currency)


@given(st.integers(0, 10**8), st.sampled_from(CURRENCIES))
def test_it_comes_back_from_stripe_as_what_could_be_charged(amount: int, currency: str) -> None:
    assert from_stripe(to_stripe(amount, currency), currency) == chargeable(amount, currency)
    assert chargeable(chargeable(amount, currency), currency) == chargeable(amount, currency)
