"""The code of a coupon, typed at the pay step."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Optional

from coachhub.accounts.forms import stripped
from coachhub.booking.forms.details import PersonForm
from coachhub.payments.rules.coupon_codes import LONGEST_CODE
from coachhub.platform.lengths import AtMost
from coachhub.platform.once_field import OnceField


class PackageForm(PersonForm):
    """Who buys a package, and a code where they have one."""

    once = OnceField()
    code = StringField(_l("Code"), filters=[stripped], validators=[Optional(), AtMost(2 * LONGEST_CODE)])


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One code; whether it is good is for the rule to say."""

    code = StringField(
        _l("Code"), filters=[stripped], validators=[DataRequired(_l("Type the code.")), AtMost(2 * LONGEST_CODE)]
    )

    def refuse(self, why: str) -> None:
        """Say beside the field why the code takes nothing off."""
        self.code.errors = [why]
