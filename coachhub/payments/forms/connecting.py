"""Connecting with Stripe: where the business is."""

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import DataRequired

from coachhub.payments.rules.countries import COUNTRIES, guessed_country


class ConnectForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The country decides what Stripe asks for, and cannot be changed there afterwards."""

    country = SelectField(
        _l("Where is your business?"), validators=[DataRequired(_l("Choose the country of your business."))]
    )

    def __init__(self, locale: str, country: str = "") -> None:
        super().__init__(data={"country": country or guessed_country(locale)})
        names = (get_locale() or Locale("en")).territories
        named = sorted((str(names[code]), code) for code in COUNTRIES)
        self.country.choices = [("", ""), *((code, name) for name, code in named)]
