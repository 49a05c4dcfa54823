"""Amounts as Stripe counts them. Ours are in the minor unit of ISO 4217, and Stripe differs for some currencies.

https://docs.stripe.com/currencies: the Malagasy ariary has no decimals there, the Icelandic króna and the Ugandan
shilling are written with two that must be 00, and currencies of three decimals end with a 0. The forint and the Taiwan
dollar have two decimals when they are charged, as in ISO 4217, and none only in payouts.
"""

_WITH_THREE_DECIMALS = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
_WRITTEN_WITH_TWO = frozenset(("ISK", "UGX"))
_WITHOUT_THERE_ONLY = frozenset(("MGA",))
_HUNDRED, _TEN = 100, 10


def step_of(currency: str) -> int:
    """The step in which Stripe charges and pays back, in minor units: ten fils of a dinar, whole ariary, else 1."""
    code = currency.upper()
    if code in _WITH_THREE_DECIMALS:
        return _TEN
    return _HUNDRED if code in _WITHOUT_THERE_ONLY else 1


def chargeable(amount: int, currency: str) -> int:
    """The nearest amount that Stripe can charge, half a step up."""
    step = step_of(currency)
    return (amount + step // 2) // step * step


def to_stripe(amount: int, currency: str) -> int:
    """Our amount in Stripe's unit; what cannot be charged exactly is rounded as `chargeable` says."""
    code, exact = currency.upper(), chargeable(amount, currency)
    if code in _WRITTEN_WITH_TWO:
        return exact * _HUNDRED
    return exact // _HUNDRED if code in _WITHOUT_THERE_ONLY else exact


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's amount in our unit."""
    code = currency.upper()
    if code in _WRITTEN_WITH_TWO:
        return amount // _HUNDRED
    return amount * _HUNDRED if code in _WITHOUT_THERE_ONLY else amount
