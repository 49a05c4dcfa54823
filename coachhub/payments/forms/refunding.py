"""Giving money back from the screen."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, StringField
from wtforms.validators import DataRequired, ValidationError

from coachhub.accounts.forms import on_one_line
from coachhub.platform.language import money_words
from coachhub.platform.lengths import AtMost
from coachhub.platform.money_field import MoneyField
from coachhub.platform.once_field import OnceField


class RefundForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """How much, and why; `left` is the most there is, in the minor unit of `currency`.

    `unused`: how many sessions of a package are left, which go back with the money unless the coach says otherwise.
    """

    amount = MoneyField(_l("How much"), validators=[DataRequired(_l("Say how much is to be given back."))])
    once = OnceField()
    note = StringField(_l("Why, for your own records"), filters=[on_one_line], validators=[AtMost(200)])

    takes_back = BooleanField(_l("Take back the sessions that are not used"), default=True)

    def __init__(self, currency: str, left: int, unused: int = 0) -> None:
        super().__init__()
        if not unused:
            del self.takes_back
        self.left, self.amount.currency = left, currency
        if not self.is_submitted():
            self.amount.start_with(left)

    @property
    def takes_sessions(self) -> bool:
        """Whether the unused sessions go back, too."""
        return "takes_back" in self and bool(self.takes_back.data)

    def validate_amount(self, field: Field) -> None:
        """More than nothing, and no more than is left."""
        if not field.minor:
            raise ValidationError(_("Say how much is to be given back."))
        if field.minor > self.left:
            most = money_words(self.left, field.currency)
            raise ValidationError(_("That is more than is left of this payment: %(most)s.", most=most))
