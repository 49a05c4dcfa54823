"""The form of who issues receipts."""

from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import DataRequired, StopValidation, ValidationError

from coachhub.accounts.forms import on_one_line
from coachhub.payments.service.sellers import SellerEntry
from coachhub.platform.lengths import AtMost
from coachhub.platform.money import NotAnAmount, TooFine, TooMuch, read_fixed

_ALL = 10_000
_DIGITS = 2


class PercentField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A percentage with at most two decimals. After validation `basis_points` is a hundred times that."""

    basis_points = 0

    def start_with(self, basis_points: int) -> None:
        """Show a rate as it would be typed; nothing for none."""
        self.data = format_decimal(basis_points / 100, format="0.##", locale=_reading()) if basis_points else ""

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation for what is no percentage up to 100."""
        text = (self.data or "").replace("%", "").strip()
        try:
            self.basis_points = read_fixed(text, _DIGITS, _reading()) if text else 0
        except (NotAnAmount, TooFine, TooMuch):
            self.basis_points = _ALL + 1
        if self.basis_points > _ALL:
            raise StopValidation(_("Write a percentage such as 20, with two decimals at most."))


class SellerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Name and address of who issues receipts, and the tax in the prices."""

    name = StringField(
        _l("Issued by"),
        filters=[on_one_line],
        validators=[DataRequired(_l("Write the name that receipts are issued in.")), AtMost(160)],
    )
    address = TextAreaField(_l("Address"), [AtMost(500)])
    tax_number = StringField(_l("Tax number"), filters=[on_one_line], validators=[AtMost(60)])
    tax_name = StringField(_l("Tax, such as VAT"), filters=[on_one_line], validators=[AtMost(40)])
    tax_rate = PercentField(_l("Rate in percent"))
    footer = TextAreaField(_l("Last line"), [AtMost(500)])

    def start_with(self, found: SellerEntry) -> None:
        """Show what is kept."""
        self.tax_rate.start_with(found.tax_basis_points)

    def validate_tax_name(self, field: Field) -> None:
        if not field.data and (self.tax_rate.data or "").strip(" 0.,%"):
            raise ValidationError(_("What is the tax called? For example VAT."))

    def entry(self) -> SellerEntry:
        """What was written, tidied."""
        return SellerEntry(
            name=self.name.data,
            address=_lines(self.address.data),
            tax_number=self.tax_number.data or "",
            tax_name=self.tax_name.data or "",
            tax_basis_points=self.tax_rate.basis_points,
            footer=_lines(self.footer.data),
        )


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _reading() -> Locale:
    return get_locale() or Locale("en")
