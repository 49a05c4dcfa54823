"""What Stripe takes as an amount: its currencies' digits, the least and the most, in its own unit."""

import re

from tests.servers.stripe.errors import a_refusal

ZERO_DECIMAL = frozenset(re.findall(r"\w+", "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"))
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
NO_FRACTION = frozenset({"isk", "ugx"})
"""Written with two digits, which must be 00."""
_LEAST = {
    "usd": 50,
    "aed": 200,
    "aud": 50,
    "bgn": 100,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "inr": 50,
    "jpy": 50,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "thb": 1000,
}
_MOST = 99_999_999
_KNOWN = frozenset(
    re.findall(
        r"\w+",
        "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd "
        "cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd "
        "hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad "
        "mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln "
        "pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs "
        "uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw",
    )
)


def written(amount: int, currency: str) -> str:
    """An amount as Stripe's messages write it."""
    if currency in ZERO_DECIMAL:
        return f"{amount} {currency}"
    if currency in THREE_DECIMAL:
        return f"{amount / 1000:.3f} {currency}"
    return f"${amount / 100:,.2f}" if currency == "usd" else f"{amount / 100:,.2f} {currency}"


def check_currency(currency: str, param: str) -> None:
    """Refuse what Stripe has no such currency for."""
    if currency not in _KNOWN:
        said = f"Invalid currency: {currency}. Stripe currently supports these currencies: {', '.join(sorted(_KNOWN))}"
        raise a_refusal(said, param)


def check_digits(amount: int, currency: str, param: str) -> None:
    """Refuse an amount that has more digits than can be charged."""
    if currency in THREE_DECIMAL and amount % 10:
        said = f"Invalid amount: amounts in {currency} must be rounded to the nearest ten: the last digit must be 0."
        raise a_refusal(said, param, "parameter_invalid_integer")
    if currency in NO_FRACTION and amount % 100:
        said = f"Invalid amount: {currency} cannot be charged in fractions: the last two digits must be 00."
        raise a_refusal(said, param, "parameter_invalid_integer")


def check_total(total: int, currency: str) -> None:
    """Refuse what is too little or too much to be charged at once."""
    least = _LEAST.get(currency, 1)
    if total < least:
        said = f"The Checkout Session's total amount due must add up to at least {written(least, currency)}"
        raise a_refusal(said, "line_items", "amount_too_small")
    if total > _MOST:
        said = f"The Checkout Session's total amount due must be no more than {written(_MOST, currency)}"
        raise a_refusal(said, "line_items", "amount_too_large")
