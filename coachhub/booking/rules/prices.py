"""Which prices can be paid by card at all."""

_LEAST = {
    **dict.fromkeys(("USD", "EUR", "CHF", "CAD", "AUD", "NZD", "SGD", "BRL", "INR"), 50),
    **{"GBP": 30, "AED": 200, "BGN": 100, "CZK": 1500, "DKK": 250, "HKD": 400, "HUF": 17_500, "JPY": 50},
    **{"MXN": 1000, "MYR": 200, "NOK": 300, "PLN": 200, "RON": 200, "SEK": 300, "THB": 1000},
}
"""Stripe takes no less (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts), in minor units."""


def least_charged(currency: str) -> int:
    """The least that can be paid by card, in minor units; 1 where nobody says."""
    return _LEAST.get(currency, 1)


def is_too_little(price: int, currency: str) -> bool:
    """Whether it costs something, and less than can be paid by card."""
    return 0 < price < least_charged(currency)
