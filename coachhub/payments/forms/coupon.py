"""The form of a coupon."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from coachhub.booking.service.offers import OfferingRow, PackageRow
from coachhub.payments.rules.coupon_codes import LONGEST_CODE, tidy_code
from coachhub.payments.service.coupon_book import CouponEntry, CouponRow
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.money_field import MoneyField

PERCENT, AMOUNT = "percent", "amount"


class CouponForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A code that takes off a percentage, or an amount in the practice's currency."""

    code = StringField(
        _l("Code"),
        validators=[DataRequired(_l("Write a code, such as SPRING-20.")), AtMost(2 * LONGEST_CODE)],
        description=_l("Letters, digits and hyphens. Capital or small is the same."),
    )
    kind = RadioField(
        _l("It takes off"), choices=lambda: [(PERCENT, _("A percentage")), (AMOUNT, _("An amount"))], default=PERCENT
    )
    percent = IntegerField(
        _l("Percent"),
        [InputRequired(_l("How many percent?")), NumberRange(1, 100, _l("Between 1 and 100 percent."))],
    )
    amount = MoneyField(_l("Amount"), [InputRequired(_l("How much does it take off?"))])
    only_for = SelectField(_l("For"), default="")
    first_day = DateField(_l("First day"), [Optional(), OfOurTime(5)])
    last_day = DateField(_l("Last day"), [Optional(), OfOurTime(5)])
    most_uses = IntegerField(
        _l("At most so many times"),
        [Optional(), NumberRange(1, 100_000, _l("Between 1 and 100,000, or nothing for no limit."))],
    )
    is_once_a_person = BooleanField(_l("Once for each person"))

    def __init__(
        self,
        currency: str,
        offerings: Sequence[OfferingRow],
        packages: Sequence[PackageRow],
        found: CouponRow | None = None,
        **more: Any,
    ) -> None:
        super().__init__(obj=found, **more)
        self.amount.currency = currency
        self.amount.label.text = _("Amount in %(currency)s", currency=currency)
        self.only_for.choices = [("", _("Everything"))]
        self.only_for.choices += [(f"offering:{each.id}", each.title) for each in offerings if each.price]
        self.only_for.choices += [(f"package:{each.id}", each.title) for each in packages]
        if found and not self.is_submitted():
            self._show(found)

    def validate_code(self, field: Field) -> None:
        code = tidy_code(field.data)
        if code is None:
            raise ValidationError(_("Write 2 to 30 letters, digits and hyphens, such as SPRING-20."))
        field.data = code

    def validate_amount(self, field: Field) -> None:
        if field.minor == 0:
            raise ValidationError(_("How much does it take off?"))

    def validate(self, *more: Any, **named: Any) -> bool:
        """Each field, but of percent and amount the one that was chosen; then the days together."""
        super().validate(*more, **named)
        unused = self.amount if self.kind.data == PERCENT else self.percent
        unused.errors = ()
        if self.first_day.data and self.last_day.data and self.last_day.data < self.first_day.data:
            self.last_day.errors = [_("The last day is before the first.")]
        return not self.errors

    def entry(self) -> CouponEntry:
        """What was written; `amount` in minor units."""
        is_percent = self.kind.data == PERCENT
        return CouponEntry(
            code=self.code.data,
            percent=self.percent.data if is_percent else None,
            amount=None if is_percent else self.amount.minor,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            most_uses=self.most_uses.data,
            is_once_a_person=self.is_once_a_person.data,
            offering_id=self._only("offering"),
            package_id=self._only("package"),
        )

    def _only(self, kind: str) -> UUID | None:
        named, _sign, found = (self.only_for.data or "").partition(":")
        return UUID(found) if named == kind else None

    def _show(self, found: CouponRow) -> None:
        self.kind.data = PERCENT if found.percent is not None else AMOUNT
        self.amount.start_with(found.amount if found.currency == self.amount.currency else None)
        named = ("offering", found.offering_id) if found.offering_id else ("package", found.package_id)
        self.only_for.data = f"{named[0]}:{named[1]}" if named[1] else ""
