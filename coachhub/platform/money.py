"""Amounts as people write them: an integer in the currency's minor unit, and the words and digits around it.

The digits of a minor unit are those of ISO 4217, which is what banks and payment providers count by. The locale's own
table follows what shops show: no digits for the Albanian lek or the Iraqi dinar, which would be wrong by 100 or 1,000.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    NumberFormatError,
    NumberPattern,
    format_decimal,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    parse_decimal,
    parse_pattern,
)

MOST = 2**31 - 1
"""The largest amount that a table holds, in minor units."""

_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXCEPTIONS = {currency: digits for digits, currencies in _DIGITS.items() for currency in currencies.split()}
_STEPS = {10: "BHD JOD KWD OMR TND", 100: "MGA"}
_COARSE = {currency: step for step, currencies in _STEPS.items() for currency in currencies.split()}
_LONGEST = 30
_APOSTROPHES = "'’"
_MARKS = {"٫": get_decimal_symbol, "٬": get_group_symbol}


class NotAnAmount(ValueError):
    """This cannot be read as an amount."""


class TooFine(ValueError):
    """The currency has no such small coin."""


class TooMuch(ValueError):
    """More than any price may be."""


def minor_digits(currency: str) -> int:
    """How many decimals an amount of this currency has (ISO 4217): 0 for JPY, 3 for KWD, 2 for most."""
    return _EXCEPTIONS.get(currency, 2)


def charge_step(currency: str) -> int:
    """The step in which cards are charged and paid back, in minor units: ten fils of a dinar, whole ariary, else 1."""
    return _COARSE.get(currency, 1)


def major_units(minor: int, currency: str) -> Decimal:
    """The amount in whole units of the currency: 1050 is 10.50 in GBP, 1050 in JPY, 1.050 in KWD."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def written_money(minor: int, currency: str, locale: Locale) -> str:
    """An amount with its currency, as readers of the locale write money: `£10.50`."""
    pattern = _pattern(str(locale), minor_digits(currency))
    return str(pattern.apply(major_units(minor, currency), locale, currency=currency, currency_digits=False))


def typed_money(minor: int, currency: str, locale: Locale) -> str:
    """An amount as somebody types it into a field: with the locale's decimal sign, without currency or groups."""
    digits = minor_digits(currency)
    pattern = f"0.{'0' * digits}" if digits else "0"
    return str(format_decimal(major_units(minor, currency), format=pattern, locale=locale))


def read_money(text: str, currency: str, locale: Locale) -> int:
    """What somebody typed, in minor units; the currency may stand beside it.

    Raises NotAnAmount, TooFine (`10.505` euros, `10.5` yen), TooMuch.
    """
    bare = text.replace(currency, "").replace(currency.lower(), "")
    bare = bare.replace(get_currency_symbol(currency, locale=locale), "")
    return read_fixed(bare, minor_digits(currency), locale)


def read_fixed(text: str, digits: int, locale: Locale) -> int:
    """A number typed with the locale's signs, in units of its last digit: `7.5` of two digits is 750.

    Groups are taken only where the locale has them: `1,50` in English is no amount, not a hundred and fifty. Raises
    NotAnAmount, TooFine, TooMuch.
    """
    number = _number(text, locale)
    exact = number.scaleb(digits)
    if exact != exact.to_integral_value():
        raise TooFine(text)
    if exact > MOST:
        raise TooMuch(text)
    return int(exact)


def _number(text: str, locale: Locale) -> Decimal:
    tidy, group = _in_own_signs(text, locale), get_group_symbol(locale)
    allowed = f"0123456789{group}{get_decimal_symbol(locale)}"
    if not tidy or len(tidy) > _LONGEST or tidy.strip(allowed):
        raise NotAnAmount(text)
    try:
        return parse_decimal(tidy, locale=locale, strict=True)
    except NumberFormatError:
        raise NotAnAmount(text) from None


def _in_own_signs(text: str, locale: Locale) -> str:
    """With the locale's own signs and plain digits: any keyboard's digits, apostrophes and spaces are understood."""
    group = get_group_symbol(locale)
    signs: dict[str, str | int | None] = {mark: symbol(locale) for mark, symbol in _MARKS.items()}
    if group in _APOSTROPHES:
        signs |= dict.fromkeys(_APOSTROPHES, group)
    seen = (_digit(letter) for letter in text.translate(str.maketrans(signs)) if unicodedata.category(letter) != "Cf")
    return re.sub(r"(?<=\d)\s(?=\d{3}(?!\d))", group, "".join(seen).strip())


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


@lru_cache(maxsize=256)
def _pattern(locale: str, digits: int) -> NumberPattern:
    """The locale's pattern for money, with so many decimals."""
    made = parse_pattern(Locale.parse(locale).currency_formats["standard"].pattern)
    made.frac_prec = (digits, digits)
    return made
