"""The field in which somebody types an amount in major units, with the locale's decimal sign."""

from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import StopValidation

from coachhub.platform.money import NotAnAmount, TooFine, TooMuch, charge_step, minor_digits, read_money, typed_money

_EXAMPLE_UNITS = 120


class MoneyField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """An amount of the form's `currency`. After validation `minor` is what was typed, in minor units; None if nothing.

    A form sets `currency` (three letters, ISO 4217) before it validates.
    """

    currency = "EUR"
    minor: int | None = None

    def start_with(self, minor: int | None) -> None:
        """Show an amount as it would be typed."""
        self.data = "" if minor is None else typed_money(minor, self.currency, _reading())

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation with a sentence that says how to write it."""
        text = (self.data or "").strip()
        try:
            self.minor = read_money(text, self.currency, _reading()) if text else None
        except NotAnAmount:
            example = typed_money(_EXAMPLE_UNITS * 10 ** minor_digits(self.currency), self.currency, _reading())
            raise StopValidation(_("Write an amount such as %(example)s.", example=example)) from None
        except TooFine:
            raise StopValidation(_too_fine(self.currency)) from None
        except TooMuch:
            raise StopValidation(_("That is more than anything here may cost.")) from None
        if self.minor is not None and self.minor % charge_step(self.currency):
            raise StopValidation(_between_steps(self.minor, self.currency))


def _too_fine(currency: str) -> str:
    digits = minor_digits(currency)
    if digits == 0:
        return str(_("%(currency)s has no decimals: write a whole number.", currency=currency))
    return str(_("%(currency)s has %(n)s decimals at most.", currency=currency, n=digits))


def _between_steps(minor: int, currency: str) -> str:
    step = charge_step(currency)
    below = minor - minor % step
    typed = {name: typed_money(each, currency, _reading()) for name, each in (("one", below), ("other", below + step))}
    return str(_("Cards are charged in whole steps: write %(one)s or %(other)s.", **typed))


def _reading() -> Locale:
    return get_locale() or Locale("en")
