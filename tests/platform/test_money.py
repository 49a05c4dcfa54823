"""Amounts as people write and read them."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from coachhub.platform.money import (
    MOST,
    NotAnAmount,
    TooFine,
    TooMuch,
    minor_digits,
    read_fixed,
    read_money,
    typed_money,
    written_money,
)

LOCALES = (
    "en",
    "en_GB",
    "en_DE",
    "en_IN",
    "en_CH",
    "de",
    "de_CH",
    "fr",
    "es",
    "pl",
    "sv",
    "pt_PT",
    "ja",
    "ar_EG",
    "fa",
)
CURRENCIES = ("EUR", "GBP", "CHF", "JPY", "KRW", "KWD", "IQD", "HUF", "ISK", "UGX", "ALL", "CLF", "INR")


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("JPY", 0), ("KWD", 3), ("HUF", 2), ("IQD", 3), ("ALL", 2), ("UGX", 0), ("CLF", 4), ("EUR", 2), ("ISK", 0)],
)
def test_it_counts_minor_units_by_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("1.234,50", "EUR", "de", 123450),
        ("1.234", "EUR", "de", 123400),
        ("1.234,50 €", "EUR", "en_DE", 123450),
        ("£90", "GBP", "en_GB", 9000),
        ("90 gbp", "GBP", "en_GB", 9000),
        ("1'234.50", "CHF", "de_CH", 123450),
        ("1 234,50", "EUR", "fr", 123450),
        ("1 000", "EUR", "en", 100000),
        ("١٢٣٫٥٠", "EUR", "ar_EG", 12350),
        ("12000", "JPY", "ja", 12000),
        ("100.00", "JPY", "en", 100),
        ("1.234", "KWD", "en", 1234),
        ("12.5", "KWD", "en", 12500),
        ("0", "EUR", "en", 0),
    ],
)
def test_it_reads_amounts_as_they_are_typed(text: str, currency: str, locale: str, minor: int) -> None:
    assert read_money(text, currency, Locale.parse(locale)) == minor


@pytest.mark.parametrize(
    "text", ["", " ", "a lot", "-5", "1,50", "1e5", "nan", "1_000", "1.2.3", "12 34", "9" * 40, "£", "5 USD"]
)
def test_it_takes_nothing_for_an_amount_that_could_mean_another(text: str) -> None:
    with pytest.raises(NotAnAmount):
        read_money(text, "GBP", Locale.parse("en_GB"))


def test_it_takes_no_point_for_a_comma() -> None:
    with pytest.raises(NotAnAmount):
        read_money("1.50", "EUR", Locale.parse("de"))


@pytest.mark.parametrize(("text", "currency"), [("10.505", "EUR"), ("100.5", "JPY"), ("1.2345", "KWD")])
def test_it_refuses_coins_that_the_currency_has_not(text: str, currency: str) -> None:
    with pytest.raises(TooFine):
        read_money(text, currency, Locale.parse("en"))


def test_it_refuses_more_than_a_table_holds() -> None:
    with pytest.raises(TooMuch):
        read_money("21474836.48", "EUR", Locale.parse("en"))
    assert read_money("21474836.47", "EUR", Locale.parse("en")) == MOST


def test_it_reads_percents_with_the_locales_sign() -> None:
    assert read_fixed("7,7", 2, Locale.parse("de")) == 770


def test_it_writes_every_decimal_that_the_currency_has() -> None:
    english = Locale.parse("en_GB")
    assert written_money(1050, "GBP", english) == "£10.50"
    assert written_money(1050, "JPY", english) == "JP¥1,050"
    assert written_money(1050, "KWD", english).replace("\xa0", " ") == "KWD1.050"
    assert written_money(1050, "ALL", english).replace("\xa0", " ") == "ALL10.50"


@given(st.integers(0, MOST), st.sampled_from(CURRENCIES), st.sampled_from(LOCALES))
def test_it_reads_back_what_it_writes(minor: int, currency: str, tag: str) -> None:
    locale = Locale.parse(tag)
    assert read_money(typed_money(minor, currency, locale), currency, locale) == minor
    assert read_money(written_money(minor, currency, locale), currency, locale) == minor


@given(st.text(max_size=20))
def test_it_reads_any_text_or_refuses_it(text: str) -> None:
    for tag in LOCALES:
        try:
            assert 0 <= read_money(text, "EUR", Locale.parse(tag)) <= MOST
        except (NotAnAmount, TooFine, TooMuch):
            continue
